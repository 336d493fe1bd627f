/** Watches the units' lines: judges each from both ends, keeps the ledger, tells of changes, opens and closes incidents. */
import { type Point, point } from '@vonggac/shared';
import type { Incidents } from '../incidents/incidents.ts';
import type { LiveAgent } from '../live/live-state.ts';
import type { UnitLink } from '../registry/unit-values.ts';
import { edgeTargetId } from './edge-targets.ts';
import type { LinkDays } from './link-days.ts';
import { LinkHolding } from './link-holding.ts';
import { LinkIncidents, nameOf } from './link-incidents.ts';
import {
  factsOf,
  judgeLink,
  type LinkCause,
  type LinkEvidence,
  type LinkJudgement,
  type LinkState,
  linkStates,
} from './link-judgement.ts';
import type { LinkKey, LinkLedger } from './link-ledger.ts';
import { asTarget, gatherEvidence } from './link-outlook.ts';
import type { ConnectivitySection } from './settings.ts';
import { TargetResults } from './target-results.ts';
import type { UnitIndex } from './unit-index.ts';

const reportEveryMs = 60_000;
/** The values of `unit_link.alert`. */
const alerts = { none: 0, down: 1, degraded: 2, internetDown: 3 } as const;
/** A collector that was held up this long knows nothing of the time between. */
const pauseMs = 60_000;

interface Options {
  readonly settings: Pick<ConnectivitySection, 'edge' | 'links'>;
  readonly ledger: LinkLedger;
  readonly days: LinkDays;
  readonly edges: TargetResults;
  readonly agentsOf: (unit: string) => readonly LiveAgent[];
  readonly incidents: Pick<Incidents, 'report' | 'resolve' | 'fold' | 'openOf'>;
  readonly isPlanned?: ((key: LinkKey, now: number) => boolean) | undefined;
  readonly emit: (unit: string, points: readonly Point[]) => void;
  /** What the collector's own readings are kept under. */
  readonly collector: string;
}

/** What was last judged of a line, and from what. */
export type LinkNow = Readonly<Pick<Watched, 'judgement' | 'evidence'>>;

interface Watched extends LinkKey {
  kind: UnitLink['kind'];
  readonly carrier: string;
  readonly holding: LinkHolding;
  judgement: LinkJudgement;
  /** As it stands in the ledger. */
  cause: LinkCause;
  evidence: LinkEvidence | undefined;
  reportedAt: number;
  /** As it was reported. */
  alert: number;
  /** Its state is another than was reported. */
  isChanged: boolean;
  /** Of the last reading that went into the day's sums. */
  countedAt: number;
}

