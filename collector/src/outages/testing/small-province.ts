/** A few units with machines that live, leave and come back as a test says, and everything that judges them, in memory. */
import type { AgentClass } from '@vonggac/shared';
import { agentRecord } from '../../connectivity/testing/live-agents.ts';
import type { Incident, Sighting } from '../../incidents/incident.ts';
import { type Departure, LiveState, type Planned } from '../../live/live-state.ts';
import type { Outage } from '../outage.ts';
import { OutageIncidents } from '../outage-incidents.ts';
import type { OutageToOpen } from '../outage-ledger.ts';
import { OutageWatch, type UnitLine } from '../outage-watch.ts';
import type { NeighbourWord } from '../signal-evidence.ts';

const heartbeatEveryMs = 10_000;

/** Keeps what the real one writes to its file. */
export class MemoryLedger {
  readonly rows: Outage[] = [];

  together(work: () => void): void {
    work();
  }

  open(outage: OutageToOpen): Outage {
    const row = { ...outage, id: this.rows.length + 1, endedAt: undefined, revisions: [], incident: undefined };
    this.rows.push(row);
    return row;
  }

  save(outage: Outage): void {
    this.rows[outage.id - 1] = outage;
  }

  list(query: { state?: string | undefined; from?: number | undefined }): Outage[] {
    const isWanted = ({ endedAt }: Outage) =>
      query.state === 'open' ? endedAt === undefined : endedAt !== undefined && endedAt > (query.from ?? 0);
    return this.rows.filter(isWanted).reverse();
  }

  of(agent: string): Outage[] {
    return this.rows.filter((row) => row.agent === agent);
  }
}

/** Keeps what the real one writes to its file. */
export class MemoryIncidents {
  readonly all: Incident[] = [];

  report({ kind, severity, subject, unit, evidence, times = 1 }: Sighting): Incident {
    const known = this.openOf(kind, subject);
    const base = known ?? {
      id: this.all.length + 1,
      openedAt: evidence.at,
      closedAt: undefined,
      closedBy: undefined,
      acknowledgedAt: undefined,
      acknowledgedBy: undefined,
      assignedTo: undefined,
      assignedBy: undefined,
      assignedAt: undefined,
      snoozedUntil: undefined,
      snoozedBy: undefined,
      level: 1,
      heldSince: undefined,
      heldMs: 0,
      note: undefined,
      count: 0,
      evidence: [],
    };
    const count = base.count + times;
    const seen = [...base.evidence, evidence];
    const incident = { ...base, kind, severity, subject, unit, lastAt: evidence.at, count, evidence: seen };
    this.all[incident.id - 1] = incident;
    return incident;
  }

  openOf(kind: string, subject: string): Incident | undefined {
    return this.open().find((each) => each.kind === kind && each.subject === subject);
  }

  open(): Incident[] {
    return this.all.filter(({ closedAt }) => closedAt === undefined);
  }

  list(): Incident[] {
    return this.open();
  }

  resolve(kind: Incident['kind'], subject: string, at: number): boolean {
    const incident = this.openOf(kind, subject);
    if (incident) this.all[incident.id - 1] = { ...incident, closedAt: at };
    return incident !== undefined;
  }

  fold(id: number, { at, note }: { at: number; note: string }): boolean {
    const incident = this.all[id - 1];
    if (incident) this.all[id - 1] = { ...incident, closedAt: at, note };
    return incident !== undefined;
  }

  amend(id: number, evidence: Incident['evidence'][number]): void {
    const incident = this.all[id - 1];
    if (incident) this.all[id - 1] = { ...incident, evidence: [...incident.evidence, evidence] };
  }
}

export class SmallProvince {
  now = Date.UTC(2026, 10, 23, 2);
  readonly ledger = new MemoryLedger();
  readonly incidents = new MemoryIncidents();
  readonly live: LiveState;
  /** By unit. */
  readonly lines = new Map<string, UnitLine[]>();
  /** What gateways say of silent machines. */
  readonly neighbours = new Map<string, NeighbourWord>();
  readonly planned = new Map<string, Planned>();
  watch: OutageWatch;
  alerts: OutageIncidents;
  readonly #alive = new Set<string>();

  constructor(machines: Readonly<Record<string, readonly [unit: string, agentClass: AgentClass]>>) {
    this.live = new LiveState(() => this.now, { plannedAt: ({ agentId }) => this.planned.get(agentId) });
    for (const [id, [unit, agentClass]] of Object.entries(machines)) {
      this.live.put(agentRecord(id, { unit, class: agentClass }));
    }
    this.watch = this.#newWatch();
    this.alerts = this.#newAlerts();
    this.live.subscribe((change) => {
      if (change.kind === 'state') this.watch.follow(change.agent);
    });
    for (const id of Object.keys(machines)) this.arrive(id);
    this.pass(1_000);
  }

  /** As a collector that starts anew on the same files. */
  restart(): void {
    this.watch = this.#newWatch();
    this.alerts = this.#newAlerts();
    this.watch.start(this.now);
    for (const agent of this.live.all()) this.watch.follow(agent);
  }

  /** `bootedAt` and `startedAt` as the agent says; long ago when absent. */
  arrive(id: string, life: { bootedAt?: number; startedAt?: number } = {}): void {
    const bootedAt = life.bootedAt ?? 0;
    this.live.connected(id, 0, { bootedAt, startedAt: life.startedAt ?? bootedAt });
    this.#alive.add(id);
  }

  leave(id: string, departure: Departure): void {
    this.#alive.delete(id);
    this.live.disconnected(id, departure);
  }

  /** Nothing comes any more; the session is closed for it after a while. */
  cut(...ids: string[]): void {
    for (const id of ids) this.#alive.delete(id);
  }

  /** Time passes as it does: machines send signs of life, the collector looks every second. */
  pass(ms: number): void {
    for (const end = this.now + ms; this.now < end; ) {
      this.now += 1_000;
      if (this.now % heartbeatEveryMs === 0) for (const id of this.#alive) this.live.heard(id);
      for (const { record, lastSeen = 0, departure } of this.live.all()) {
        const isGone = !this.#alive.has(record.id) && departure === undefined && this.now - lastSeen >= 25_000;
        if (isGone) this.live.disconnected(record.id, 'silent');
      }
      this.live.tick();
      const revised = this.watch.tick(this.now);
      this.alerts.tick(this.watch.open(), this.now);
      for (const { outage } of revised) if (outage.endedAt !== undefined) this.alerts.revised(outage, this.now);
    }
  }

  verdict(agent: string): string | undefined {
    const outage = this.ledger.of(agent).at(-1);
    return outage && `${outage.verdict} ${outage.confidence}`;
  }

  #newWatch(): OutageWatch {
    return new OutageWatch({
      ledger: this.ledger,
      agent: (id) => this.live.get(id),
      agentsOf: (unit) => this.live.all().filter(({ record }) => record.unit === unit),
      linesOf: (unit) => this.lines.get(unit) ?? [],
      neighbourOf: ({ record }) => this.neighbours.get(record.id),
      plannedAt: ({ agentId }) => this.planned.get(agentId),
    });
  }

  #newAlerts(): OutageIncidents {
    return new OutageIncidents({
      incidents: this.incidents,
      deadLinesOf: (unit) =>
        (this.lines.get(unit) ?? []).flatMap(({ link, edgeAnswers }) =>
          edgeAnswers === false ? [{ subject: `${unit}/${link}`, evidence: { what: 'edge-silent', facts: {} } }] : [],
        ),
      told: (tracked, incident) => this.watch.told(tracked, incident),
    });
  }
}
