/**
 * What someone may see of units, machines and values. Routes get these from here and from nowhere else, so that a
 * unit-admin's view is narrowed in one place. Whoever is limited to a unit that is not there sees nothing.
 */
import type { Availability, AvailabilityQuestion } from '../availability/availability.ts';
import type { AvailabilityReport } from '../availability/report.ts';
import type { Calendars } from '../calendar/calendars.ts';
import type { MaintenanceWindow } from '../calendar/maintenance-window.ts';
import type { Connectivity } from '../connectivity/connectivity.ts';
import { type Survey, survey } from '../connectivity/device-survey.ts';
import type { IntervalQuery, LinkInterval } from '../connectivity/link-ledger.ts';
import { availabilityNow, type LinkReport, type ReportQuestion, reportLinks } from '../connectivity/link-report.ts';
import type { LinkNow } from '../connectivity/link-watch.ts';
import type { ServiceStatus } from '../connectivity/service-watch.ts';
import { assigneesFor } from '../incidents/assignees.ts';
import type { Incident } from '../incidents/incident.ts';
import type { IncidentQuery, Incidents } from '../incidents/incidents.ts';
import type { LiveAgent, LiveState } from '../live/live-state.ts';
import type { Outage } from '../outages/outage.ts';
import type { OutageLedger, OutageQuery } from '../outages/outage-ledger.ts';
import type { MachineProtection } from '../protection/machine-watch.ts';
import type { MalwareQuery, StoredDetection } from '../protection/malware-store.ts';
import { countedMachine, type Protection } from '../protection/protection.ts';
import { countUnits } from '../protection/unit-counts.ts';
import type { EnrolmentCodeRecord, EnrolmentCodes } from '../registry/enrolment-codes.ts';
import type { PendingEnrolment, PendingEnrolments } from '../registry/pending-enrolments.ts';
import type { People, Person } from '../registry/people.ts';
import type { Unit } from '../registry/unit-rows.ts';
import type { UnitTimeline, UnitVersion } from '../registry/unit-timeline.ts';
import { unitAndBelow } from '../registry/unit-tree.ts';
import { type UnitLink, withPatch } from '../registry/unit-values.ts';
import type { UnitRecord, Units } from '../registry/units.ts';
import type { Evaluator } from '../rules/evaluator.ts';
import type { Instance } from '../rules/instance.ts';
import type { Series, SeriesQuery, SeriesResult, Store } from '../stores/store.ts';
import type { Identity } from './access.ts';

export interface ScopeParts {
  readonly units: Pick<Units, 'all' | 'list' | 'history'>;
  readonly live: Pick<LiveState, 'all' | 'get'>;
  readonly store: Pick<Store, 'query' | 'health'>;
  readonly codes: Pick<EnrolmentCodes, 'all' | 'get'>;
  readonly pending: Pick<PendingEnrolments, 'all'>;
  readonly incidents: Pick<Incidents, 'list' | 'get'>;
  readonly people: Pick<People, 'all'>;
  readonly connectivity: ConnectivityParts;
  readonly protection: ProtectionParts;
  readonly outages: OutageParts;
  readonly calendars: CalendarParts;
  readonly availability: Pick<Availability, 'report'>;
  readonly rules: Pick<Evaluator, 'of'>;
}

export type ConnectivityParts = Pick<Connectivity, 'ledger' | 'days' | 'devices'> & {
  readonly links: Pick<Connectivity['links'], 'now'>;
  readonly services: Pick<Connectivity['services'], 'all'>;
};

export interface OutageParts {
  readonly ledger: Pick<OutageLedger, 'list' | 'get'>;
}

export interface CalendarParts {
  readonly windows: Pick<Calendars['windows'], 'all' | 'waiting' | 'get'>;
}

export interface ProtectionParts {
  readonly machines: Pick<Protection['machines'], 'all'>;
  readonly malware: Pick<Protection['malware'], 'list'>;
}

/** A line of a unit's record, with what is known of it. */
export interface ScopedLink {
  readonly unit: string;
  readonly link: UnitLink;
  readonly interval: LinkInterval | undefined;
  readonly now: LinkNow | undefined;
  /** Percent of this month so far. */
  readonly availability: number | undefined;
}

