/** Follows the agents: opens an outage when one is away, gathers what is known of it, judges, closes, and judges again. */
import type { Point } from '@vonggac/shared';
import type { Departure, LiveAgent, PlannedAt } from '../live/live-state.ts';
import { type EdgeSignal, judgeOutage, type OutageSignals } from './judgement.ts';
import type { Outage } from './outage.ts';
import type { OutageLedger } from './outage-ledger.ts';
import type { OwnSilence } from './own-line-review.ts';
import { PowerSigns } from './power-signs.ts';
import { evidenceOf, mergedEvidence, type NeighbourWord, type PowerWord } from './signal-evidence.ts';
import { lanOf, readDeparture, readPower, type Tracked, tellReadings } from './tracked.ts';
import { countUnit, neighboursOf } from './unit-signals.ts';

/** Evidence about an outage that has just begun comes in within minutes. */
const youngMs = 300_000;
const judgeYoungEveryMs = 5_000;
const judgeEveryMs = 60_000;
/** An edge that answered this long after an agent was heard last was asked since. */
const edgeAskedMs = 60_000;
/** By then readings of the outage have begun to arrive. */
export const settledMs = 90_000;
/** Closed outages that others of the same moment, or late readings, may still tell of. */
const recentMs = 6 * 3_600_000;

export interface UnitLine {
  readonly link: string;
  readonly kind: EdgeSignal['kind'];
  /** What the collector's check of the edge says now; undefined when nothing is known. */
  readonly edgeAnswers: boolean | undefined;
}

export interface WatchOptions {
  readonly ledger: Pick<OutageLedger, 'open' | 'save' | 'list' | 'together'>;
  readonly agent: (id: string) => LiveAgent | undefined;
  readonly agentsOf: (unit: string) => readonly LiveAgent[];
  readonly linesOf: (unit: string) => readonly UnitLine[];
  /** What gateways of the unit have found out about a silent machine since then. */
  readonly neighbourOf: (agent: LiveAgent, since: number) => NeighbourWord | undefined;
  readonly plannedAt: PlannedAt;
}