export class LinkWatch {
  readonly #options: Options;
  readonly #gateways = new TargetResults();
  readonly #incidents: LinkIncidents;
  #watched = new Map<string, Watched>();
  #linksOf = new Map<string, readonly string[]>();
  #startedAt = 0;
  #tickedAt = 0;
  #savedAt = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#incidents = new LinkIncidents({ ...options, linksOf: (unit) => this.linksOf(unit) });
  }

  start(now: number): void {
    this.#startedAt = now;
    this.#tickedAt = now;
    this.#options.ledger.resume(now);
  }

  /** Writes what is left. */
  stop(now: number): void {
    if (this.#startedAt === 0) return;
    this.#options.days.save();
    this.#options.ledger.setAlive(now);
  }

  /** Takes what an agent has measured. */
  take(agent: string, points: readonly Point[]): void {
    const readings = points.flatMap((each) => {
      // How often it reports.
      if (each.measurement === 'agent') return [each];
      const reading = asTarget(each);
      if (!reading) return [];
      // A gateway that never found the line among its interfaces says nothing of it.
      const isFound = each.fields.interface !== undefined;
      return isFound || this.#gateways.of(agent, reading.tags.target ?? '') ? [reading] : [];
    });
    if (readings.length > 0) this.#gateways.take(agent, readings);
  }

  /** Follows the units' records. */
  follow(units: UnitIndex, now: number): void {
    const before = this.#watched;
    this.#watched = new Map();
    this.#linksOf = new Map();
    for (const { code: unit, links = [] } of units.all()) {
      if (links.length === 0) continue;
      const ids = links.map(({ id }) => id);
      this.#linksOf.set(unit, ids);
      for (const { id: link, kind, carrier = '' } of links) {
        const name = nameOf({ unit, link });
        const known = before.get(name);
        const isSame = known?.carrier === carrier;
        if (isSame) known.kind = kind;
        this.#watched.set(name, isSame ? known : this.#newlyWatched({ unit, link, kind, carrier }, now));
      }
    }
    for (const key of this.#options.ledger.open()) {
      if (this.#watched.has(nameOf(key))) continue;
      this.#options.ledger.end(key, now);
      this.#incidents.ended(key, now);
    }
  }

  /** Call it every few seconds. */
  tick(now: number): void {
    if (now - this.#tickedAt > pauseMs) this.#missed(now);
    this.#tickedAt = now;
    for (const watched of this.#watched.values()) this.#look(watched, now);
    this.#incidents.tell(now);
    for (const watched of this.#watched.values()) this.#reportWhenDue(watched, now);
    if (now - this.#savedAt < reportEveryMs && now >= this.#savedAt) return;
    this.#savedAt = now;
    this.#options.days.save();
    this.#options.ledger.setAlive(now);
  }

  /** Ids of a unit's lines. */
  linksOf(unit: string): readonly string[] {
    return this.#linksOf.get(unit) ?? [];
  }

  /** Whether every line of the unit is dead. */
  isCutOff(unit: string): boolean {
    const links = this.#linksOf.get(unit) ?? [];
    return (
      links.length > 0 && links.every((link) => this.#watched.get(nameOf({ unit, link }))?.holding.state === 'down')
    );
  }

  /** The incidents that the unit's dead lines make. */
  deadLinesOf(unit: string): ReturnType<LinkIncidents['deadLinesOf']> {
    return this.#incidents.deadLinesOf(unit);
  }

  /** What is known of a line now. */
  now(key: LinkKey): LinkNow | undefined {
    return this.#watched.get(nameOf(key));
  }

  /** Another carrier begins a time of its own. */
  #newlyWatched({ unit, link, kind, carrier }: LinkKey & Pick<Watched, 'carrier' | 'kind'>, now: number): Watched {
    const evidence = { at: now, what: 'watched', facts: { carrier } };
    this.#options.ledger.record({ unit, link }, { ...unknownState, carrier, at: now, evidence });
    return {
      unit,
      link,
      kind,
      carrier,
      holding: new LinkHolding('unknown', this.#options.settings.links),
      judgement: unknownState,
      cause: unknownState.cause,
      evidence: undefined,
      reportedAt: Number.NEGATIVE_INFINITY,
      alert: alerts.none,
      isChanged: false,
      countedAt: now,
    };
  }

  #missed(now: number): void {
    this.#options.ledger.gap(this.#tickedAt);
    this.#startedAt = now;
    for (const [name, watched] of this.#watched) {
      const holding = new LinkHolding('unknown', this.#options.settings.links);
      this.#watched.set(name, { ...watched, holding, cause: 'collector-outage' });
    }
  }

  #look(watched: Watched, now: number): void {
    const { settings, edges, agentsOf, collector } = this.#options;
    const { unit } = watched;
    const links = this.#linksOf.get(unit) ?? [];
    const sources = { settings, edges, gateways: this.#gateways, agents: agentsOf(unit), links, collector, now };
    const evidence = gatherEvidence(watched, sources);
    const judgement = judgeLink(evidence, settings.links);
    const begun = watched.holding.take(judgement, now);
    watched.judgement = judgement;
    watched.evidence = evidence;
    if (begun) this.#enter(watched, { ...begun, now });
    else if (judgement.state === watched.holding.state) this.#refine(watched, now);
    this.#count(watched, evidence);
    watched.isChanged ||= begun !== undefined;
  }

  #enter(watched: Watched, { state, at, now }: { state: LinkState; at: number; now: number }): void {
    const { judgement, evidence, unit, link, carrier } = watched;
    // A line that comes back poor is up until that has lasted.
    const cause = state === judgement.state ? judgement.cause : 'works';
    watched.cause = cause;
    const facts = evidence ? factsOf(evidence) : {};
    const seen = { at: now, what: cause, facts };
    // What the evidence says of the time before the collector's start was not seen by it.
    const from = Math.max(at, this.#startedAt);
    this.#options.ledger.record({ unit, link }, { state, cause, carrier, at: from, evidence: seen });
    this.#incidents.entered(watched, { state, evidence: { ...seen, facts: { carrier, ...facts } } });
  }

  /** The same state for a reason that is better known. */
  #refine(watched: Watched, now: number): void {
    const { judgement, evidence, unit, link, cause: before } = watched;
    if (judgement.cause === before || !isClearer(judgement.cause, before) || !evidence) return;
    watched.cause = judgement.cause;
    const seen = { at: now, what: judgement.cause, facts: factsOf(evidence) };
    const note = `${before} at first`;
    this.#options.ledger.revise({ unit, link }, { at: now, cause: judgement.cause, note, evidence: seen });
  }

  /** From the collector's end when it checks it, else from the unit's; never both, which measure different ways. */
  #count(watched: Watched, { edge, gateway }: LinkEvidence): void {
    const { edges, collector, days } = this.#options;
    const result = edge
      ? edges.of(collector, edgeTargetId(watched))
      : gateway && this.#gateways.of(gateway.agent, watched.link);
    // A line that is down has no round trip, and its loss is told by the interval.
    if (!result || result.at <= watched.countedAt || watched.holding.state === 'down') return;
    watched.countedAt = result.at;
    days.add(watched, result);
  }

  /** After incidents were told of, by which it is known whether anyone is to hear of the line itself. */
  #reportWhenDue(watched: Watched, now: number): void {
    const alert = this.#alertOf(watched, now);
    if (!watched.isChanged && alert === watched.alert && now - watched.reportedAt < reportEveryMs) return;
    watched.isChanged = false;
    watched.alert = alert;
    this.#report(watched, now);
  }

  #alertOf(watched: Watched, now: number): number {
    const { unit, link, kind, holding } = watched;
    if (!this.#incidents.isAlertable(watched, { state: holding.state, now })) return alerts.none;
    if (holding.state === 'degraded') return alerts.degraded;
    const others = this.linksOf(unit).filter((each) => each !== link);
    const states = others.map((other) => this.#watched.get(nameOf({ unit, link: other }))?.holding.state);
    const hasOther = states.some((state) => state === 'up' || state === 'degraded');
    return kind === 'internet' && hasOther ? alerts.internetDown : alerts.down;
  }

  #report(watched: Watched, now: number): void {
    watched.reportedAt = now;
    const { link, carrier, unit, holding, judgement, evidence, alert } = watched;
    // Of a line that is down they say nothing that its state does not.
    const reading = holding.state === 'down' ? undefined : (evidence?.edge ?? evidence?.gateway);
    const fields = {
      state: linkStates[holding.state],
      cause: holding.state === judgement.state ? judgement.cause : undefined,
      rtt_ms: reading?.rttMs,
      loss_percent: reading?.lossPercent,
      alertable: Number(alert !== alerts.none),
      alert,
    };
    this.#options.emit(unit, [point('unit_link', { time: now, tags: { link, carrier: carrier || '-' }, fields })]);
  }
}

const unknownState = { state: 'unknown', cause: 'no-evidence' } as const;

/** What one end could not know, the other may; and an edge that is mute may only not have been asked again yet. */
const vague: ReadonlySet<LinkCause> = new Set([
  'both-ends-silent',
  'edge-silent',
  'next-hop-silent',
  'edge-mute',
  'unclear',
  'no-evidence',
]);

function isClearer(cause: LinkCause, before: LinkCause): boolean {
  return vague.has(before) && !vague.has(cause);
}
