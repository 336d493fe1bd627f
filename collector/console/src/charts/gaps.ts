/** Data that an agent had to give up: from its `spool_gap` points to what a chart shades and says. */
import type { SeriesAnswer } from '../../../src/http/schemas.ts';
import type { Translate } from '../text/dictionary.ts';
import type { Format } from '../text/format.ts';
import { type GapReason, gapReasonTexts } from './gap-texts.ts';

/** Milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Gap extends Span {
  readonly reason: GapReason;
  readonly lane: 'events' | 'metrics';
  /** Undefined when they could not be counted. */
  readonly points: number | undefined;
}

/** No date is later. */
const lastTime = 8.64e15;

interface Answers {
  /** `lost_points`. */
  readonly lost: SeriesAnswer;
  /** `from_seconds`. */
  readonly begins: SeriesAnswer;
  /** `to_seconds`. */
  readonly ends: SeriesAnswer;
}

/** Puts the fields, which the API tells one by one, together again. What is not a whole gap is none. */
export function toGaps(answers: Answers): Gap[] {
  const begins = byPoint(answers.begins);
  const ends = byPoint(answers.ends);
  return [...byPoint(answers.lost)].flatMap(([key, { tags, value }]): Gap[] => {
    const [from, to] = [begins.get(key), ends.get(key)];
    if (!from || !to || from.value > to.value) return [];
    const lane = tags.lane === 'events' ? 'events' : 'metrics';
    const points = value < 0 ? undefined : value;
    return [{ reason: toReason(tags.reason), lane, points, from: toTime(from.value), to: toTime(to.value) }];
  });
}

/** A machine may give any text: what is not known is one reason, so that there are never many lines. */
function toReason(text = ''): GapReason {
  return Object.hasOwn(gapReasonTexts, text) ? (text as GapReason) : 'other';
}

/** … and any number: one that no date has could not be written. */
function toTime(seconds: number): number {
  return Math.min(Math.max(seconds * 1_000, 0), lastTime);
}

function byPoint({ series }: SeriesAnswer): Map<string, { tags: Readonly<Record<string, string>>; value: number }> {
  const entries = series.flatMap(({ tags, points }) =>
    points.flatMap(([time, value]) =>
      typeof value === 'number' ? [[`${tags.reason} ${tags.lane} ${time}`, { tags, value }] as const] : [],
    ),
  );
  return new Map(entries);
}

/** Those that reach into a span, however little. */
export function gapsWithin(gaps: readonly Gap[], { from, to }: Span): Gap[] {
  return gaps.filter((gap) => gap.to >= from && gap.from <= to);
}

/**
 * What is shaded: the gaps cut to the span. Those that overlap, or are nearer to each other than a window is wide,
 * become one: however many there are, a chart has no more bands than windows.
 */
export function gapBands(gaps: readonly Gap[], span: Span & { readonly stepMs: number }): Span[] {
  const bands: { from: number; to: number }[] = [];
  for (const gap of gapsWithin(gaps, span).toSorted((a, b) => a.from - b.from)) {
    const [from, to] = [Math.max(gap.from, span.from), Math.min(gap.to, span.to)];
    const last = bands.at(-1);
    if (last && from < last.to + span.stepMs) last.to = Math.max(last.to, to);
    else bands.push({ from, to });
  }
  return bands;
}

/** One for each reason and lane: the sum, over the time from the first to the last. */
export function sumGaps(gaps: readonly Gap[]): Gap[] {
  const sums = new Map<string, Gap>();
  for (const gap of gaps) {
    const key = `${gap.reason} ${gap.lane}`;
    const before = sums.get(key);
    sums.set(key, before ? addGaps(before, gap) : gap);
  }
  return [...sums.values()];
}

function addGaps(a: Gap, b: Gap): Gap {
  // What could not be counted stays so, whatever is added.
  const points = a.points === undefined || b.points === undefined ? undefined : a.points + b.points;
  return { ...a, points, from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) };
}

/** "Mất 120 điểm đo vì hàng đợi đầy". */
export function gapWords(gap: Gap, { t, format }: { readonly t: Translate; readonly format: Format }): string {
  const reason = t(gapReasonTexts[gap.reason]);
  const what = t(gap.lane === 'events' ? 'gapEvents' : 'gapReadings');
  if (gap.points === undefined) return t('gapUncounted', { what, reason });
  const count = format.number(gap.points);
  return t(gap.reason === 'thinned' ? 'gapThinned' : 'gapCounted', { count, what, reason });
}
