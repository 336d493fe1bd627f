/** Everything that the collector knows of planned time, built, followed and stopped together. */
import type { Logger } from 'pino';
import type { Units } from '../registry/units.ts';
import { Calendar } from './calendar.ts';
import { Holidays, holidayWarnings } from './holidays.ts';
import { MaintenanceWindows } from './maintenance-windows.ts';
import { Planned } from './planned.ts';
import { builtInCalendars, type CalendarSettings } from './settings.ts';
import { UnitCalendars } from './unit-calendars.ts';
import { WindowTimes } from './window-times.ts';
import { readWorkingWeek } from './working-hours.ts';
import { Zone } from './zone.ts';

const lookEveryMs = 1_000;
const warnEveryMs = 86_400_000;

interface Options {
  readonly folder: string;
  readonly settings: CalendarSettings;
  readonly units: Pick<Units, 'timelines'>;
  readonly now: () => number;
}

export class Calendars {
  readonly zone: Zone;
  readonly windows: MaintenanceWindows;
  readonly planned: Planned;
  readonly #options: Options;
  readonly #names: ReadonlySet<string>;
  #windowsVersion = '';
  #timers: NodeJS.Timeout[] = [];

  /** Opens its file. Throws DataFolderError. */
  constructor(options: Options) {
    const { settings, folder, units } = options;
    this.#options = options;
    this.zone = new Zone(settings.time_zone);
    const calendars = this.#buildCalendars();
    this.#names = new Set(calendars.keys());
    const fallback = calendars.get(settings.default);
    // The schema has looked for it.
    if (!fallback) throw new Error(`there is no calendar "${settings.default}"`);
    this.windows = new MaintenanceWindows(folder);
    const placed = new UnitCalendars(units.timelines(), this.#names);
    this.planned = new Planned({ calendars, fallback, classes: settings.classes }, placed);
    this.look();
  }

  /** Follows what commands change beside it, and warns of what is not known. */
  start(logger: Pick<Logger, 'warn' | 'error'>): void {
    this.windows.tidy(this.#options.now());
    const warn = () => {
      for (const warning of this.warnings()) logger.warn({ warning }, 'calendar');
    };
    const look = () => {
      try {
        this.look();
      } catch (error) {
        logger.error({ error: (error as Error).message }, 'cannot read the maintenance windows');
      }
    };
    warn();
    this.#timers = [setInterval(look, lookEveryMs), setInterval(warn, warnEveryMs)];
  }

  /** Safe twice and before start. */
  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    this.windows.stop();
  }

  /** Units may have other calendars, or stand elsewhere. */
  unitsChanged(): void {
    this.planned.follow(new UnitCalendars(this.#options.units.timelines(), this.#names));
  }

  /** Takes in the windows that anyone has added or cancelled. */
  look(): void {
    const { version } = this.windows;
    if (version === this.#windowsVersion) return;
    this.#windowsVersion = version;
    this.planned.setWindows(this.windows.all().map((window) => new WindowTimes(window, this.zone)));
  }

  /** What a person should know: years whose holidays are not known, units with a calendar that is not there. */
  warnings(): string[] {
    const { settings, units, now } = this.#options;
    return [...holidayWarnings(settings, now()), ...unknownCalendars(units.timelines(), this.#names)];
  }

  /** The calendars that units can name. */
  describe() {
    const { time_zone, default: name, classes } = this.#options.settings;
    const calendars = Object.entries(this.#declared).map(([each, { hours, holidays }]) => ({
      name: each,
      hours: [...hours],
      holidays,
    }));
    return { time_zone, default: name, classes, calendars };
  }

  get #declared() {
    return { ...builtInCalendars, ...this.#options.settings.calendars };
  }

  #buildCalendars(): Map<string, Calendar> {
    const { settings } = this.#options;
    const holidays = new Holidays(settings);
    return new Map(
      Object.entries(this.#declared).map(([name, { hours, holidays: keepsHolidays }]) => {
        const week = readWorkingWeek(hours);
        return [name, new Calendar({ zone: this.zone, holidays, week, keepsHolidays })];
      }),
    );
  }
}

function unknownCalendars(timelines: ReturnType<Options['units']['timelines']>, names: ReadonlySet<string>): string[] {
  const units = new Map<string, string[]>();
  for (const { code, versions, until } of timelines) {
    const name = until === undefined ? versions.at(-1)?.values.calendar : undefined;
    if (name !== undefined && !names.has(name)) units.set(name, [...(units.get(name) ?? []), code]);
  }
  return [...units].map(
    ([name, codes]) =>
      `there is no calendar "${name}", which ${codes.slice(0, 5).join(', ')}${codes.length > 5 ? ` and ${codes.length - 5} more` : ''} ` +
      `${codes.length === 1 ? 'names' : 'name'}: declare it in calendar.calendars; known are ${[...names].join(', ')}`,
  );
}
