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
import { type CutOff, isLineBack, ownLineCut } from './own-line.ts';
import { StateReport } from './state-report.ts';
import { UnitSurroundings } from './unit-surroundings.ts';

const tickEveryMs = 1_000;
const tidyEveryMs = 3_600_000;

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
}

export class Outages {
  readonly ledger: OutageLedger;
  readonly #options: Options;
  readonly #surroundings: UnitSurroundings;
  readonly #watch: OutageWatch;
  readonly #incidents: OutageIncidents;
  readonly #gaps: OwnGaps;
  readonly #report: StateReport;
  #cutOff: CutOff | undefined;
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
    this.#guarded(() => this.#watch.take(origin.agent, points));
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
      this.#gaps.tick(at, { isCutOff: this.#cutOff !== undefined });
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
    const { live, incidents, logger } = this.#options;
    if (this.#cutOff) {
      if (!isLineBack(this.#cutOff, agents)) return live.doubt(this.#cutOff.since);
      this.#cutOff = undefined;
      live.trust();
      incidents.resolve('collector-cut-off', collectorSubject, now);
      logger.info('the units are heard again');
      return;
    }
    const cut = ownLineCut(agents, { now, edgeAnswers: (unit) => this.#surroundings.edgeAnswers(unit) });
    if (!cut) return;
    this.#cutOff = cut;
    live.doubt(cut.since);
    this.#gaps.cutOff(cut.since);
    const facts = { units: `${cut.units.length}`, of: `${cut.of}` };
    const evidence = { at: now, what: 'most-units-silent', facts };
    const sighting = { kind: 'collector-cut-off', severity: 'critical', subject: collectorSubject } as const;
    incidents.report({ ...sighting, unit: undefined, evidence });
    logger.error(facts, 'most units fell silent at once: the line of this collector');
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
