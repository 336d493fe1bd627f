/** Working hours and the time between them, as stretches of real time. */
import type { Holidays } from './holidays.ts';
import type { Stretch } from './stretches.ts';
import type { WorkingWeek } from './working-hours.ts';
import { addDays, weekdayOf, type Zone } from './zone.ts';

/** Time outside working hours, in milliseconds since 1970. */
export interface OffHours extends Stretch {
  /** The holiday in it, when there is one. */
  readonly note: string | undefined;
}

/** Nobody needs to know of an end that is farther away. */
const farthestDays = 60;
const maxDays = 2_000;

interface Parts {
  readonly zone: Zone;
  readonly holidays: Holidays;
  readonly week: WorkingWeek;
  readonly keepsHolidays: boolean;
}

export class Calendar {
  readonly #parts: Parts;
  readonly #days = new Map<string, readonly Stretch[]>();
  /** Answers to the last questions: they are asked for thousands of machines in the same minute. */
  #lastAt: { readonly stretch: Stretch; readonly off: OffHours | undefined } | undefined;

  #lastBetween: (Stretch & { readonly off: readonly OffHours[] }) | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The time off that `at` lies in; undefined within working hours. */
  offHoursAt(at: number): (Omit<OffHours, 'to'> & { readonly to: number | undefined }) | undefined {
    const known = this.#lastAt;
    if (known && at >= known.stretch.from && at < known.stretch.to) return withoutFarEnd(known.off, at);
    const { zone } = this.#parts;
    const date = zone.dateOf(at);
    const begin = zone.startOf(addDays(date, -farthestDays));
    const end = zone.startOf(addDays(date, farthestDays));
    const off = this.offHours(begin, end);
    const found = off.find(({ from, to }) => from <= at && at < to);
    const stretch = found ?? {
      from: off.findLast(({ to }) => to <= at)?.to ?? begin,
      to: off.find(({ from }) => from > at)?.from ?? end,
    };
    this.#lastAt = { stretch, off: found };
    return withoutFarEnd(found, at);
  }

  /** Time off within a time, oldest first. */
  offHours(from: number, to: number): readonly OffHours[] {
    const known = this.#lastBetween;
    if (known?.from === from && known.to === to) return known.off;
    const off = this.#readOffHours(from, to);
    this.#lastBetween = { from, to, off };
    return off;
  }

  #readOffHours(from: number, to: number): OffHours[] {
    const { zone } = this.#parts;
    const off: OffHours[] = [];
    let begin = from;
    for (let date = zone.dateOf(from); begin < to; date = addDays(date, 1)) {
      const start = zone.startOf(date);
      if (start >= to) break;
      for (const work of this.#workOn(date)) {
        if (work.from > begin) off.push({ from: begin, to: Math.min(work.from, to), note: undefined });
        begin = Math.max(begin, work.to);
        if (begin >= to) break;
      }
    }
    if (begin < to) off.push({ from: begin, to, note: undefined });
    return off.map((stretch) => ({ ...stretch, note: this.#holidayIn(stretch) }));
  }

  #workOn(date: string): readonly Stretch[] {
    const known = this.#days.get(date);
    if (known) return known;
    const { zone, holidays, week, keepsHolidays } = this.#parts;
    const isOff = keepsHolidays && holidays.on(date) !== undefined;
    const hours = isOff ? [] : (week[weekdayOf(keepsHolidays ? holidays.hoursOf(date) : date)] ?? []);
    const work = hours
      .map(({ from, to }) => ({ from: zone.timeOf(date, from), to: zone.timeOf(date, to) }))
      .filter(({ from, to }) => from < to);
    if (this.#days.size >= maxDays) this.#days.clear();
    this.#days.set(date, work);
    return work;
  }

  #holidayIn({ from, to }: Stretch): string | undefined {
    const { zone, holidays, keepsHolidays } = this.#parts;
    if (!keepsHolidays) return undefined;
    const last = zone.dateOf(to - 1);
    for (let date = zone.dateOf(from); date <= last; date = addDays(date, 1)) {
      const name = holidays.on(date)?.name;
      if (name !== undefined) return name;
    }
    return undefined;
  }
}

function withoutFarEnd(off: OffHours | undefined, at: number) {
  const isFar = off !== undefined && off.to - at > (farthestDays - 2) * 86_400_000;
  return isFar ? { ...off, to: undefined } : off;
}