export type ScopeOf = (identity: Pick<Identity, 'role' | 'unit'> | undefined) => Scope;

/** Makes the function that routes ask. */
export function createScopes(parts: ScopeParts): ScopeOf {
  const province = new Scope(parts, undefined);
  return (identity) => {
    if (!identity) throw new Error('a route with a permission was reached without an identity');
    const { role, unit } = identity;
    // By the unit too, and not by the role alone: two ways to be limited must both be missing to see everything.
    if (role !== 'unit-admin' && unit === undefined) return province;
    return new Scope(parts, unit === undefined ? { unit: '', codes: new Set() } : limitTo(unit, parts));
  };
}

interface Limit {
  readonly unit: string;
  readonly codes: ReadonlySet<string>;
}

function limitTo(unit: string, { units }: ScopeParts): Limit {
  return { unit, codes: unitAndBelow(units.all(), unit) };
}

export class Scope {
  readonly #parts: ScopeParts;
  readonly #limit: Limit | undefined;

  /** `limit` undefined: the whole province. */
  constructor(parts: ScopeParts, limit: Limit | undefined) {
    this.#parts = parts;
    this.#limit = limit;
  }

  /** The same for scopes that see the same. */
  get key(): string {
    return this.#limit ? `unit ${this.#limit.unit}` : 'province';
  }

  /** In the order of their codes; the topmost has no parent here, since what is above it is not to be seen. */
  units(): UnitRecord[] {
    const all = this.#parts.units.all();
    const limit = this.#limit;
    if (!limit) return all;
    return all
      .filter(({ code }) => limit.codes.has(code))
      .map((unit) => ({ ...unit, parent: unit.code === limit.unit ? undefined : unit.parent }));
  }

  /** With all their attributes, as they were at `time` or as they are; those that were below the limit then. */
  unitsAt(time: number | undefined): Unit[] {
    const all = this.#parts.units.list(time);
    if (!this.#limit) return all;
    const top = this.#limit.unit;
    const codes = all.some(({ code }) => code === top) ? unitAndBelow(all, top) : new Set();
    return all.filter(({ code }) => codes.has(code)).map((unit) => (unit.code === top ? withoutParent(unit) : unit));
  }

  /** What is above the topmost, or was above any of them elsewhere, is not to be seen here either. */
  unitHistory(code: string): UnitTimeline | undefined {
    const codes = this.#limit?.codes;
    if (!codes) return this.#parts.units.history(code);
    const timeline = codes.has(code) ? this.#parts.units.history(code) : undefined;
    return timeline && withKnownParents(timeline, codes);
  }

  sees(agent: LiveAgent): boolean {
    return this.#seesUnit(agent.record.unit);
  }

  #seesUnit(unit: string): boolean {
    return this.#limit?.codes.has(unit) ?? true;
  }

  agents(): readonly LiveAgent[] {
    const all = this.#parts.live.all();
    return this.#limit ? all.filter((agent) => this.sees(agent)) : all;
  }

  /** One that may not be seen is answered like one that does not exist. */
  agent(id: string): LiveAgent | undefined {
    const agent = this.#parts.live.get(id);
    return agent && this.sees(agent) ? agent : undefined;
  }

  /** Enrolment codes in the order in which they were made. */
  codes(): EnrolmentCodeRecord[] {
    return this.#parts.codes.all().filter(({ unit }) => this.#seesUnit(unit));
  }

  code(id: string): EnrolmentCodeRecord | undefined {
    const code = this.#parts.codes.get(id);
    return code && this.#seesUnit(code.unit) ? code : undefined;
  }

  /** Machines that wait to be accepted, the longest waiting first. */
  pendingEnrolments(now: number): PendingEnrolment[] {
    return this.#parts.pending.all(now).filter(({ unit }) => this.#seesUnit(unit));
  }

  /** An incident belongs to the unit that its subject was in when it was seen last. */
  incidents(query: Omit<IncidentQuery, 'units'>): Incident[] {
    return this.#parts.incidents.list({ ...query, units: this.#limit?.codes });
  }

