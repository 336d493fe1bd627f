import type { PlainTextKey } from '../text/dictionary.ts';

const minute = 60_000;
const hour = 60 * minute;

/** How far back the charts go, in how wide windows, and how often they are fetched anew. */
export interface TimeRange {
  readonly name: string;
  readonly text: PlainTextKey;
  readonly lengthMs: number;
  readonly stepMs: number;
  readonly refreshMs: number;
  /** Windows as wide as the pause between two measurements, so that each point has its own and can be drawn as it comes. */
  readonly live: boolean;
}

/** Up to 360 windows each: as many as a chart has room for. */
export const timeRanges = [
  { name: '15m', text: 'range15m', lengthMs: 15 * minute, stepMs: 10_000, refreshMs: minute, live: true },
  { name: '1h', text: 'range1h', lengthMs: hour, stepMs: 10_000, refreshMs: minute, live: true },
  { name: '6h', text: 'range6h', lengthMs: 6 * hour, stepMs: minute, refreshMs: minute, live: false },
  { name: '24h', text: 'range24h', lengthMs: 24 * hour, stepMs: 5 * minute, refreshMs: 5 * minute, live: false },
  { name: '7d', text: 'range7d', lengthMs: 168 * hour, stepMs: 30 * minute, refreshMs: 10 * minute, live: false },
] as const satisfies readonly TimeRange[];

/** The range of that name; without one the last hour, which is nearly empty for a machine that was enrolled just now. */
export function findTimeRange(name: string | null, enrolledForMs: number): TimeRange {
  const [quarter, anHour] = timeRanges;
  return timeRanges.find((range) => range.name === name) ?? (enrolledForMs < quarter.lengthMs ? quarter : anHour);
}
