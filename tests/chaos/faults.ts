/** Carries a plan out: breaks one thing, waits, mends it. */
import { setTimeout as wait } from 'node:timers/promises';
import { until } from '../harness/program.ts';
import type { ChaosAgent } from './chaos-agent.ts';
import type { Weather } from './faulty-line.ts';
import type { FaultyStore } from './faulty-store.ts';
import { type Kept, readJournal } from './journal.ts';
import { describeFault, type Fault, type Lane } from './plan.ts';
import type { System } from './system.ts';

interface Options {
  readonly system: System;
  /** After this nothing new is broken, however long some things took to mend. */
  readonly lengthMs: number;
  /** Ends the run before its time. */
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** A process of ours. */
interface Victim {
  kill(): Promise<unknown>;
  revive(): Promise<void> | void;
  signal(name: NodeJS.Signals): void;
}

const longestEffectMs = 60_000;
const lookEveryMs = 500;
const fillEveryMs = 100;
const diskRecoveryMs = 300_000;
/** What is not delivered at once: the tick that was just taken. */
const fewRecords = 5;

export class Faults {
  readonly #options: Options;
  readonly #injected: Fault[] = [];

  constructor(options: Options) {
    this.#options = options;
  }

  /** What was broken so far. */
  get injected(): readonly Fault[] {
    return this.#injected;
  }

  /** All lanes at once; rejects when something cannot be mended. */
  async run(lanes: readonly Lane[]): Promise<void> {
    await Promise.all(lanes.map((lane) => this.#runLane(lane)));
  }

  async #runLane({ steps }: Lane): Promise<void> {
    const { signal, log, lengthMs } = this.#options;
    const endAt = performance.now() + lengthMs;
    for (const { fault, afterMs, holdMs } of steps) {
      await wait(afterMs, undefined, { signal });
      if (performance.now() > endAt) return;
      log(`${describeFault(fault)}, for ${(holdMs / 1_000).toFixed(1)} s`);
      this.#injected.push(fault);
      await this.#inject(fault, () => wait(holdMs, undefined, { signal }));
    }
  }

  async #inject(fault: Fault, hold: () => Promise<void>): Promise<void> {
    const { system } = this.#options;
    const agents = 'agents' in fault ? fault.agents.flatMap((index) => system.agents[index] ?? []) : [];
    switch (fault.kind) {
      case 'kill':
      case 'hang':
        return this.#strike(fault.kind, { victims: this.#victims(fault.what, agents), hold });
      case 'line':
        for (const { line } of agents) line.weather = fault.weather;
        await hold();
        await this.#felt(lineEffect(fault.weather, agents));
        for (const { line } of agents) line.weather = 'good';
        return;
      case 'store':
        if (system.faultyStore) await this.#upset(system.faultyStore, { mood: fault.mood, hold });
        return;
      case 'clock':
        for (const { clock } of agents) clock?.set(fault.bySeconds);
        await hold();
        for (const { clock } of agents) clock?.set(0);
        return;
      case 'disk-full':
        for (const agent of agents) await this.#fillDisk(agent, hold);
        return;
      case 'certificate-expired':
        return system.expireCertificate();
    }
  }

  /** SQLite gives room back whenever it closes its log, so the disk is filled again and again. */
  async #fillDisk(agent: ChaosAgent, hold: () => Promise<void>): Promise<void> {
    const { disk, journal } = agent;
    const filling = setInterval(() => disk?.fill(), fillEveryMs);
    try {
      await hold();
      await this.#felt(() => lastKept(journal)?.spoolState === 3);
    } finally {
      clearInterval(filling);
      disk?.free();
    }
    await diskRecovered(agent);
  }

  async #upset(store: FaultyStore, { mood, hold }: { mood: FaultyStore['mood']; hold: () => Promise<void> }) {
    const before = { writes: store.writes.get(mood) ?? 0, unsaid: store.unsaid };
    store.mood = mood;
    await hold();
    await this.#felt(() => {
      const leavesTraces = mood === 'half' || mood === 'forgetful';
      return leavesTraces ? store.unsaid > before.unsaid : (store.writes.get(mood) ?? 0) > before.writes;
    });
    store.mood = 'good';
  }

  /** Holds on until a fault has had its effect: a fault that hit nobody proves nothing. */
  async #felt(isFelt: () => boolean): Promise<void> {
    const { signal } = this.#options;
    for (const deadline = performance.now() + longestEffectMs; !isFelt() && performance.now() < deadline; ) {
      await wait(lookEveryMs, undefined, { signal });
    }
  }

  async #strike(kind: 'kill' | 'hang', { victims, hold }: { victims: Victim[]; hold: () => Promise<void> }) {
    const isKill = kind === 'kill';
    await Promise.all(victims.map((victim) => (isKill ? victim.kill() : victim.signal('SIGSTOP'))));
    await hold();
    await Promise.all(victims.map((victim) => (isKill ? victim.revive() : victim.signal('SIGCONT'))));
  }

  #victims(what: 'agent' | 'collector' | 'influxd', agents: readonly ChaosAgent[]): Victim[] {
    const { collector, influxd } = this.#options.system;
    switch (what) {
      case 'agent':
        return agents.map((agent) => ({
          kill: () => agent.stop('SIGKILL'),
          revive: () => agent.start(),
          signal: (name) => agent.signal(name),
        }));
      case 'collector':
        return [
          {
            kill: () => collector.stop('SIGKILL'),
            revive: () => collector.start(),
            signal: (name) => collector.program.signal(name),
          },
        ];
      case 'influxd':
        return influxd
          ? [
              {
                kill: () => influxd.kill(),
                revive: () => influxd.resume(),
                signal: (name) => influxd.signal(name),
              },
            ]
          : [];
    }
  }
}

/** Whether bytes were spoilt; whether a queue has given up data, of those that are small. */
function lineEffect(weather: Weather, agents: readonly ChaosAgent[]): () => boolean {
  const before = agents.map(({ line }) => line.spoilt);
  if (weather === 'lossy') return () => agents.some(({ line }, index) => line.spoilt > (before[index] ?? 0));
  return () => agents.every(({ role, journal }) => role !== 'small-spool' || (lastKept(journal)?.lostPoints ?? 0) > 0);
}

function lastKept(journal: string): Kept | undefined {
  return readJournal(journal).findLast((entry) => entry.kind === 'kept');
}

/**
 * What could not be written is in memory only, and lost with the process, as promised: so nothing else happens to it
 * before that is delivered.
 */
async function diskRecovered(agent: ChaosAgent): Promise<void> {
  const freedAt = Date.now();
  await until(
    'the spool to be on the disk again',
    () => {
      const { status } = agent;
      return (
        status !== undefined && status.time > freedAt && status.spool.state !== 3 && status.spool.records <= fewRecords
      );
    },
    diskRecoveryMs,
  );
}
