import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type ChartStyle, chartOptions } from './chart-options.ts';
import type { Span } from './gaps.ts';
import type { Column } from './samples.ts';

const height = 168;

export interface PlotData {
  /** Seconds. */
  readonly times: readonly number[];
  readonly columns: readonly Column[];
  readonly gapBands: readonly Span[];
}

function align({ times, columns }: PlotData): uPlot.AlignedData {
  return [times, ...columns] as unknown as uPlot.AlignedData;
}

/** Whether the system asks for dark colours; a canvas has to be drawn anew when that changes. */
function useDarkScheme(): boolean {
  const [query] = useState(() => matchMedia('(prefers-color-scheme: dark)'));
  const [dark, setDark] = useState(query.matches);
  useEffect(() => {
    const update = () => setDark(query.matches);
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }, [query]);
  return dark;
}

/** A canvas with curves over time, as wide as its place. */
export function Plot(props: { readonly style: ChartStyle; readonly data: PlotData; readonly label: string }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const dark = useDarkScheme();
  const { style, data } = props;
  const latest = useRef({ style, data });
  latest.current = { style, data };

  // New data goes to the plot that is there; only these need a new one.
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const size = { width: element.clientWidth, height };
    const options = chartOptions(latest.current.style, { size, gapBands: () => latest.current.data.gapBands });
    const created = new uPlot(options, align(latest.current.data), element);
    plot.current = created;
    const observer = new ResizeObserver(() => created.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      created.destroy();
    };
  }, [dark, style.format, style.seriesCount, style.stacked]);

  useEffect(() => plot.current?.setData(align(data)), [data]);

  return <div ref={place} class="plot" role="img" aria-label={props.label} />;
}
