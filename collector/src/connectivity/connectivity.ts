/** Everything that the collector does about connectivity, built, started and stopped together. */
import type { ConnectivitySettings, Point } from '@vonggac/shared';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { builtAgent, installedAgent } from '../agent-program.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { LiveState } from '../live/live-state.ts';
import type { AgentRecord } from '../registry/agents.ts';
import type { Units } from '../registry/units.ts';
import type { StoreBatch } from '../stores/store.ts';
import { addConnectivityGauges } from './connectivity-gauges.ts';
import { DeviceVendors } from './device-vendors.ts';
import { DeviceWatch } from './device-watch.ts';
import { Devices } from './devices.ts';
import { EdgeProcess } from './edge-process.ts';
import { type EdgeTarget, edgeTargets, maxEdgeTargets } from './edge-targets.ts';
import { LateEvidence } from './late-evidence.ts';
import { LinkDays } from './link-days.ts';
import { type LinkKey, LinkLedger } from './link-ledger.ts';
import { LinkWatch } from './link-watch.ts';
import { KnownRelays } from './relays.ts';
import { ServiceWatch } from './service-watch.ts';
import type { ConnectivitySection } from './settings.ts';
import { SettingsPush } from './settings-push.ts';
import { TargetResults } from './target-results.ts';
import { TracedPaths } from './traced-paths.ts';
import { UnitAgents } from './unit-agents.ts';
import { UnitIndex } from './unit-index.ts';
import { VantagePoints } from './vantage-points.ts';

const tickEveryMs = 2_000;
const tidyEveryMs = 3_600_000;
/** Whom the collector's own readings are said to be from; no agent has such an id. */
const collectorId = 'collector';
/** The place of a unit in readings that belong to none; no unit has such a code. */
const noUnit = '-';

interface Options {
  readonly folder: string;
  readonly settings: ConnectivitySection;
  readonly live: LiveState;
  readonly units: Pick<Units, 'list'>;
  readonly incidents: Incidents;
  /** Whether a line is under maintenance. */
  readonly isPlanned?: ((link: LinkKey, now: number) => boolean) | undefined;
  readonly ingest: Pick<Ingest, 'write'>;
  /** Sends an agent its settings. */
  readonly push: (agent: string) => void;
  readonly registry: Registry;
  readonly logger: Logger;
  readonly now: () => number;
  readonly monotonic: () => number;
}

export class Connectivity {
  readonly ledger: LinkLedger;
  readonly days: LinkDays;
  readonly devices: Devices;
  readonly services: ServiceWatch;
  readonly #options: Options;
  readonly #agents: UnitAgents;
  readonly #relays: KnownRelays;
  readonly #push: SettingsPush;
  /** What agents say of their targets, of silent machines nearby too. */
  readonly results = new TargetResults();
  readonly #edges = new TargetResults();
  readonly #paths: TracedPaths;
  readonly links: LinkWatch;
  readonly #late: LateEvidence;
  readonly #deviceWatch: DeviceWatch;
  readonly #edgeProcess: EdgeProcess;
  #units = new UnitIndex([]);
  #unitsText = '';
  #edgeUnits = new Map<string, EdgeTarget>();
  #unsubscribe: (() => void) | undefined;
  #timers: NodeJS.Timeout[] = [];

