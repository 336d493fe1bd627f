/**
 * Incidents of the units' lines. A line that is dead makes one; when every line of a unit with several is dead, that is
 * one cause and one incident, of the unit, with each line as evidence. Told once for all that a look at the lines found.
 */
import { type Evidence, isSnoozed } from '../incidents/incident.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { LinkState } from './link-judgement.ts';
import type { LinkKey } from './link-ledger.ts';

interface Options {
  readonly incidents: Pick<Incidents, 'report' | 'resolve' | 'fold' | 'openOf'>;
  /** Ids of a unit's lines. */
  readonly linksOf: (unit: string) => readonly string[];
  /** Whether the line is under maintenance. */
  readonly isPlanned?: ((key: LinkKey, now: number) => boolean) | undefined;
}

interface Entered {
  readonly state: LinkState;
  readonly evidence: Evidence;
}

/** What an incident of kind `link-down` is about, and what is known. */
interface DeadLines {
  readonly subject: string;
  /** Of each line. */
  readonly evidence: readonly Evidence[];
}

export class LinkIncidents {
  readonly #options: Options;
  /** Dead lines by unit, with what was known when that began. One of which nothing is known since is still among them. */
  readonly #dead = new Map<string, Map<string, Evidence>>();
  /** Names of lines by unit of which something is to be told. */
  readonly #changed = new Map<string, Set<string>>();
  /** Units of which one of the lines is well again: the others are dead for themselves. */
  readonly #partly = new Set<string>();
  /** Lines that broke under maintenance: told of when that is over and they are still broken. */
  readonly #held = new Map<string, { readonly key: LinkKey; readonly entered: Entered }>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** A line has entered a state. */
  entered(key: LinkKey, entered: Entered): void {
    this.#held.delete(nameOf(key));
    const isBroken = entered.state === 'down' || entered.state === 'degraded';
    if (isBroken && this.#isPlanned(key, entered.evidence.at)) this.#held.set(nameOf(key), { key, entered });
    else this.#take(key, entered);
  }

  #isPlanned(key: LinkKey, now: number): boolean {
    return this.#options.isPlanned?.(key, now) ?? false;
  }

  #take(key: LinkKey, { state, evidence }: Entered): void {
    const { unit, link } = key;
    const { incidents } = this.#options;
    const subject = nameOf(key);
    if (state === 'down') this.#deadOf(unit).set(link, evidence);
    if (state === 'up' || state === 'degraded') this.#alive(key, evidence.at);
    if (state === 'degraded') {
      incidents.report({ kind: 'link-degraded', severity: 'warning', subject, unit, evidence });
    } else if (state !== 'unknown') incidents.resolve('link-degraded', subject, evidence.at);
    this.#note(key);
  }

  /** The line is no longer in the unit's record. */
  ended(key: LinkKey, now: number): void {
    this.#held.delete(nameOf(key));
    this.#alive(key, now);
    this.#options.incidents.resolve('link-degraded', nameOf(key), now);
    this.#note(key);
  }

  /** Tells of dead lines what has changed since the last time. */
  tell(now: number): void {
    for (const [name, { key, entered }] of this.#held) {
      if (this.#isPlanned(key, now)) continue;
      this.#held.delete(name);
      this.#take(key, entered);
    }
    for (const [unit, fresh] of this.#changed) this.#tell(unit, { fresh, now });
    this.#changed.clear();
    this.#partly.clear();
  }

  /** The incidents that a unit's dead lines make. */
  deadLinesOf(unit: string): DeadLines[] {
    const dead = this.#dead.get(unit) ?? new Map<string, Evidence>();
    const links = this.#options.linksOf(unit);
    if (links.length > 1 && links.every((link) => dead.has(link))) {
      return [{ subject: unit, evidence: [...dead].map(([link, evidence]) => withLine(link, evidence)) }];
    }
    return [...dead].map(([link, evidence]) => ({ subject: nameOf({ unit, link }), evidence: [evidence] }));
  }

  /**
   * Whether an incident tells of the line itself, and not that of its unit's outage; of lines that are dead together the
   * first stands for all. Asked for each line that is not well every few seconds.
   */
  isAlertable(key: LinkKey, { state, now }: { readonly state: LinkState; readonly now: number }): boolean {
    if ((state !== 'down' && state !== 'degraded') || this.#isPlanned(key, now)) return false;
    const { incidents, linksOf } = this.#options;
    const stands = state === 'down' && linksOf(key.unit)[0] === key.link;
    const incident =
      incidents.openOf(state === 'down' ? 'link-down' : 'link-degraded', nameOf(key)) ??
      (stands ? incidents.openOf('link-down', key.unit) : undefined);
    return incident !== undefined && !isSnoozed(incident, now);
  }

  #tell(unit: string, { fresh, now }: { fresh: ReadonlySet<string>; now: number }): void {
    const { incidents } = this.#options;
    const dead = this.deadLinesOf(unit);
    const isWhole = dead.some(({ subject }) => subject === unit);
    for (const { subject, evidence } of dead) {
      if (!isWhole && !this.#partly.has(unit) && !fresh.has(subject)) continue;
      for (const [index, each] of evidence.entries()) {
        const sighting = { kind: 'link-down', severity: 'critical', subject, unit } as const;
        incidents.report({ ...sighting, evidence: each, times: index === 0 ? 1 : 0 });
      }
    }
    if (isWhole) this.#foldLines(unit, now);
  }

  #foldLines(unit: string, now: number): void {
    const { incidents, linksOf } = this.#options;
    const whole = incidents.openOf('link-down', unit);
    for (const link of linksOf(unit)) {
      const single = incidents.openOf('link-down', nameOf({ unit, link }));
      if (whole && single) incidents.fold(single.id, { at: now, note: `told by incident ${whole.id}` });
    }
  }

  #alive(key: LinkKey, now: number): void {
    const dead = this.#dead.get(key.unit);
    if (dead?.delete(key.link) && dead.size === 0) this.#dead.delete(key.unit);
    // Also when it is not known to be dead: it may have been before a restart.
    const { incidents } = this.#options;
    incidents.resolve('link-down', nameOf(key), now);
    if (incidents.resolve('link-down', key.unit, now)) this.#partly.add(key.unit);
  }

  #note(key: LinkKey): void {
    const names = this.#changed.get(key.unit) ?? new Set();
    names.add(nameOf(key));
    this.#changed.set(key.unit, names);
  }

  #deadOf(unit: string): Map<string, Evidence> {
    const dead = this.#dead.get(unit) ?? new Map<string, Evidence>();
    this.#dead.set(unit, dead);
    return dead;
  }
}

function withLine(link: string, evidence: Evidence): Evidence {
  return { ...evidence, facts: { line: link, ...evidence.facts } };
}

export function nameOf({ unit, link }: LinkKey): string {
  return `${unit}/${link}`;
}
