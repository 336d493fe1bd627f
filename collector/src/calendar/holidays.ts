/** Days off and days worked instead: the country's, and what the site adds. The site's own word wins. */
import { type HolidayYear, vietnamHolidays } from './holidays-vietnam.ts';
import type { CalendarSettings } from './settings.ts';
import { addDays, Zone } from './zone.ts';

export interface DayOff {
  readonly name: string;
  /** It follows from the law, but was not announced when this version was made. */
  readonly isExpected: boolean;
}

type Settings = Pick<CalendarSettings, 'national_holidays' | 'holidays' | 'working_days'>;

/** What to say of this year and the next. */
export function holidayWarnings(settings: Settings & Pick<CalendarSettings, 'time_zone'>, now: number): string[] {
  const year = Number(new Zone(settings.time_zone).dateOf(now).slice(0, 4));
  return new Holidays(settings).warnings([year, year + 1]);
}

export class Holidays {
  readonly #years: ReadonlyMap<number, HolidayYear>;
  readonly #off = new Map<string, DayOff>();
  readonly #worked = new Map<string, string>();
  readonly #national: boolean;

  constructor(settings: Settings, years: ReadonlyMap<number, HolidayYear> = vietnamHolidays) {
    this.#years = years;
    this.#national = settings.national_holidays;
    for (const { holidays, workingDays } of settings.national_holidays ? years.values() : []) {
      for (const { from, to, name, isExpected = false } of holidays) this.#add(from, to, { name, isExpected });
      for (const { day, instead_of } of workingDays) this.#worked.set(day, instead_of);
    }
    for (const { from, to = from, name } of settings.holidays) {
      this.#add(from, to, { name, isExpected: false });
      for (let day = from; day <= to; day = addDays(day, 1)) this.#worked.delete(day);
    }
    for (const { day, instead_of } of settings.working_days) {
      this.#off.delete(day);
      this.#worked.set(day, instead_of);
    }
  }

  /** The holiday that the date belongs to. */
  on(date: string): DayOff | undefined {
    return this.#off.get(date);
  }

  /** The date whose hours hold on `date`: itself, unless working days were swapped. */
  hoursOf(date: string): string {
    return this.#worked.get(date) ?? date;
  }

  /** What a person should know who relies on the holidays of these years. */
  warnings(years: readonly number[]): string[] {
    if (!this.#national) return [];
    return years.flatMap((year) => {
      if (!this.#years.has(year)) {
        const known = [...this.#years.keys()];
        return [
          `the public holidays of ${year} are not known to this version (it knows ${Math.min(...known)} to ${Math.max(...known)}): ` +
            'until it is updated, set calendar.holidays, or machines that are off on them are called broken',
        ];
      }
      const expected = [...this.#off].filter(([date, day]) => day.isExpected && date.startsWith(`${year}-`));
      if (expected.length === 0) return [];
      const names = [...new Set(expected.map(([, { name }]) => name))];
      return [
        `public holidays of ${year} that follow from the law, but were not announced when this version was made: ` +
          `${names.join(', ')}; if they are moved, set calendar.holidays and calendar.working_days`,
      ];
    });
  }

  #add(from: string, to: string, day: DayOff): void {
    for (let date = from; date <= to; date = addDays(date, 1)) this.#off.set(date, day);
  }
}
