/**
 * When a cron expression matches. node-cron reads expressions; when the next time comes is found here, by whatever clock
 * the caller has on the wall.
 */

/** What an expression names. Day of month and day of week must both match. */
export interface CronFields {
  readonly seconds: ReadonlySet<number>;
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  /** 1 is January. */
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
}

/** What a clock on the wall shows. */
export interface CronTime {
  readonly seconds: number;
  readonly minutes: number;
  readonly hours: number;
  readonly day: number;
  readonly month: number;
  readonly weekday: number;
}

export interface WallClock {
  wallTime(time: number): CronTime;
  /** Where midnight is left out this is the first moment of the day. */
  nextMidnight(time: number): number;
}

/** As node-cron's `parse` returns it. */
interface ParsedCron {
  readonly second: readonly number[];
  readonly minute: readonly number[];
  readonly hour: readonly number[];
  readonly dayOfMonth: readonly (number | string)[];
  readonly month: readonly number[];
  readonly dayOfWeek: readonly (number | string)[];
}

/**
 * Six fields of numbers, `*`, lists, ranges and steps. Long numbers are refused here because node-cron writes ranges
 * out before it looks at their bounds: `0-999999999` would fill the memory.
 */
const syntax = /^(?:(?!\S*\d{3})[\d*,/-]{1,200}(?: |$)){6}$/;

/** 29 February on a certain day of the week comes back within this many days. */
const farthestDays = 366 * 41;

/** Whether it may be given to node-cron. */
export function isCronSyntax(expression: string): boolean {
  return syntax.test(expression);
}

export function cronFieldsOf(parsed: ParsedCron): CronFields {
  return {
    seconds: new Set(parsed.second),
    minutes: new Set(parsed.minute),
    hours: new Set(parsed.hour),
    days: new Set(parsed.dayOfMonth.map(Number)),
    months: new Set(parsed.month),
    weekdays: new Set(parsed.dayOfWeek.map(Number)),
  };
}

/**
 * The first moment later than `afterMs` (milliseconds since 1970) that matches; undefined when it never comes. Goes
 * forward in real time, so that an hour that the clock repeats is measured like any other and one that it leaves out
 * does not stop anything.
 */
export function nextCronMatch(fields: CronFields, clock: WallClock, afterMs: number): number | undefined {
  let time = Math.floor(afterMs / 1000) * 1000 + 1000;
  const end = time + farthestDays * 86_400_000;
  while (time < end) {
    const wall = clock.wallTime(time);
    if (!isDay(fields, wall)) time = clock.nextMidnight(time);
    else if (!fields.hours.has(wall.hours)) time += 3_600_000 - (wall.minutes * 60 + wall.seconds) * 1000;
    else if (!fields.minutes.has(wall.minutes)) time += 60_000 - wall.seconds * 1000;
    else if (!fields.seconds.has(wall.seconds)) time += 1000;
    else return time;
  }
  return undefined;
}

function isDay({ months, days, weekdays }: CronFields, { month, day, weekday }: CronTime): boolean {
  return months.has(month) && days.has(day) && weekdays.has(weekday);
}
