/** When something is due: cron syntax with seconds, in the machine's local time. */
import { parse } from 'node-cron';

export interface Cadence {
  readonly expression: string;
  readonly seconds: ReadonlySet<number>;
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday. Day of month and day of week must both match. */
  readonly weekdays: ReadonlySet<number>;
  /** No two runs are closer than this, in milliseconds. */
  readonly shortestGapMs: number;
}

export class InvalidCadence extends Error {
  constructor(expression: string, options: { reason: string; cause?: unknown }) {
    super(`invalid cadence ${JSON.stringify(expression)}: ${options.reason}`, { cause: options.cause });
    this.name = 'InvalidCadence';
  }
}

/**
 * Six fields of numbers, `*`, lists, ranges and steps. Long numbers are refused here because node-cron writes ranges
 * out before it looks at their bounds: `0-999999999` would fill the memory.
 */
const syntax = /^(?:(?!\S*\d{3})[\d*,/-]{1,200}(?: |$)){6}$/;

/** 29 February on a certain day of the week comes back within this many days. */
const farthestDays = 366 * 41;

/** Throws `InvalidCadence`. The finest that can be said is every second. */
export function parseCadence(expression: string): Cadence {
  if (!syntax.test(expression)) {
    const reason = 'six fields are expected: second, minute, hour, day of month, month, day of week';
    throw new InvalidCadence(expression, { reason });
  }
  const fields = parseFields(expression);
  return {
    expression,
    seconds: new Set(fields.second),
    minutes: new Set(fields.minute),
    hours: new Set(fields.hour),
    days: new Set(fields.dayOfMonth.map(Number)),
    months: new Set(fields.month),
    weekdays: new Set(fields.dayOfWeek.map(Number)),
    shortestGapMs: shortestGap(fields.second) * 1000,
  };
}

function parseFields(expression: string): ReturnType<typeof parse> {
  try {
    return parse(expression);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidCadence(expression, { reason, cause: error });
  }
}

/** The smallest distance in seconds between two of these seconds, over the end of the minute too. */
function shortestGap(seconds: readonly number[]): number {
  const sorted = [...new Set(seconds)].sort((a, b) => a - b);
  return Math.min(...sorted.map((second, i) => (sorted[i + 1] ?? (sorted[0] ?? 0) + 60) - second));
}

/**
 * The first moment later than `afterMs` (milliseconds since 1970) that matches. Goes forward in real time, so that an
 * hour that the local clock repeats is measured like any other and one that it leaves out does not stop anything.
 */
export function nextMatch(cadence: Cadence, afterMs: number): number {
  let time = Math.floor(afterMs / 1000) * 1000 + 1000;
  const end = time + farthestDays * 86_400_000;
  while (time < end) {
    const local = new Date(time);
    const intoHour = (local.getMinutes() * 60 + local.getSeconds()) * 1000;
    if (!isDay(cadence, local)) time = nextMidnight(local);
    else if (!cadence.hours.has(local.getHours())) time += 3_600_000 - intoHour;
    else if (!cadence.minutes.has(local.getMinutes())) time += 60_000 - local.getSeconds() * 1000;
    else if (!cadence.seconds.has(local.getSeconds())) time += 1000;
    else return time;
  }
  throw new InvalidCadence(cadence.expression, { reason: 'it never comes' });
}

function isDay(cadence: Cadence, local: Date): boolean {
  return (
    cadence.months.has(local.getMonth() + 1) &&
    cadence.days.has(local.getDate()) &&
    cadence.weekdays.has(local.getDay())
  );
}

/** Where midnight is left out by the local clock this is the first moment of the day. */
function nextMidnight(local: Date): number {
  return new Date(local.getFullYear(), local.getMonth(), local.getDate() + 1).getTime();
}
