/** The wall clock of one IANA time zone, from `Intl`: right through changes to summer time, whatever zone the server has. */

const quarterMs = 900_000;
const dayMs = 86_400_000;
/** Two months of quarters; a report of a longer time only reads them again. */
const maxOffsets = 6_000;

export interface WallTime {
  /** `2026-11-23`. */
  readonly date: string;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

/** Whether `Intl` knows the zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The date so many days later. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** 0 is Sunday. */
export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay();
}

export class Zone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  /** By quarter of an hour: no zone changes its clock within one. */
  readonly #offsets = new Map<number, number>();

  /** Throws RangeError when there is no such zone. */
  constructor(name: string) {
    this.name = name;
    this.#format = new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset' });
  }

  /** The wall clock at `time`, milliseconds since 1970. */
  wallTime(time: number): WallTime {
    const wall = new Date(time + this.#offsetAt(time));
    return {
      date: wall.toISOString().slice(0, 10),
      month: wall.getUTCMonth() + 1,
      day: wall.getUTCDate(),
      weekday: wall.getUTCDay(),
      hours: wall.getUTCHours(),
      minutes: wall.getUTCMinutes(),
      seconds: wall.getUTCSeconds(),
    };
  }

  dateOf(time: number): string {
    return this.wallTime(time).date;
  }

  /**
   * When the clock shows so many minutes after midnight of a date; 1,440 is the next midnight. The first such time when
   * it comes twice; when it is left out, what the clock would have shown had it not been put forward.
   */
  timeOf(date: string, minute: number): number {
    const wall = Date.parse(`${date}T00:00:00Z`) + minute * 60_000;
    const [before, after] = [wall - dayMs, wall + dayMs].map((time) => this.#offsetAt(time));
    const candidates = [wall - (before ?? 0), wall - (after ?? 0)];
    const found = candidates.filter((time) => time + this.#offsetAt(time) === wall);
    return found.length > 0 ? Math.min(...found) : wall - (before ?? 0);
  }

  startOf(date: string): number {
    return this.timeOf(date, 0);
  }

  /** The first moment of the day after that of `time`. */
  nextMidnight(time: number): number {
    return this.startOf(addDays(this.dateOf(time), 1));
  }

  #offsetAt(time: number): number {
    const quarter = Math.floor(time / quarterMs);
    const known = this.#offsets.get(quarter);
    if (known !== undefined) return known;
    if (this.#offsets.size >= maxOffsets) this.#offsets.clear();
    const offset = this.#readOffset(quarter * quarterMs);
    this.#offsets.set(quarter, offset);
    return offset;
  }

  /** `GMT+07:00`, `GMT-03:30` or `GMT`. */
  #readOffset(time: number): number {
    const name = this.#format.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours = 0, minutes = 0, seconds = 0] = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? [];
    const offset = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000;
    return sign === '-' ? -offset : offset;
  }
}
