/** How uPlot is told to draw in the console's manner. */
import type uPlot from 'uplot';
import type { Format } from '../text/format.ts';
import { drawGapBands } from './gap-bands.ts';
import type { Span } from './gaps.ts';

export interface ChartStyle {
  readonly stacked: boolean;
  readonly max: number | undefined;
  readonly maxAtLeast: number;
  readonly seriesCount: number;
  readonly write: (value: number) => string;
  readonly format: Format;
  /** Called with the index under the pointer, or undefined when it is elsewhere. */
  readonly onCursor: (index: number | undefined) => void;
}

const axisFont = '11px system-ui, sans-serif';
const daySeconds = 86_400;
/** Opacity of a filled area, as the last two digits of its colour. */
const stackedAlpha = '99';
const loneAlpha = '24';

/** Colours live in the style sheet, where light and dark are told apart. */
function cssColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function seriesColorName(index: number): string {
  return `--series-${index + 1}`;
}

/** Midnight is written as its day, so that a range of days can be read. */
function writeTimes(format: Format) {
  return (_: uPlot, times: number[], __: number, ___: number, increment: number): string[] =>
    times.map((seconds) => {
      const date = new Date(seconds * 1_000);
      const isMidnight = date.getHours() === 0 && date.getMinutes() === 0;
      return increment >= daySeconds || isMidnight ? format.day(date.getTime()) : format.time(date.getTime());
    });
}

/** A scale that begins at nought: a small change must not look like a large one. */
function yRange({ max, maxAtLeast }: ChartStyle): uPlot.Range.Function {
  return (_, __, dataMax) => [0, max ?? Math.max(dataMax * 1.1, maxAtLeast)];
}

/** A value between two gaps is no line; it is drawn as a point, or nobody would see it. */
function loneValues(plot: uPlot, seriesIndex: number): number[] {
  const values = plot.data[seriesIndex] ?? [];
  // Undefined is where the line goes on; it never stands at an end.
  const isEnd = (index: number) => index < 0 || index >= values.length || values[index] === null;
  return [...values.keys()].filter((index) => values[index] != null && isEnd(index - 1) && isEnd(index + 1));
}

function seriesOptions(style: ChartStyle): uPlot.Series[] {
  return Array.from({ length: style.seriesCount }, (_, index) => {
    const color = cssColor(seriesColorName(index));
    return {
      stroke: color,
      width: style.stacked ? 1 : 1.5,
      points: { show: true, size: 4, fill: color, filter: loneValues },
      // Stacked areas are filled by bands, each down to the one below it. Lines that cross stay lines.
      ...(index === 0 && { fill: color + (style.stacked ? stackedAlpha : loneAlpha) }),
    };
  });
}

function bandOptions(style: ChartStyle): uPlot.Band[] {
  if (!style.stacked) return [];
  return Array.from({ length: style.seriesCount - 1 }, (_, index) => ({
    series: [index + 2, index + 1],
    fill: cssColor(seriesColorName(index + 1)) + stackedAlpha,
  }));
}

interface Place {
  readonly size: { readonly width: number; readonly height: number };
  /** The times of which data was lost, as they are when the chart is drawn. */
  readonly gapBands: () => readonly Span[];
}

export function chartOptions(style: ChartStyle, { size, gapBands }: Place): uPlot.Options {
  const gapColor = cssColor('--unknown');
  const axis = {
    stroke: cssColor('--text-muted'),
    font: axisFont,
    grid: { stroke: cssColor('--chart-grid'), width: 1 },
    ticks: { show: false },
  };
  return {
    ...size,
    padding: [8, 4, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, sync: { key: 'machine' } },
    scales: { y: { range: yRange(style) } },
    axes: [
      { ...axis, size: 24, gap: 4, space: 56, values: writeTimes(style.format) },
      { ...axis, size: 62, gap: 4, space: 32, values: (_, values) => values.map(style.write) },
    ],
    series: [{}, ...seriesOptions(style)],
    bands: bandOptions(style),
    hooks: {
      drawClear: [(plot) => drawGapBands(plot, gapBands(), gapColor)],
      setCursor: [(plot) => style.onCursor(plot.cursor.idx ?? undefined)],
    },
  };
}
