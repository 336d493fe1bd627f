/** Everything that the collector does about outages and their causes, built, started and stopped together. */
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Connectivity } from '../connectivity/connectivity.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { LiveAgent, LiveChange, LiveState, PlannedAt } from '../live/live-state.ts';
import type { Units } from '../registry/units.ts';
import type { StoreBatch } from '../stores/store.ts';
import { addOutageGauges } from './outage-gauges.ts';
import { collectorSubject, OutageIncidents } from './outage-incidents.ts';
import { OutageLedger, type OutageSpan } from './outage-ledger.ts';
import { OutageWatch } from './outage-watch.ts';
import { OwnGaps } from './own-gaps.ts';
import { isLineBack, ownLineCut } from './own-line.ts';
import { OwnLineReview } from './own-line-review.ts';
import { StateReport } from './state-report.ts';
import { UnitSurroundings } from './unit-surroundings.ts';

const tickEveryMs = 1_000;
const tidyEveryMs = 3_600_000;
/** Units that a text names. */
const maxNamed = 10;

interface Options {
  readonly folder: string;
  readonly live: LiveState;
  readonly units: Pick<Units, 'list'>;
  readonly connectivity: Pick<Connectivity, 'links' | 'results'>;
  readonly plannedAt: PlannedAt;
  readonly incidents: Incidents;
  readonly ingest: Pick<Ingest, 'write'>;
  readonly registry: Registry;
  readonly logger: Logger;
  readonly now: () => number;
  /** Of this machine. */
  readonly ownAddresses: () => ReadonlySet<string>;
}

export class Outages {
  readonly ledger: OutageLedger;
  readonly #options: Options;
  readonly #surroundings: UnitSurroundings;
  readonly #watch: OutageWatch;
  readonly #incidents: OutageIncidents;
  readonly #gaps: OwnGaps;
  readonly #report: StateReport;
  /** While the collector's own line is held for dead, and until it is sure that it was. */
  #review: OwnLineReview | undefined;
  #isCutOff = false;
  /** What was kept in memory is not what stands in the file. */
  #isStale = true;
  #unsubscribe: (() => void) | undefined;
  #timers: NodeJS.Timeout[] = [];

