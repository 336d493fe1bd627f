/** When something is due: cron syntax with seconds, in the machine's local time. */
import { type CronFields, cronFieldsOf, isCronSyntax, nextCronMatch, type WallClock } from '@vonggac/shared';
import { parse } from 'node-cron';

export interface Cadence extends CronFields {
  readonly expression: string;
  /** No two runs are closer than this, in milliseconds. */
  readonly shortestGapMs: number;
}

export class InvalidCadence extends Error {
  constructor(expression: string, options: { reason: string; cause?: unknown }) {
    super(`invalid cadence ${JSON.stringify(expression)}: ${options.reason}`, { cause: options.cause });
    this.name = 'InvalidCadence';
  }
}

/** Throws `InvalidCadence`. The finest that can be said is every second. */
export function parseCadence(expression: string): Cadence {
  if (!isCronSyntax(expression)) {
    const reason = 'six fields are expected: second, minute, hour, day of month, month, day of week';
    throw new InvalidCadence(expression, { reason });
  }
  const fields = parseFields(expression);
  return {
    expression,
    ...cronFieldsOf(fields),
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

/** The first moment later than `afterMs` (milliseconds since 1970) that matches. Throws `InvalidCadence`. */
export function nextMatch(cadence: Cadence, afterMs: number): number {
  const time = nextCronMatch(cadence, machineClock, afterMs);
  if (time === undefined) throw new InvalidCadence(cadence.expression, { reason: 'it never comes' });
  return time;
}

/** The machine's own, without `Intl`. */
const machineClock: WallClock = {
  wallTime(time) {
    const local = new Date(time);
    return {
      seconds: local.getSeconds(),
      minutes: local.getMinutes(),
      hours: local.getHours(),
      day: local.getDate(),
      month: local.getMonth() + 1,
      weekday: local.getDay(),
    };
  },
  nextMidnight(time) {
    const local = new Date(time);
    return new Date(local.getFullYear(), local.getMonth(), local.getDate() + 1).getTime();
  },
};
