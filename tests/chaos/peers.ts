/**
 * The test that other agents fail: a reading each second, the collector killed at 0 s, the agent killed between 15 and
 * 20 s and started a second later, the collector back at 36 s. vmagent loses 5 to 6 readings, Prometheus' agent 27,
 * Zabbix' agent2 13 to 29; this one those of the seconds in which it did not run.
 *
 * Every seed is an agent with a moment of its own; all share one collector.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { monotonicMs } from '../../agent/src/system/monotonic.ts';
import { Random } from '../fuzz/random.ts';
import { temporaryFolder, until } from '../harness/program.ts';
import type { Books } from './books.ts';
import type { ChaosAgent } from './chaos-agent.ts';
import { readJournal } from './journal.ts';
import { readBooks, settle } from './settle.ts';
import { System } from './system.ts';

export interface PeerResult {
  readonly seed: number;
  /** Readings that are not there, of one each second. */
  readonly missing: number;
  /** Seconds from the kill until the agent said that it had started again. */
  readonly downSeconds: number;
  /** Readings missing of seconds in which the agent ran, and that it did not count itself. */
  readonly unexplained: number;
  readonly books: Books;
}

const killFromMs = 15_000;
const killUntilMs = 20_000;
const agentDownMs = 1_000;
const collectorBackMs = 36_000;
/** Before and after. */
const calmTicks = 5;
const secondMs = 1_000;

export async function runPeers(options: {
  seeds: number;
  firstSeed: number;
  signal: AbortSignal;
}): Promise<PeerResult[]> {
  const { firstSeed, signal } = options;
  const seeds = Array.from({ length: options.seeds }, (_, index) => firstSeed + index);
  const folder = temporaryFolder();
  const roles = seeds.map(() => 'plain' as const);
  const system = new System({ folder: folder.path, seed: `${firstSeed}`, roles, influxd: undefined });
  const epoch = Date.now() - monotonicMs();
  try {
    await system.start();
    const ticked = ({ journal }: ChaosAgent) => readJournal(journal).length > 2 * calmTicks;
    await until('the first readings', () => system.agents.every(ticked), 60_000);
    const startedAt = Date.now();
    await system.collector.stop('SIGKILL');
    const killedAt = await Promise.all(
      system.agents.map(async (agent, index) => {
        const random = new Random(`${seeds[index]}`);
        await wait(killFromMs + random.below(killUntilMs - killFromMs), undefined, { signal });
        await agent.stop('SIGKILL');
        const at = Date.now();
        await wait(agentDownMs, undefined, { signal });
        agent.start();
        return at;
      }),
    );
    await wait(Math.max(0, startedAt + collectorBackMs - Date.now()), undefined, { signal });
    await system.collector.start();
    const problems = await settle(system, { endedAt: Date.now(), signal });
    if (problems.length > 0) throw new Error(problems.join('\n'));
    const books = [...(await readBooks(system, epoch)).values()];
    return system.agents.flatMap((agent, index) => {
      const its = books[index];
      const killed = killedAt[index] ?? 0;
      return its ? [{ seed: seeds[index] ?? 0, books: its, ...missingOf(agent, killed) }] : [];
    });
  } finally {
    await system.remove();
    folder.remove();
  }
}

/** What the books call kept is stored; so what is missing is what was never taken. */
function missingOf(agent: ChaosAgent, killed: number) {
  const startedAgain = Math.max(...startsOf(agent.output));
  const journal = readJournal(agent.journal);
  const times = journal.flatMap((entry) => (entry.kind === 'begun' ? [entry.time] : []));
  let missing = 0;
  let unexplained = 0;
  for (const [index, time] of times.slice(1).entries()) {
    const before = times[index] ?? time;
    // One at the start comes sooner than a second after or before another.
    const seconds = Math.max(0, Math.round((time - before) / secondMs) - 1);
    missing += seconds;
    if (before > startedAgain || time < killed) unexplained += seconds;
  }
  const starved = journal.reduce((most, entry) => (entry.kind === 'kept' ? Math.max(most, entry.missed) : most), 0);
  return { missing, unexplained: Math.max(0, unexplained - starved), downSeconds: (startedAgain - killed) / secondMs };
}

/** When the agent said that it started, by its log. */
function startsOf(log: string): number[] {
  return log.split('\n').flatMap((line) => {
    if (!line.includes('"agent started"')) return [];
    const { time } = JSON.parse(line) as { time: number | string };
    return [new Date(time).getTime()];
  });
}
