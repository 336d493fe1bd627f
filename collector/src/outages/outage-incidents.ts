/** Opens and closes the incidents that open outages make, and tells those of them that a person should know. */
import type { IncidentKind } from '../incidents/incident.ts';
import type { Incidents } from '../incidents/incidents.ts';
import { listed } from '../protection/listed.ts';
import { type PlannedIncident, planIncidents } from './alert-plan.ts';
import type { Outage } from './outage.ts';
import type { Alertable } from './state-report.ts';
import type { Tracked } from './tracked.ts';

/** An agent that is back by then was only started anew. */
const tellAfterMs = 10_000;
const maxNames = 8;
const maxOpen = 100_000;
export const collectorSubject = 'collector';

const ownKinds = ['unit-unreachable', 'machine-offline', 'agent-stopped'] as const satisfies readonly IncidentKind[];
type OwnKind = (typeof ownKinds)[number];

/** A line of a unit that is dead, and about which an incident of its own may be open. */
export interface DeadLine {
  readonly subject: string;
  readonly evidence: { readonly what: string; readonly facts: Readonly<Record<string, string>> };
}

interface Options {
  readonly incidents: Pick<Incidents, 'report' | 'resolve' | 'fold' | 'openOf' | 'list' | 'amend'>;
  readonly deadLinesOf: (unit: string) => readonly DeadLine[];
  readonly told: (tracked: readonly Tracked[], incident: number) => void;
}

interface Open {
  readonly kind: OwnKind;
  readonly subject: string;
  readonly unit: string | undefined;
  readonly id: number;
  verdict: string | undefined;
}

export class OutageIncidents {
  readonly #options: Options;
  readonly #open = new Map<string, Open>();
  #isStarted = false;
  #alertable: Alertable = { agents: new Set(), units: new Set() };

  constructor(options: Options) {
    this.#options = options;
  }

  /** Call it every second with what is open now. */
  tick(open: readonly Tracked[], now: number): void {
    if (!this.#isStarted) this.#takeUp();
    const byId = new Map(open.map((tracked) => [tracked.outage.id, tracked]));
    const ripe = open.filter(({ openedAt, outage }) => now - openedAt >= tellAfterMs || outage.incident !== undefined);
    const planned = planIncidents(ripe.map(({ outage }) => outage));
    const wanted = new Set(planned.map(keyOf));
    const [ofUnits, ofMachines] = [true, false].map((isUnit) =>
      planned.flatMap(({ kind, subject }) => ((kind === 'unit-unreachable') === isUnit ? [subject] : [])),
    );
    this.#alertable = { agents: new Set(ofMachines), units: new Set(ofUnits) };
    for (const incident of planned) {
      const members = incident.members.flatMap(({ id }) => byId.get(id) ?? []);
      this.#tell(incident, { members, now });
    }
    for (const [key, incident] of this.#open) {
      if (wanted.has(key)) continue;
      this.#open.delete(key);
      this.#close(incident, { planned, now });
    }
  }

  /** A verdict about an outage that is over has changed: its incident is to say so, open or closed. */
  revised({ incident, verdict, confidence, revisions, hostname }: Outage, now: number): void {
    const why = revisions.at(-1)?.why;
    if (incident === undefined || why === undefined) return;
    this.#options.incidents.amend(incident, { at: now, what: verdict, facts: { confidence, why, machine: hostname } });
  }

  /** Of whom someone should be told now. */
  get alertable(): Alertable {
    return this.#alertable;
  }

  #tell(planned: PlannedIncident, { members, now }: { members: readonly Tracked[]; now: number }): void {
    const { incidents, told } = this.#options;
    const { kind, severity, subject, unit, verdict } = planned;
    const known = this.#open.get(keyOf(planned));
    const fresh = members.filter(
      ({ outage }) => outage.incident === undefined || (known && outage.incident !== known.id),
    );
    if (fresh.length > 0) {
      const evidence = { at: now, what: verdict, facts: factsOf(planned.members) };
      const { id } = incidents.report({ kind, severity, subject, unit, evidence, times: fresh.length });
      this.#open.set(keyOf(planned), { kind: kind as OwnKind, subject, unit, id, verdict });
      told(fresh, id);
    } else if (known && known.verdict !== undefined && known.verdict !== verdict) {
      known.verdict = verdict;
      incidents.amend(known.id, { at: now, what: verdict, facts: factsOf(planned.members) });
    } else if (known) known.verdict = verdict;
    if (kind === 'unit-unreachable') this.#foldLines(planned, now);
  }

  /** The unit's incident tells of its dead lines too: one incident for one cause. */
  #foldLines({ unit, kind }: PlannedIncident, now: number): void {
    const parent = this.#open.get(`${kind} ${unit}`);
    if (!parent) return;
    for (const { subject } of this.#options.deadLinesOf(unit)) {
      const incident = this.#options.incidents.openOf('link-down', subject);
      if (incident) this.#options.incidents.fold(incident.id, { at: now, note: `told by incident ${parent.id}` });
    }
  }

  #close(
    { kind, subject, unit, id }: Open,
    { planned, now }: { planned: readonly PlannedIncident[]; now: number },
  ): void {
    const { incidents } = this.#options;
    // What was taken for one machine's trouble is its unit's, or the other way round.
    const other = planned.find(({ members }) =>
      members.some(({ incident, agent }) => incident === id || agent === subject),
    );
    const heir = other && this.#open.get(keyOf(other));
    if (heir) incidents.fold(id, { at: now, note: `told by incident ${heir.id}` });
    else incidents.resolve(kind, subject, now);
    if (kind !== 'unit-unreachable' || unit === undefined) return;
    // The unit is heard again over another line: the dead one is told by itself.
    for (const { subject: line, evidence } of this.#options.deadLinesOf(unit)) {
      const sighting = { kind: 'link-down', severity: 'critical', subject: line, unit } as const;
      incidents.report({ ...sighting, evidence: { at: now, ...evidence } });
    }
  }

  #takeUp(): void {
    this.#isStarted = true;
    for (const { kind, subject, unit, id } of this.#options.incidents.list({ state: 'open', limit: maxOpen })) {
      const own = ownKinds.find((each) => each === kind);
      if (own) this.#open.set(`${own} ${subject}`, { kind: own, subject, unit, id, verdict: undefined });
    }
  }
}

function keyOf({ kind, subject }: Pick<PlannedIncident, 'kind' | 'subject'>): string {
  return `${kind} ${subject}`;
}

function factsOf(members: readonly Outage[]): Record<string, string> {
  const [first] = members;
  return {
    machines: `${members.length}`,
    names: listed(
      members.map(({ hostname }) => hostname),
      maxNames,
    ),
    last_heard: new Date(Math.min(...members.map(({ beganAt }) => beganAt))).toISOString(),
    ...(first && { confidence: first.confidence, evidence: first.evidence.map(({ what }) => what).join(' ') }),
  };
}
