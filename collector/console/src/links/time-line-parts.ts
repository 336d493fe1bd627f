/** The intervals of a line as parts of a picture of a time, 1000 units wide. */

import type { IntervalView } from '../../../src/http/link-schemas.ts';
import type { LinkState } from './link-states.tsx';

export const timeLineWidth = 1_000;
/** What is shorter would not be seen, and a short outage is what one looks for. */
const minWidth = 2;

export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

export interface TimeLinePart extends TimeSpan {
  readonly state: LinkState;
  readonly cause: string;
  readonly x: number;
  readonly width: number;
}

/** In the order in which they are drawn: what is worse lies over what is better. */
const layers: readonly LinkState[] = ['up', 'unknown', 'degraded', 'down'];

export function timeLineParts(intervals: readonly IntervalView[], span: TimeSpan): TimeLinePart[] {
  const scale = timeLineWidth / (span.to - span.from);
  const parts = intervals.flatMap((interval): TimeLinePart[] => {
    const { from, to } = clip(interval, span);
    if (to <= from) return [];
    const width = Math.min(Math.max((to - from) * scale, minWidth), timeLineWidth);
    const x = Math.min((from - span.from) * scale, timeLineWidth - width);
    return [{ state: interval.state, cause: interval.cause, from, to, x, width }];
  });
  return parts.sort((a, b) => layers.indexOf(a.state) - layers.indexOf(b.state));
}

function clip({ from, to }: IntervalView, span: TimeSpan): TimeSpan {
  const end = to === undefined ? span.to : Date.parse(to);
  return { from: Math.max(Date.parse(from), span.from), to: Math.min(end, span.to) };
}

/** Round times within the span, some five of them, for its axis: whole days by this browser's clock, or whole hours. */
export function axisTimes({ from, to }: TimeSpan): number[] {
  const hours = [1, 3, 6, 24, 48, 120, 168].find((each) => (to - from) / (each * 3_600_000) <= 7) ?? 168;
  const midnight = new Date(from).setHours(0, 0, 0, 0);
  const count = Math.ceil((to - midnight) / (hours * 3_600_000));
  const times = Array.from({ length: count + 1 }, (_, index) => {
    const date = new Date(midnight);
    // By the calendar, so that a change to summer time moves no midnight.
    return date.setHours(index * hours);
  });
  // At the very edges there is no room for the words.
  const margin = (to - from) / 40;
  return times.filter((time) => time >= from + margin && time <= to - margin);
}