  /** Opens its file. Throws DataFolderError. */
  constructor(options: Options) {
    const { folder, live, connectivity, plannedAt, incidents, ingest } = options;
    this.#options = options;
    this.ledger = new OutageLedger(folder);
    const surroundings = new UnitSurroundings({ live, connectivity });
    this.#surroundings = surroundings;
    this.#watch = new OutageWatch({
      ledger: this.ledger,
      agent: (id) => live.get(id),
      agentsOf: (unit) => surroundings.agentsOf(unit),
      linesOf: (unit) => surroundings.linesOf(unit),
      neighbourOf: (agent, since) => surroundings.neighbourOf(agent, since),
      plannedAt,
    });
    this.#incidents = new OutageIncidents({
      incidents,
      deadLinesOf: (unit) => surroundings.deadLinesOf(unit),
      told: (tracked, incident) => this.#watch.told(tracked, incident),
    });
    this.#gaps = new OwnGaps({ ledger: this.ledger, live });
    this.#report = new StateReport({
      // Not kept for later when the store is away: the next ones come in a minute.
      emit: (batch) => void ingest.write(batch),
    });
  }

  start(): void {
    const { live, registry, now } = this.#options;
    this.unitsChanged();
    this.#gaps.start(now());
    this.#unsubscribe = live.subscribe((change) => this.#follow(change));
    this.#timers = [
      setInterval(() => this.#guarded(() => this.#tick()), tickEveryMs),
      setInterval(() => this.#guarded(() => this.ledger.forgetOld(now())), tidyEveryMs),
    ];
    addOutageGauges(registry, { open: () => this.#watch.open(), revised: () => this.#watch.revised });
  }

  /** Safe twice and before start. */
  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    if (this.ledger.isOpen) this.#guarded(() => this.#gaps.stop(this.#options.now()));
    this.ledger.stop();
  }

  unitsChanged(): void {
    this.#surroundings.follow(this.#options.units.list());
  }

  /** Takes what an agent has measured; the same batch may come twice. Never throws. */
  take({ origin, points }: Pick<StoreBatch, 'origin' | 'points'>): void {
    this.#guarded(() => {
      this.#review?.take({ origin, points }, this.#options.live.get(origin.agent));
      this.#watch.take(origin.agent, points);
    });
  }

  /** Outages of which some part lies in `from` to `to`, by agent, oldest first. */
  between(query: Parameters<OutageLedger['spans']>[0]): OutageSpan[] {
    return this.ledger.spans(query);
  }

  /**
   * Times in which the collector itself was away, held up or cut off, oldest first: nothing that it says of them counts,
   * neither an outage nor that there was none. One that lasts ends now.
   */
  collectorGaps(from: number, to: number): { from: number; to: number }[] {
    return this.ledger.gaps(from, to).map((gap) => ({ from: gap.from, to: gap.to ?? this.#options.now() }));
  }

  #follow(change: LiveChange): void {
    if (change.kind !== 'state') return;
    this.#surroundings.changed(change.agent);
    this.#watch.follow(change.agent);
    this.#report.changed(change.agent);
  }

  #tick(): void {
    const { live, now } = this.#options;
    const at = now();
    if (this.#isStale) {
      this.#watch.start(at);
      for (const agent of live.all()) this.#watch.follow(agent);
      this.#isStale = false;
    }
    try {
      this.#lookAtOwnLine(live.all(), at);
      this.#gaps.tick(at, { isCutOff: this.#isCutOff });
      const revised = this.#watch.tick(at);
      const open = this.#watch.open();
      this.#incidents.tick(open, at);
      for (const { outage } of revised) if (outage.endedAt !== undefined) this.#incidents.revised(outage, at);
      const alertable = this.#incidents.alertable;
      this.#report.tick({ live, outages: open.map(({ outage }) => outage), alertable, now: at });
    } catch (error) {
      this.#isStale = true;
      throw error;
    }
  }

  /** Whoever is cut off itself calls nobody away, and tells of that. */
  #lookAtOwnLine(agents: readonly LiveAgent[], now: number): void {
    const { live, incidents, logger, ownAddresses } = this.#options;
    this.#review?.look(agents);
    if (this.#review && this.#isCutOff) {
      if (!isLineBack(this.#review.cut, agents)) return live.doubt(this.#review.cut.since);
      this.#isCutOff = false;
      this.#review.back(now);
      live.trust();
      incidents.resolve('collector-cut-off', collectorSubject, now);
      logger.info('the units are heard again');
      return;
    }
    if (this.#review?.isDue(now)) this.#concludeReview(this.#review, now);
    const edgeAnswers = (unit: string) => this.#surroundings.edgeAnswers(unit);
    const cut = ownLineCut(agents, { now, edgeAnswers, ownAddresses });
    if (!cut) return;
    this.#isCutOff = true;
    this.#review = new OwnLineReview(cut, agents);
    live.doubt(cut.since);
    this.#gaps.cutOff(cut.since);
    const facts = { units: `${cut.units.length}`, of: `${cut.of}` };
    const evidence = { at: now, what: 'most-units-silent', facts };
    const sighting = { kind: 'collector-cut-off', severity: 'critical', subject: collectorSubject } as const;
    incidents.report({ ...sighting, unit: undefined, evidence });
    logger.error(facts, 'most units fell silent at once: the line of this collector');
  }

  /** What was taken for the collector's own outage may have been the units': then it is withdrawn, and theirs are recorded. */
  #concludeReview(review: OwnLineReview, now: number): void {
    this.#review = undefined;
    const silences = review.refuted();
    const { since } = review.cut;
    const why = `without power: ${review.poweredOff.slice(0, maxNamed).join(' ')}`;
    if (!silences || !this.ledger.withdrawGap({ cause: 'cut-off', from: since }, { at: now, why })) return;
    this.#watch.recover(silences, now);
    const { incidents, logger } = this.#options;
    const incident = incidents.lastOf('collector-cut-off', collectorSubject);
    if (incident) incidents.amend(incident.id, { at: now, what: 'withdrawn', facts: { why } });
    logger.warn({ why, machines: silences.length }, 'it was not the line of this collector: its gap is withdrawn');
  }

  /** A full disk, or a fault of ours: it must not end the collector, nor the session of an agent. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.logger.error({ error: (error as Error).message }, 'cannot judge outages');
    }
  }
}
