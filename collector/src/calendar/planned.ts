/**
 * Whether silence is planned: by a maintenance window, or because nobody works. Asked for every machine each minute, so
 * a question costs a look at the few units above the machine, and windows and calendars remember their last answers.
 */
import type { AgentClass } from '@vonggac/shared';
import type { Calendar } from './calendar.ts';
import { outside, type Stretch, within, withoutOverlap } from './stretches.ts';
import type { UnitCalendars, UnitPlace } from './unit-calendars.ts';
import type { WindowTimes } from './window-times.ts';

/** What is asked about: a machine, or a line of a unit when `link` is there. */
export interface PlannedSubject {
  readonly unit: string;
  readonly agentId?: string | undefined;
  readonly class?: AgentClass | undefined;
  readonly link?: string | undefined;
}

export type PlannedReason = 'maintenance' | 'off-hours';

export interface PlannedNow {
  readonly reason: PlannedReason;
  /** Undefined when it is farther away than anyone plans. */
  readonly until: number | undefined;
  /** The reason of the window, or the name of the holiday. */
  readonly note: string | undefined;
}

/** Half-open. */
export interface PlannedStretch extends Stretch {
  readonly reason: PlannedReason;
  readonly note: string | undefined;
}

export interface PlannedTimes {
  plannedAt(subject: PlannedSubject, at: number): PlannedNow | undefined;
  /** Oldest first, without overlap. */
  plannedBetween(subject: PlannedSubject, from: number, to: number): PlannedStretch[];
}

interface Options {
  readonly calendars: ReadonlyMap<string, Calendar>;
  /** Of units that name none. */
  readonly fallback: Calendar;
  /** Machines that may be off outside working hours. */
  readonly classes: readonly AgentClass[];
}

/** A time with what is said of it. */
interface Noted extends Stretch {
  readonly note: string | undefined;
}

export class Planned implements PlannedTimes {
  readonly #options: Options;
  #units: UnitCalendars;
  /** By what they are about. */
  #windows: ReadonlyMap<string, readonly WindowTimes[]> = new Map();

  constructor(options: Options, units: UnitCalendars) {
    this.#options = options;
    this.#units = units;
  }

  follow(units: UnitCalendars): void {
    this.#units = units;
  }

  setWindows(windows: readonly WindowTimes[]): void {
    this.#windows = Map.groupBy(windows, ({ window: { unit, agent, link } }) => keyOf({ unit, agentId: agent, link }));
  }

  plannedAt(subject: PlannedSubject, at: number): PlannedNow | undefined {
    const place = this.#units.now(subject.unit);
    const window = this.#windowAt(subject, { place, at }) ?? this.#linesAt(subject, { place, at });
    if (window) return { reason: 'maintenance', until: window.to, note: window.note };
    const off = this.#calendarFor(subject, place)?.offHoursAt(at);
    return off && { reason: 'off-hours', until: off.to, note: off.note };
  }

  plannedBetween(subject: PlannedSubject, from: number, to: number): PlannedStretch[] {
    const planned: PlannedStretch[] = [];
    for (const span of this.#units.spans(subject.unit, { from, to })) {
      const windows = this.#windowsIn(subject, { place: span, time: span });
      const off = this.#calendarFor(subject, span)?.offHours(span.from, span.to) ?? [];
      planned.push(...windows.map((window) => ({ ...window, reason: 'maintenance' as const })));
      planned.push(...outside(off, windows).map((each) => ({ ...each, reason: 'off-hours' as const })));
    }
    return planned.sort((a, b) => a.from - b.from);
  }

  #calendarFor({ class: agentClass, link }: PlannedSubject, { calendar }: UnitPlace): Calendar | undefined {
    const { calendars, fallback, classes } = this.#options;
    if (link !== undefined || agentClass === undefined || !classes.includes(agentClass)) return undefined;
    return (calendar === undefined ? undefined : calendars.get(calendar)) ?? fallback;
  }

  /** The one that lasts longest. */
  #windowAt(subject: PlannedSubject, { place, at }: { place: UnitPlace; at: number }): Noted | undefined {
    if (this.#windows.size === 0) return undefined;
    let longest: Noted | undefined;
    for (const key of keysOf(subject, place)) {
      for (const times of this.#windows.get(key) ?? []) {
        const found = times.at(at);
        if (found && found.to > (longest?.to ?? 0)) longest = { ...found, note: times.window.reason };
      }
    }
    return longest;
  }

  /** Behind lines that are all under maintenance, machines cannot be heard. */
  #linesAt({ unit, link }: PlannedSubject, { place, at }: { place: UnitPlace; at: number }): Noted | undefined {
    if (this.#windows.size === 0 || link !== undefined || place.links.length === 0) return undefined;
    let first: Noted | undefined;
    for (const id of place.links) {
      const times = this.#windows.get(keyOf({ unit, link: id })) ?? [];
      const found = times
        .map((each) => ({ stretch: each.at(at), note: each.window.reason }))
        .find((each) => each.stretch);
      if (!found?.stretch) return undefined;
      if (!first || found.stretch.to < first.to) first = { ...found.stretch, note: found.note };
    }
    return first;
  }

  /** Sorted, without overlap. */
  #windowsIn(subject: PlannedSubject, { place, time }: { place: UnitPlace; time: Stretch }): Noted[] {
    if (this.#windows.size === 0) return [];
    const found = keysOf(subject, place).flatMap((key) => this.#windowsOf(key, time));
    return withoutOverlap([...found, ...this.#linesIn(subject, { place, time })]);
  }

  #linesIn({ unit, link }: PlannedSubject, { place, time }: { place: UnitPlace; time: Stretch }): Noted[] {
    const [first, ...others] = link === undefined ? place.links : [];
    if (first === undefined) return [];
    const timesOf = (id: string) => withoutOverlap(this.#windowsOf(keyOf({ unit, link: id }), time));
    return others.reduce((common, id) => within(common, timesOf(id)), timesOf(first));
  }

  #windowsOf(key: string, time: Stretch): Noted[] {
    return (this.#windows.get(key) ?? []).flatMap((times) =>
      times.between(time).map((stretch) => ({ ...stretch, note: times.window.reason })),
    );
  }
}

function keyOf({ unit, agentId, link }: PlannedSubject): string {
  if (link !== undefined) return `link ${unit}/${link}`;
  return agentId === undefined ? `unit ${unit}` : `agent ${agentId}`;
}

/** All that a window may be about to hold for the subject. */
function keysOf({ unit, agentId, link }: PlannedSubject, { chain }: UnitPlace): string[] {
  const keys = chain.map((code) => keyOf({ unit: code }));
  if (link !== undefined) keys.push(keyOf({ unit, link }));
  else if (agentId !== undefined) keys.push(keyOf({ unit, agentId }));
  return keys;
}
