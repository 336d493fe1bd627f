/** One run against one store: set up, break and mend for so long, let it settle, look at the books. */
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monotonicMs } from '../../agent/src/system/monotonic.ts';
import { temporaryFolder } from '../harness/program.ts';
import type { Books } from './books.ts';
import type { ChaosAgent } from './chaos-agent.ts';
import { Faults } from './faults.ts';
import { readJournal } from './journal.ts';
import { type Fault, planLanes, type Role } from './plan.ts';
import { readBooks, settle } from './settle.ts';
import { type StoreKind, System } from './system.ts';

interface Options {
  readonly store: StoreKind;
  readonly influxd: string | undefined;
  readonly seed: string;
  readonly roles: readonly Role[];
  /** Of the time in which things break. */
  readonly lengthMs: number;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** What proves that the run was none in vain: what broke did have its effect. */
export interface Effects {
  /** Lines that the store got again; only InfluxDB is watched. */
  readonly repeated: number;
  /** Writes that the store did not take. */
  readonly refusedWrites: number;
  readonly reconnects: number;
  /** Bytes on the line that were changed. */
  readonly spoilt: number;
  /** Ticks that were kept in memory because the disk was full. */
  readonly ticksInMemory: number;
  /** Ticks that were taken with a wrong clock. */
  readonly ticksOffTime: number;
}

export interface Outcome {
  readonly faults: readonly Fault[];
  readonly effects: Effects;
  readonly books: ReadonlyMap<string, Books>;
  /** What must not be, for a person. */
  readonly problems: readonly string[];
  /** From the end of the faults until everything was delivered. */
  readonly settledMs: number;
  /** Where the journals and logs are, when there are problems. */
  readonly evidence: string | undefined;
}

const offTimeMs = 600_000;
const evidenceFolder = join(import.meta.dirname, '../../.cache/chaos');

export async function runChaos(options: Options): Promise<Outcome> {
  const { store, seed, roles, lengthMs, signal, log } = options;
  const folder = temporaryFolder();
  const influxd = store === 'influx' ? options.influxd : undefined;
  const system = new System({ folder: folder.path, seed: `${seed} ${store}`, roles, influxd });
  const epoch = Date.now() - monotonicMs();
  try {
    await system.start();
    const startedAt = performance.now();
    const faults = new Faults({
      system,
      lengthMs,
      signal,
      log: (line) => log(`${store} ${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(7)} s  ${line}`),
    });
    await faults.run(planLanes({ seed: `${seed} ${store}`, lengthMs, roles, hasInfluxd: influxd !== undefined }));
    const endedAt = Date.now();
    const undelivered = await settle(system, { endedAt, signal });
    const settledMs = Date.now() - endedAt;
    const effects = effectsOf(system, epoch);
    const books = await readBooks(system, epoch);
    const problems = [
      ...undelivered,
      ...[...books].flatMap(([agent, its]) => problemsOf(its, endedAt).map((problem) => `${agent}: ${problem}`)),
    ];
    const evidence = problems.length > 0 ? keepEvidence(system, `${seed}-${store}`) : undefined;
    return { faults: faults.injected, effects, books, problems, settledMs, evidence };
  } catch (error) {
    log(`journals and logs are in ${keepEvidence(system, `${seed}-${store}`)}`);
    throw error;
  } finally {
    await system.remove();
    folder.remove();
  }
}

function problemsOf(books: Books, endedAt: number): string[] {
  const bad = (['lost', 'duplicated', 'altered', 'overcounted', 'misplaced', 'eventGaps', 'uncounted'] as const)
    .filter((name) => books[name] > 0)
    .map((name) => `${name} ${books[name]}`);
  return books.newest > endedAt ? bad : [...bad, 'nothing that was collected after the faults is stored'];
}

function effectsOf(system: System, epoch: number): Effects {
  const { agents, faultyStore } = system;
  const entries = agents.flatMap(({ journal }) => readJournal(journal));
  const sum = (of: (agent: ChaosAgent) => number) => agents.reduce((total, agent) => total + of(agent), 0);
  const writes = [...(faultyStore?.writes ?? [])];
  return {
    repeated: faultyStore?.repeated ?? 0,
    refusedWrites: writes.reduce((total, [mood, count]) => total + (mood === 'good' ? 0 : count), 0),
    reconnects: sum(({ line }) => line.connections - 1),
    spoilt: sum(({ line }) => line.spoilt),
    ticksInMemory: entries.filter((entry) => entry.kind === 'kept' && entry.spoolState === 3).length,
    ticksOffTime: entries.filter(
      (entry) => entry.kind === 'begun' && Math.abs(entry.time - epoch - entry.monotonic) > offTimeMs,
    ).length,
  };
}

function keepEvidence(system: System, name: string): string {
  const folder = join(evidenceFolder, name);
  mkdirSync(folder, { recursive: true });
  for (const [index, agent] of system.agents.entries()) {
    if (existsSync(agent.journal)) cpSync(agent.journal, join(folder, `agent-${index}.journal`));
    writeFileSync(join(folder, `agent-${index}.log`), agent.output);
  }
  writeFileSync(join(folder, 'collector.log'), system.collectorOutput);
  return folder;
}
