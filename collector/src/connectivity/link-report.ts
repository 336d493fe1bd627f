/** A month of the units' lines: how long each was up, how well, and every interval as evidence towards the carrier. */
import * as z from 'zod';
import { dayOf, startOf } from '../registry/unit-times.ts';
import { quantileMs, sumOfHistograms } from './latency-histogram.ts';
import type { LinkDay, LinkDays } from './link-days.ts';
import type { LinkState } from './link-judgement.ts';
import type { LinkInterval, LinkKey, LinkLedger } from './link-ledger.ts';

const dayMs = 86_400_000;
/** Three changes an hour of a thousand lines for a month are more than a person can read. */
export const maxReportIntervals = 100_000;

/** `2026-11`. */
export const ReportMonth = z.string().regex(/^(19[5-9]\d|2\d{3})-(0[1-9]|1[0-2])$/, 'is a month written as 2026-11');

export interface LinkTotals {
  readonly seconds: Readonly<Record<LinkState, number>>;
  /** Of the time in which anything was known, the part in which the line carried traffic; undefined when there was none. */
  readonly availabilityPercent: number | undefined;
  /** Times that it went down. */
  readonly outages: number;
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly lossPercent: number | undefined;
}

export interface LinkMonth extends LinkKey, LinkTotals {
  /** The last in that month. */
  readonly carrier: string;
  readonly days: readonly (LinkTotals & { readonly day: string })[];
}

export interface LinkReport {
  readonly month: string;
  /** Half-open; the end is now for a month that is not over. */
  readonly from: number;
  readonly to: number;
  readonly links: readonly LinkMonth[];
  /** Cut to the month, by unit and line, oldest first. */
  readonly intervals: readonly LinkInterval[];
  /** There were more than `maxReportIntervals`: ask for one unit. */
  readonly truncated: boolean;
}

export interface ReportQuestion {
  readonly month: string;
  /** Only these; all when absent. */
  readonly units?: ReadonlySet<string> | undefined;
  readonly now: number;
}

/** The month that `now` lies in, in Vietnam. */
export function monthOf(now: number): string {
  return dayOf(now).slice(0, 7);
}

function endOfMonth(month: string): number {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const next = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
  return startOf(`${next}-01`);
}

export function reportLinks(
  { ledger, days }: { readonly ledger: Pick<LinkLedger, 'intervals'>; readonly days: Pick<LinkDays, 'ofMonth'> },
  { month, units, now }: ReportQuestion,
): LinkReport {
  const from = startOf(`${month}-01`);
  const to = Math.min(endOfMonth(month), now);
  const limit = maxReportIntervals + 1;
  const found = to > from ? ledger.intervals({ units, from, to, limit }) : [];
  const intervals = found.slice(0, maxReportIntervals).map((interval) => clip(interval, from, to));
  const measured = Map.groupBy(days.ofMonth(month), keyOf);
  const links = [...Map.groupBy(intervals, keyOf)].map(([key, own]) =>
    monthOfLink(own, { measured: measured.get(key) ?? [], from, to }),
  );
  return { month, from, to, links, intervals, truncated: found.length > intervals.length };
}

function availabilityOf({ up, degraded, down }: Readonly<Record<LinkState, number>>): number | undefined {
  const working = up + degraded;
  return working + down > 0 ? Math.round((1e5 * working) / (working + down)) / 1e3 : undefined;
}

/** Of this month so far, by `unit/link`. */
export function availabilityNow(ledger: Pick<LinkLedger, 'seconds'>, now: number): ReadonlyMap<string, number> {
  const sums = new Map<string, Record<LinkState, number>>();
  for (const { unit, link, state, seconds } of ledger.seconds(startOf(`${monthOf(now)}-01`), now)) {
    const sum = sums.get(keyOf({ unit, link })) ?? { up: 0, degraded: 0, down: 0, unknown: 0 };
    sums.set(keyOf({ unit, link }), { ...sum, [state]: seconds });
  }
  return new Map(
    [...sums].flatMap(([key, sum]) => {
      const availability = availabilityOf(sum);
      return availability === undefined ? [] : [[key, availability] as const];
    }),
  );
}

function keyOf({ unit, link }: LinkKey): string {
  return `${unit}/${link}`;
}

function clip(interval: LinkInterval, from: number, to: number): LinkInterval {
  const end = interval.to === undefined ? to : Math.min(interval.to, to);
  return { ...interval, from: Math.max(interval.from, from), to: end };
}

function monthOfLink(
  intervals: readonly LinkInterval[],
  { measured, from, to }: { measured: readonly LinkDay[]; from: number; to: number },
): LinkMonth {
  const last = intervals.at(-1);
  const days: (LinkTotals & { day: string })[] = [];
  for (let begin = from; begin < to; begin += dayMs) {
    const end = Math.min(begin + dayMs, to);
    const own = intervals.filter((interval) => interval.from < end && (interval.to ?? to) > begin);
    if (own.length === 0) continue;
    const day = dayOf(begin);
    const readings = measured.filter((each) => each.day === day);
    const clipped = own.map((interval) => clip(interval, begin, end));
    // An outage belongs to the day on which it began.
    const outages = clipped.filter((interval, index) => isOutage(interval, own[index])).length;
    days.push({ day, ...totalsOf(clipped, readings), outages });
  }
  const { unit = '', link = '', carrier = '' } = last ?? {};
  return { unit, link, carrier, ...totalsOf(intervals, measured), days };
}

function isOutage(clipped: LinkInterval, whole: LinkInterval | undefined): boolean {
  return clipped.state === 'down' && clipped.from === whole?.from;
}

function totalsOf(intervals: readonly LinkInterval[], readings: readonly LinkDay[]): LinkTotals {
  const seconds: Record<LinkState, number> = { up: 0, degraded: 0, down: 0, unknown: 0 };
  for (const { state, from, to = from } of intervals) seconds[state] += (to - from) / 1_000;
  const latency = readings.map((day) => day.latency).reduce(sumOfHistograms, []);
  const counted = readings.reduce((sum, day) => sum + day.readings, 0);
  const lossSum = readings.reduce((sum, day) => sum + day.lossSum, 0);
  return {
    seconds,
    availabilityPercent: availabilityOf(seconds),
    outages: intervals.filter(({ state }) => state === 'down').length,
    p50Ms: quantileMs(latency, 0.5),
    p95Ms: quantileMs(latency, 0.95),
    lossPercent: counted > 0 ? Math.round((100 * lossSum) / counted) / 100 : undefined,
  };
}
