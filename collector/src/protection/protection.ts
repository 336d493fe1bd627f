/** Everything that the collector does about antivirus and malware, built, started and stopped together. */
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Incidents } from '../incidents/incidents.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { LiveState } from '../live/live-state.ts';
import type { Unit } from '../registry/unit-rows.ts';
import type { Units } from '../registry/units.ts';
import type { StoreBatch } from '../stores/store.ts';
import { CompromiseWatch } from './compromise-watch.ts';
import { readDetection } from './detection.ts';
import { signatureTimeOf } from './evidence.ts';
import { type MachineProtection, MachineWatch } from './machine-watch.ts';
import { MalwareStore, type Taken } from './malware-store.ts';
import { MalwareWatch } from './malware-watch.ts';
import { ProtectionFile } from './protection-file.ts';
import { addProtectionGauges } from './protection-gauges.ts';
import type { ProtectionSettings } from './settings.ts';
import { lowestAbove } from './unit-above.ts';
import type { CountedMachine } from './unit-counts.ts';
import { UnitWatch } from './unit-watch.ts';
import { UnprotectedWatch } from './unprotected-watch.ts';

const tickEveryMs = 5_000;
const saveEveryMs = 10_000;
const tidyEveryMs = 3_600_000;
const retellEveryMs = 60_000;
/** Of those that a crash left behind. */
const untoldAtOnce = 500;
/** Whom the collector's own readings are said to be from; no agent has such an id. */
const collectorId = 'collector';

interface Options {
  readonly folder: string;
  readonly settings: ProtectionSettings;
  readonly live: LiveState;
  readonly units: Pick<Units, 'list'>;
  readonly incidents: Incidents;
  readonly ingest: Pick<Ingest, 'write'>;
  readonly registry: Registry;
  readonly logger: Logger;
  readonly now: () => number;
}

export class Protection {
  readonly malware: MalwareStore;
  readonly machines: MachineWatch;
  readonly #options: Options;
  readonly #file: ProtectionFile;
  readonly #malwareWatch: MalwareWatch;
  readonly #compromise: CompromiseWatch;
  readonly #unprotected: UnprotectedWatch;
  readonly #unitWatch: UnitWatch;
  #units: readonly Unit[] = [];
  #timers: NodeJS.Timeout[] = [];

  /** Opens its files. Throws DataFolderError. */
  constructor(options: Options) {
    const { folder, settings, live, incidents, units } = options;
    this.#options = options;
    this.malware = new MalwareStore(folder, settings.malware);
    this.#file = new ProtectionFile(folder);
    this.#units = units.list();
    const emit = (batches: readonly StoreBatch[]) => {
      // Not kept for later when the store is away: the next ones come soon.
      for (const batch of batches) void options.ingest.write(batch);
    };
    this.machines = new MachineWatch({
      settings,
      live,
      file: this.#file,
      threatsOf: (agent, since) => this.malware.threatsOf(agent, since),
      emit,
    });
    this.#malwareWatch = new MalwareWatch({
      settings,
      store: this.malware,
      incidents,
      machinesOf: (unit) =>
        live.all().flatMap(({ record, state }) => (record.unit === unit && state !== 'retired' ? [record] : [])),
      unitAbove: (codes) => lowestAbove(this.#units, codes),
    });
    this.#compromise = new CompromiseWatch({ settings, live, incidents });
    this.#unprotected = new UnprotectedWatch({ settings, incidents });
    this.#unitWatch = new UnitWatch({
      emit: (unit, points) => {
        emit([{ origin: { agent: collectorId, host: collectorId, unit, class: 'server' }, points }]);
      },
    });
  }

  start(): void {
    this.#guarded(() => this.#tellUntold());
    this.#timers = [
      setInterval(() => this.#guarded(() => this.tick()), tickEveryMs),
      setInterval(() => this.#guarded(() => this.machines.save()), saveEveryMs),
      setInterval(() => this.#guarded(() => this.#tellUntold()), retellEveryMs),
      setInterval(() => this.#guarded(() => this.#tidy()), tidyEveryMs),
    ];
    addProtectionGauges(this.#options.registry, this.machines);
  }

  /** Safe twice and before start. */
  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    if (this.#file.isOpen) this.#guarded(() => this.machines.save());
    this.#file.stop();
    this.malware.stop();
  }

  /** Units, what they declare and where they stand may have changed. */
  unitsChanged(): void {
    this.#units = this.#options.units.list();
  }

  /**
   * Takes what an agent has said; the same batch may come twice. False when detections in it could not be kept: the agent
   * has to send it again. Never throws.
   */
  take({ origin, points }: StoreBatch): boolean {
    const now = this.#options.now();
    let taken: Taken[] = [];
    const detections = points.flatMap((each) => readDetection(each, { ...origin, receivedAt: now }) ?? []);
    const isKept = this.#guarded(() => {
      if (detections.length > 0) taken = this.malware.take(detections);
    });
    this.#guarded(() => {
      const known = this.machines.take(origin.agent, points, now);
      this.#compromise.take(origin, points, { ...known, now });
      this.#tellDetections(origin, { taken, now });
    });
    return isKept;
  }

  #tellDetections(origin: StoreBatch['origin'], { taken, now }: { taken: readonly Taken[]; now: number }): void {
    if (taken.length === 0) return;
    this.#malwareWatch.take(taken, now);
    this.malware.tellDone(taken);
    const newest = taken.findLast(({ isNew }) => isNew)?.detection;
    if (newest) this.#compromise.add(origin, { kind: 'detection', at: newest.detectedAt }, now);
    this.machines.look(origin.agent, { now });
  }

  /** What was kept and acked before the collector was killed, or an incident could not be written. */
  #tellUntold(): void {
    const untold = this.malware.untold(untoldAtOnce);
    if (untold.length === 0) return;
    this.#options.logger.warn({ detections: untold.length }, 'telling of detections that no incident told of');
    this.#malwareWatch.takeUp(untold, this.#options.now());
    this.malware.tellDone(untold);
  }

  /** Judges whose turn it is; by itself every few seconds from the start on. */
  tick(): void {
    const now = this.#options.now();
    this.machines.tick(now);
    const machines = this.machines.all();
    this.#unprotected.tick(machines, now);
    this.#unitWatch.tick(this.#units, { machines: machines.map(countedMachine), now });
  }

  #tidy(): void {
    const now = this.#options.now();
    this.malware.tidy(now);
    this.#malwareWatch.tidy(now);
    this.#compromise.tidy(now);
    this.machines.tidy();
  }

  /** A full disk, or a fault of ours: it must not end the collector, nor the session of an agent. False when it failed. */
  #guarded(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      this.#options.logger.error({ error: (error as Error).message }, 'cannot judge protection');
      return false;
    }
  }
}

export function countedMachine({ record, level, evidence }: MachineProtection): CountedMachine {
  return { unit: record.unit, class: record.class, level, signatureTime: signatureTimeOf(evidence) };
}