export class OutageWatch {
  readonly #options: WatchOptions;
  readonly #open = new Map<string, Tracked>();
  /** Of each agent the last one that has ended. */
  readonly #closed = new Map<string, Tracked>();
  readonly #byUnit = new Map<string, Set<Tracked>>();
  readonly #changed = new Set<string>();
  readonly #changedUnits = new Set<string>();
  readonly #power = new PowerSigns();
  #revised = 0;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Takes up what stands in the file as open, and what may still be revised; also when the two have come apart. */
  start(now: number): void {
    const { ledger } = this.#options;
    for (const known of [this.#open, this.#closed, this.#byUnit]) known.clear();
    const recent = ledger.list({ state: 'closed', from: now - recentMs }).reverse();
    for (const outage of [...recent, ...ledger.list({ state: 'open' })]) {
      const known = { power: readPower(outage), openedAt: Number.NEGATIVE_INFINITY };
      const tracked: Tracked = { ...fresh(outage, readDeparture(outage)), ...known };
      this.#keep(tracked);
      if (outage.endedAt === undefined) this.#open.set(outage.agent, tracked);
      else this.#closed.set(outage.agent, tracked);
    }
  }

  /** An agent's state has changed. */
  follow({ record }: LiveAgent): void {
    this.#changed.add(record.id);
    this.#changedUnits.add(record.unit);
  }

  /** What an agent has measured, now or while nobody heard it. */
  take(agent: string, points: readonly Point[]): void {
    const unit = this.#options.agent(agent)?.record.unit;
    if (unit !== undefined && this.#power.take(agent, points)) this.#changedUnits.add(unit);
    // They come in the same moment in which the agent is back, before the outage is closed.
    const open = this.#open.get(agent);
    const tracked = open ?? this.#closed.get(agent);
    const end = open ? this.#options.agent(agent)?.since : tracked?.outage.endedAt;
    if (tracked && end !== undefined && tellReadings(tracked, points, end)) tracked.dueAt = 0;
  }

  /** Open ones. */
  open(): Tracked[] {
    return [...this.#open.values()];
  }

  openOf(agent: string): Tracked | undefined {
    return this.#open.get(agent);
  }

  /** Revisions since the start. */
  get revised(): number {
    return this.#revised;
  }

  /** The incident that tells of these outages from now on. */
  told(tracked: readonly Tracked[], incident: number): void {
    this.#options.ledger.together(() => {
      for (const each of tracked) this.#save(each, { ...each.outage, incident });
    });
  }

  /** Silences that were laid to the collector's own line, and were of the machines' own making after all. */
  recover(silences: readonly OwnSilence[], now: number): void {
    this.#options.ledger.together(() => {
      for (const { agent: id, beganAt, endedAt } of silences) {
        const agent = this.#options.agent(id);
        const known = this.#closed.get(id);
        if (known && (known.outage.endedAt ?? 0) > beganAt) {
          known.isCutOff = false;
          known.dueAt = 0;
        } else if (agent?.state === 'online' && !this.#open.has(id)) {
          const draft = draftOf(agent, beganAt);
          // What lines and neighbours say by now is not of that time.
          const tracked = { ...fresh(this.#options.ledger.open(draft), 'silent'), openedAt: now };
          this.#keep(tracked);
          this.#end(tracked, { ...agent, since: endedAt }, now);
        }
      }
    });
  }

  /** Call it every second. Returns what was judged otherwise than before. */
  tick(now: number): Tracked[] {
    const judged: Tracked[] = [];
    this.#options.ledger.together(() => {
      for (const id of this.#changed) this.#follow(id, now);
      this.#changed.clear();
      const changedUnits = new Set(this.#changedUnits);
      this.#changedUnits.clear();
      for (const tracked of [...this.#open.values(), ...this.#closed.values()]) {
        const isDue = now >= tracked.dueAt || changedUnits.has(tracked.outage.unit);
        if (isDue && this.#judge(tracked, now)) judged.push(tracked);
      }
    });
    this.#forget(now);
    return judged;
  }

  #follow(id: string, now: number): void {
    const agent = this.#options.agent(id);
    if (!agent) return;
    const open = this.#open.get(id);
    const isAway = agent.state === 'offline' || agent.state === 'planned';
    if (isAway && !open) this.#begin(agent, now);
    if (open && (agent.state === 'online' || agent.state === 'retired')) this.#end(open, agent, now);
  }

  /** One that was never heard is not away. */
  #begin(agent: LiveAgent, now: number): void {
    if (agent.lastSeen === undefined) return;
    const beganAt = Math.min(agent.lastSeen, now);
    const draft = draftOf(agent, beganAt);
    const tracked = { ...fresh(draft, agent.departure), openedAt: now };
    const { signals, words } = this.#gather(tracked, now);
    const { verdict, confidence } = judgeOutage(signals);
    const evidence = mergedEvidence([], evidenceOf(signals, words), now).map((each, index) =>
      index === 0 ? { ...each, at: agent.departure === 'silent' ? beganAt : Math.min(agent.since, now) } : each,
    );
    tracked.outage = this.#options.ledger.open({ ...draft, verdict, confidence, evidence });
    tracked.dueAt = now + judgeYoungEveryMs;
    this.#open.set(agent.record.id, tracked);
    this.#keep(tracked);
  }

  #end(tracked: Tracked, agent: LiveAgent, now: number): void {
    const { outage } = tracked;
    const endedAt = Math.max(outage.beganAt, Math.min(agent.since, now));
    this.#open.delete(outage.agent);
    const before = this.#closed.get(outage.agent);
    if (before) this.#release(before);
    this.#closed.set(outage.agent, tracked);
    tracked.dueAt = 0;
    this.#save(tracked, { ...outage, endedAt });
    if (agent.state === 'retired' || !agent.life) return;
    tracked.returned = { at: endedAt, ...agent.life };
  }

  /** True when the verdict has changed. */
  #judge(tracked: Tracked, now: number): boolean {
    const { outage } = tracked;
    const { signals, words } = this.#gather(tracked, now);
    tracked.dueAt = this.#dueAfter(tracked, now);
    const { verdict, confidence, why } = judgeOutage(signals);
    const evidence = mergedEvidence(outage.evidence, evidenceOf(signals, words), now);
    const isRevised = verdict !== outage.verdict;
    if (isRevised) this.#revised += 1;
    const revision = { at: now, from: outage.verdict, to: verdict, why };
    const revisions = isRevised ? [...outage.revisions, revision].slice(-maxRevisions) : outage.revisions;
    const next = { ...outage, verdict, confidence, evidence, revisions };
    if (JSON.stringify(next) !== JSON.stringify(outage)) this.#save(tracked, next);
    return isRevised;
  }