  /** Opens its files. Throws DataFolderError. */
  constructor(options: Options) {
    const { settings, incidents, live, logger, folder } = options;
    this.#options = options;
    this.ledger = new LinkLedger(folder);
    this.days = new LinkDays(this.ledger.database);
    const vendors = new DeviceVendors();
    this.devices = new Devices(folder, (mac) => vendors.of(mac));
    this.#agents = new UnitAgents(live);
    this.#paths = new TracedPaths(incidents);
    const vantagePoints = new VantagePoints(settings.services);
    const units = () => this.#units;
    this.#relays = new KnownRelays(this.ledger.database);
    this.#push = new SettingsPush({ ...options, units, agents: this.#agents, vantagePoints, relays: this.#relays });
    const emit = (unit: string, points: readonly Point[]) => this.#write(unit, points);
    this.links = new LinkWatch({
      settings,
      ledger: this.ledger,
      days: this.days,
      edges: this.#edges,
      agentsOf: (unit) => this.#agents.of(unit),
      incidents,
      isPlanned: options.isPlanned,
      emit,
      collector: collectorId,
    });
    this.#late = new LateEvidence({ ledger: this.ledger, linksOf: (unit) => this.links.linksOf(unit) });
    this.services = new ServiceWatch({
      settings,
      results: this.results,
      vantagePoints,
      isOnline: (agent) => live.get(agent)?.state === 'online',
      isCutOff: (unit) => this.links.isCutOff(unit),
      incidents,
      emit: (points) => emit(noUnit, points),
    });
    this.#deviceWatch = new DeviceWatch({ settings: settings.devices, devices: this.devices, incidents });
    const { agent_program: program } = settings.edge;
    this.#edgeProcess = new EdgeProcess({
      launch: () => (program === undefined ? builtAgent() : installedAgent(program)),
      onPoint: (point) => this.#tookEdge(point),
      logger,
      monotonic: options.monotonic,
    });
  }

  start(): void {
    const { now, live } = this.#options;
    this.links.start(now());
    this.unitsChanged();
    this.#edgeProcess.start();
    this.#unsubscribe = live.subscribe((change) => {
      this.#agents.follow(change);
      if (change.kind === 'state') this.#push.touch(change.agent.record.unit);
    });
    this.#timers = [
      setInterval(() => this.tick(), tickEveryMs),
      setInterval(() => this.#guarded(() => this.#deviceWatch.tidy(now())), tidyEveryMs),
    ];
    addConnectivityGauges(this.#options.registry, {
      edge: this.#edgeProcess,
      devices: this.devices,
      targets: () => this.#edgeUnits.size,
    });
  }

  /** Safe twice and before start. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    this.#unsubscribe?.();
    await this.#edgeProcess.stop();
    if (this.ledger.isOpen) this.links.stop(this.#options.now());
    this.ledger.stop();
    this.devices.stop();
  }

  /** Units may have changed, and with them the units of agents. */
  unitsChanged(): void {
    const { units, settings, logger, now } = this.#options;
    const fresh = units.list().map(({ code, parent, links }) => ({ code, parent, links }));
    const text = JSON.stringify(fresh);
    if (text === this.#unitsText) return;
    this.#unitsText = text;
    this.#units = new UnitIndex(fresh);
    this.#agents.forget();
    this.#push.touchAll();
    this.links.follow(this.#units, now());
    if (!settings.edge.check) return;
    const { targets, refused } = edgeTargets(this.#units, settings.edge.every);
    for (const edge of refused) logger.warn({ edge }, 'an edge address that cannot be checked');
    const excess = targets.length - maxEdgeTargets;
    if (excess > 0) logger.error({ excess }, 'more edge addresses than can be checked, the last ones are left out');
    const checked = targets.slice(0, maxEdgeTargets);
    this.#edgeUnits = new Map(checked.map((each) => [each.target.id, each]));
    this.#edgeProcess.setTargets(checked.map(({ target }) => target));
  }

  /** What an agent is to be told. */
  settingsFor(agent: AgentRecord): ConnectivitySettings {
    return this.#push.settingsFor(agent, this.#options.now());
  }

  /** Takes what an agent has measured; the same batch may come twice. Never throws. */
  take({ origin, points }: StoreBatch): void {
    this.#guarded(() => {
      const { agent, unit } = origin;
      this.results.take(agent, points);
      this.#paths.take({ agent, unit }, points);
      // What others say of their lines would be taken for the unit's own.
      if (origin.class === 'gateway') {
        this.links.take(agent, points);
        this.#deviceWatch.take({ unit, agent }, points);
        const isRelay = points.some(({ measurement }) => measurement === 'relay');
        if (isRelay && this.#relays.saw(agent, this.#options.now())) this.#push.touch(unit);
      }
      this.#late.take({ agent, unit, isGateway: origin.class === 'gateway' }, points, this.#options.now());
    });
  }

  /** Pushes what agents are to know and judges lines and services; done every two seconds from the start on. */
  tick(): void {
    const now = this.#options.now();
    const { incidents } = this.#options;
    this.#guarded(() => this.#push.tick(now));
    for (const part of [this.links, this.services, this.#paths]) {
      this.#guarded(() => incidents.together(() => this.ledger.together(() => part.tick(now))));
    }
  }

  #tookEdge(point: Point): void {
    const target = this.#edgeUnits.get(point.tags.target ?? '');
    if (!target) return;
    this.#edges.take(collectorId, [point]);
    this.#paths.take({ agent: collectorId, unit: target.unit }, [point]);
    this.#write(target.unit, [point]);
  }

  /** Not kept for later when the store is away: the next ones come soon, and the ledger has a file of its own. */
  #write(unit: string, points: readonly Point[]): void {
    const origin = { agent: collectorId, host: collectorId, unit, class: 'server' } as const;
    void this.#options.ingest.write({ origin, points });
  }

  /** A full disk, or a fault of ours: it must not end the collector, nor the session of an agent. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.logger.error({ error: (error as Error).message }, 'cannot judge connectivity');
    }
  }
}
