/**
 * When units change. A day is one in Vietnam, whatever zone the server is set to: that a merger holds from 1 July must
 * not depend on it. Vietnam has had UTC+7 without summer time since 1975.
 */
import * as z from 'zod';

const offsetMs = 7 * 3_600_000;
const dayMs = 86_400_000;
const earliest = '1945-01-01';

/** `2025-07-01`. */
export const UnitDay = z.iso
  .date('is a day written as 2025-07-01')
  .refine((day) => day >= earliest, `is a day after ${earliest}`);

/** The first moment of the day. */
export function startOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) - offsetMs;
}

/** The last moment of the day: what the tree was "on" a day is what it was when the day ended. */
export function endOf(day: string): number {
  return startOf(day) + dayMs - 1;
}

/** The day that `time` belongs to. */
export function dayOf(time: number): string {
  return new Date(time + offsetMs).toISOString().slice(0, 10);
}

/** The day, with the time of day unless it is the day's beginning. */
export function formatUnitTime(time: number): string {
  const local = new Date(time + offsetMs).toISOString();
  return local.slice(11, 23) === '00:00:00.000' ? local.slice(0, 10) : `${local.slice(0, 10)} ${local.slice(11, 16)}`;
}