  #dueAfter({ outage, returned }: Tracked, now: number): number {
    if (outage.endedAt === undefined) {
      return now + (now - outage.beganAt < youngMs ? judgeYoungEveryMs : judgeEveryMs);
    }
    const settledAt = (returned?.at ?? 0) + settledMs;
    return now < settledAt ? settledAt : Number.POSITIVE_INFINITY;
  }

  #gather(tracked: Tracked, now: number): { signals: OutageSignals; words: Pick<Tracked, 'neighbour' | 'power'> } {
    const { outage, departure, returned } = tracked;
    const { unit, agent: id, beganAt, endedAt } = outage;
    const agent = this.#options.agent(id);
    if (endedAt === undefined) this.#look(tracked, now);
    const isOpen = endedAt === undefined && agent !== undefined;
    if (isOpen) {
      tracked.isCutOff = agent.state === 'inconclusive';
      tracked.neighbour = this.#options.neighbourOf(agent, beganAt) ?? tracked.neighbour;
    }
    const agents = this.#options.agentsOf(unit);
    tracked.power = this.#powerAt(beganAt, agents) ?? tracked.power;
    const others = neighboursOf(tracked, {
      agents,
      outages: this.#byUnit.get(unit) ?? new Set(),
    });
    const { neighbour, power } = tracked;
    const signals: OutageSignals = {
      class: outage.class,
      beganAt,
      departure,
      planned: tracked.planned,
      isCollectorCutOff: tracked.isCutOff,
      neighbours: neighbour === undefined ? 'unknown' : neighbour.answers ? 'answers' : 'silent',
      unit: countUnit(others),
      edges: [...tracked.edges.values()],
      battery: power?.source,
      returned: returned && {
        at: returned.at,
        startedAt: returned.startedAt,
        bootedAt: returned.bootedAt,
        readings: tracked.measured.readings,
        lan: lanOf(tracked.measured),
        isSettled: now - returned.at >= settledMs,
      },
    };
    return { signals, words: { neighbour, power } };
  }

  #powerAt(time: number, agents: readonly LiveAgent[]): PowerWord | undefined {
    const ids = agents.map(({ record }) => record.id);
    const sign = this.#power.at(time, ids);
    const hostname = agents.find(({ record }) => record.id === sign?.agent)?.record.hostname;
    return sign && { source: sign.source, since: sign.since, machine: hostname ?? sign.agent };
  }

  /** What is known only while it lasts. */
  #look(tracked: Tracked, now: number): void {
    const { unit, agent: agentId, class: agentClass, beganAt } = tracked.outage;
    const subject = { unit, agentId, class: agentClass };
    tracked.planned = this.#options.plannedAt(subject, beganAt) && this.#options.plannedAt(subject, now);
    for (const { link, kind, edgeAnswers } of this.#options.linesOf(unit)) {
      if (edgeAnswers === false) tracked.edges.set(link, { link, kind, answers: false });
      const isAsked = now - beganAt > edgeAskedMs;
      if (edgeAnswers && isAsked && !tracked.edges.has(link)) tracked.edges.set(link, { link, kind, answers: true });
    }
  }

  #save(tracked: Tracked, outage: Outage): void {
    tracked.outage = outage;
    this.#options.ledger.save(outage);
  }

  #keep(tracked: Tracked): void {
    const { unit } = tracked.outage;
    const known = this.#byUnit.get(unit) ?? new Set();
    known.add(tracked);
    this.#byUnit.set(unit, known);
  }

  #release(tracked: Tracked): void {
    const known = this.#byUnit.get(tracked.outage.unit);
    known?.delete(tracked);
    if (known?.size === 0) this.#byUnit.delete(tracked.outage.unit);
  }

  #forget(now: number): void {
    this.#power.forget(now - recentMs);
    for (const [agent, tracked] of this.#closed) {
      if (now - (tracked.outage.endedAt ?? now) < recentMs) continue;
      this.#closed.delete(agent);
      this.#release(tracked);
    }
  }
}

const maxRevisions = 20;

/** Not judged yet. */
function draftOf({ record: { id, hostname, unit, class: agentClass } }: LiveAgent, beganAt: number): Outage {
  return {
    id: 0,
    agent: id,
    hostname,
    unit,
    class: agentClass,
    beganAt,
    endedAt: undefined,
    verdict: 'unknown',
    confidence: 'low',
    evidence: [],
    revisions: [],
    incident: undefined,
  };
}

function fresh(outage: Outage, departure: Departure | undefined): Tracked {
  return {
    outage,
    departure,
    openedAt: 0,
    dueAt: 0,
    edges: new Map(),
    planned: undefined,
    neighbour: undefined,
    power: undefined,
    isCutOff: false,
    returned: undefined,
    measured: { readings: 0, reached: 0, silent: 0 },
  };
}