  incident(id: number): Incident | undefined {
    const incident = this.#parts.incidents.get(id);
    return !this.#limit || this.#limit.codes.has(incident?.unit ?? '') ? incident : undefined;
  }

  /** Who can be given an incident; whoever is limited to a unit finds only those of that and below. */
  assignees({ unit }: Pick<Incident, 'unit'>): Person[] {
    const units = this.#parts.units.all();
    const reaches = (above: string, code: string) => unitAndBelow(units, above).has(code);
    const able = assigneesFor(unit, { people: this.#parts.people.all(), reaches });
    const limit = this.#limit?.codes;
    return limit ? able.filter((person) => person.unit !== undefined && limit.has(person.unit)) : able;
  }

  /** Lines of the units of now. */
  links(now: number): ScopedLink[] {
    const { connectivity } = this.#parts;
    const availability = availabilityNow(connectivity.ledger, now);
    const open = new Map(connectivity.ledger.open().map((each) => [`${each.unit}/${each.link}`, each]));
    return this.unitsAt(undefined).flatMap(({ code: unit, links = [] }) =>
      links.map((link) => ({
        unit,
        link,
        interval: open.get(`${unit}/${link.id}`),
        now: connectivity.links.now({ unit, link: link.id }),
        availability: availability.get(`${unit}/${link.id}`),
      })),
    );
  }

  /** What became of one line; undefined when it never was, or may not be seen. */
  linkIntervals(query: Omit<IntervalQuery, 'units'> & { unit: string; link: string }): LinkInterval[] | undefined {
    const { ledger } = this.#parts.connectivity;
    return this.#seesUnit(query.unit) && ledger.last(query) ? ledger.intervals(query) : undefined;
  }

  /** `unit`: with everything below it. */
  linkReport({ unit, ...question }: Omit<ReportQuestion, 'units'> & { unit?: string | undefined }): LinkReport {
    return reportLinks(this.#parts.connectivity, { ...question, units: this.#seenBelow(unit) });
  }

  /** Shared services, without the names of units that may not be seen. */
  services(): ServiceStatus[] {
    const seen = (codes: readonly string[]) => codes.filter((code) => this.#seesUnit(code));
    return this.#parts.connectivity.services.all().map(({ judgement, ...rest }) => ({
      ...rest,
      judgement: judgement && { ...judgement, cutOff: seen(judgement.cutOff), reaching: seen(judgement.reaching) },
    }));
  }

  /** What the gateways of a unit see; undefined when there is no such unit, or none that may be seen. */
  devices(code: string, now: number): Survey | undefined {
    const unit = this.unitsAt(undefined).find((each) => each.code === code);
    if (!unit) return undefined;
    const machines = this.agents().flatMap(({ record }) => (record.unit === code ? [record] : []));
    return survey(this.#parts.connectivity.devices.of(code), { unit, machines, now });
  }

  /** How machines stand, in the order of their ids. `unit`: of that and all below it. */
  protection(unit?: string): MachineProtection[] {
    const codes = this.#seenBelow(unit);
    const machines = this.#parts.protection.machines.all();
    return codes ? machines.filter(({ record }) => codes.has(record.unit)) : machines;
  }

  /** Of each unit that may be seen, and of it with all below it. `unit`: only that and all below it. */
  protectionOfUnits(now: number, unit?: string): ReturnType<typeof countUnits> {
    const codes = this.#seenBelow(unit);
    const units = this.unitsAt(undefined).filter(({ code }) => codes?.has(code) ?? true);
    return countUnits(units, { machines: this.protection(unit).map(countedMachine), now });
  }

  /** A detection belongs to the unit in which it was made. `unit`: of that and all below it. */
  malware({ unit, ...query }: Omit<MalwareQuery, 'units'> & { unit?: string | undefined }): StoredDetection[] {
    return this.#parts.protection.malware.list({ ...query, units: this.#seenBelow(unit) });
  }

  /** An outage belongs to the unit in which the machine was when it began. `unit`: of that and all below it. */
  outages({ unit, ...query }: Omit<OutageQuery, 'units'> & { unit?: string | undefined }): Outage[] {
    return this.#parts.outages.ledger.list({ ...query, units: this.#seenBelow(unit) });
  }

  outage(id: number): Outage | undefined {
    const outage = this.#parts.outages.ledger.get(id);
    return outage && this.#seesUnit(outage.unit) ? outage : undefined;
  }

  /** Maintenance windows, oldest first: those that hold now or will, or all. */
  maintenance(state: 'waiting' | 'all', now: number): MaintenanceWindow[] {
    const { windows } = this.#parts.calendars;
    return (state === 'all' ? windows.all() : windows.waiting(now)).filter((window) => this.#seesWindow(window));
  }

  maintenanceWindow(id: number): MaintenanceWindow | undefined {
    const window = this.#parts.calendars.windows.get(id);
    return window && this.#seesWindow(window) ? window : undefined;
  }

  /** A window of a machine goes with it to another unit. */
  #seesWindow({ unit, agent }: MaintenanceWindow): boolean {
    const record = agent === undefined ? undefined : this.#parts.live.get(agent)?.record;
    return this.#seesUnit(record?.unit ?? unit);
  }

  /** `unit`: with everything below it. Throws InvalidPeriod. */
  availability({
    unit,
    ...question
  }: Omit<AvailabilityQuestion, 'units'> & { unit?: string | undefined }): Promise<AvailabilityReport> {
    return this.#parts.availability.report({ ...question, units: this.#seenBelow(unit) });
  }

  /** What a rule follows, in the units that may be seen. */
  ruleInstances(rule: string): Instance[] {
    return [...this.#parts.rules.of(rule)].filter(({ origin }) => this.#seesUnit(origin.unit));
  }

  /** Codes of the unit and those below it, as far as they may be seen; undefined for all there are. */
  #seenBelow(unit: string | undefined): ReadonlySet<string> | undefined {
    const limit = this.#limit?.codes;
    if (unit === undefined) return limit;
    const asked = unitAndBelow(this.#parts.units.all(), unit);
    return limit ? new Set([...asked].filter((code) => limit.has(code))) : asked;
  }

  storeHealth(): string | undefined {
    return this.#parts.store.health();
  }

  /** As the store answers, without the series of other units: of each point, the unit that it was measured in counts. */
  async query(query: SeriesQuery, signal: AbortSignal): Promise<SeriesResult> {
    const codes = this.#limit?.codes;
    if (!codes) return await this.#parts.store.query(query, signal);
    const series: Series[] = [];
    let left = query.limit;
    for (const tags of questionsFor(query.tags ?? {}, codes)) {
      if (left <= 0) return { series: series.sort(byTags), truncated: true };
      const result = await this.#parts.store.query({ ...query, tags, limit: left }, signal);
      const seen = result.series.filter((each) => codes.has(each.tags.unit ?? ''));
      series.push(...seen);
      if (result.truncated) return { series: series.sort(byTags), truncated: true };
      left -= seen.reduce((sum, { points }) => sum + points.length, 0);
    }
    return { series: series.sort(byTags), truncated: false };
  }
}

function withoutParent(unit: Unit): Unit {
  const { parent: _, ...rest } = unit;
  return rest;
}

function withKnownParents(timeline: UnitTimeline, codes: ReadonlySet<string>): UnitTimeline {
  const [first, ...rest] = timeline.versions;
  const sift = ({ from, values }: UnitVersion): UnitVersion => ({
    from,
    values: codes.has(values.parent ?? '') ? values : withPatch(values, { parent: null }),
  });
  return { ...timeline, versions: [sift(first), ...rest.map(sift)] };
}

/** A store is asked for one unit at a time. A machine has few series, so it is asked for once and the answer sifted. */
function questionsFor(
  tags: Readonly<Record<string, string>>,
  codes: ReadonlySet<string>,
): readonly Readonly<Record<string, string>>[] {
  if (tags.unit !== undefined) return codes.has(tags.unit) ? [tags] : [];
  if (tags.agent !== undefined) return codes.size > 0 ? [tags] : [];
  return [...codes].sort().map((unit) => ({ ...tags, unit }));
}

function byTags(a: Series, b: Series): number {
  const [left, right] = [a, b].map(({ tags }) => JSON.stringify(Object.entries(tags).sort()));
  return (left ?? '') < (right ?? '') ? -1 : 1;
}
