/**
 * Breaks what can break around real agents, a real collector and a real store, and then looks whether the books balance.
 *
 *   npm run chaos                              three minutes, with a new seed
 *   npm run chaos -- --minutes 30 --seed S     as long as told; the same faults in the same order
 *   npm run chaos -- --agents 8 --store sqlite fewer agents (20), one store (both, InfluxDB first and for longer)
 *   npm run chaos -- --json                    the last line for a program
 *   npm run chaos -- --peers [--seeds 20]      the test that other agents fail, see peers.ts
 */
import { findInfluxd } from '../harness/influxd.ts';
import { noOddClock } from '../harness/odd-clock.ts';
import { noSmallDisk } from '../harness/small-disk.ts';
import { type Flags, readFlags, UsageError } from './flags.ts';
import { type PeerResult, runPeers } from './peers.ts';
import type { Role } from './plan.ts';
import {
  describeOutcome,
  describePeers,
  describeTotal,
  effectsInVain,
  isGood,
  totalOf,
  totalOfPeers,
} from './report.ts';
import { type Outcome, runChaos } from './run.ts';

/** Of the time, where there is an InfluxDB: it has more that can break. */
const influxShare = 2 / 3;
/** More agents that start at the same time would wait for each other. */
const peersTogether = 5;

function rolesOf(agents: number): Role[] {
  const [noDisk, noClock] = [noSmallDisk(), noOddClock()];
  for (const missing of [noDisk, noClock]) if (missing !== undefined) console.log(`left out: ${missing}`);
  const special: Role[] = [
    'small-spool',
    ...(noDisk === undefined ? (['small-disk'] as const) : []),
    ...(noClock === undefined ? (['odd-clock', 'odd-clock'] as const) : []),
  ];
  return [...special, ...Array.from({ length: agents - special.length }, () => 'plain' as const)];
}

async function chaos(flags: Flags, signal: AbortSignal): Promise<number> {
  const { minutes, seed, agents } = flags;
  const influxd = findInfluxd();
  if ('missing' in influxd) console.log(`left out: ${influxd.missing}`);
  const stores = flags.stores.filter((store) => store === 'sqlite' || 'path' in influxd);
  console.log(
    `chaos with seed ${seed}: ${minutes} minutes, ${agents} agents, on ${stores.join(' and ') || 'no store'}`,
  );
  if (stores.length === 0) return 1;
  const roles = rolesOf(agents);
  const outcomes: Outcome[] = [];
  for (const store of stores) {
    const share = stores.length === 1 ? 1 : store === 'influx' ? influxShare : 1 - influxShare;
    const outcome = await runChaos({
      store,
      influxd: 'path' in influxd ? influxd.path : undefined,
      seed: `${seed}`,
      roles,
      lengthMs: minutes * 60_000 * share,
      signal,
      log: (line) => console.log(line),
    });
    console.log(`\n${store}\n${describeOutcome(outcome)}\n`);
    outcomes.push(outcome);
  }
  const inVain = effectsInVain(outcomes, roles);
  for (const effect of inVain) console.log(`PROBLEM  it never came to this: ${effect}`);
  const total = totalOf(outcomes, seed);
  console.log(flags.isJson ? JSON.stringify(total) : describeTotal(total));
  return inVain.length === 0 && outcomes.every(({ problems }) => problems.length === 0) ? 0 : 1;
}

async function peers({ seed, seeds, isJson }: Flags, signal: AbortSignal): Promise<number> {
  console.log(`collector away for 36 s, agent killed meanwhile: ${seeds} agents, seeds from ${seed}`);
  const results: PeerResult[] = [];
  while (results.length < seeds) {
    const firstSeed = seed + results.length;
    results.push(...(await runPeers({ seeds: Math.min(peersTogether, seeds - results.length), firstSeed, signal })));
  }
  console.log(isJson ? JSON.stringify(totalOfPeers(results)) : describePeers(results));
  return results.every(isGood) ? 0 : 1;
}

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interrupt.abort(new Error(`interrupted by ${signal}`)));
}

async function main(): Promise<number> {
  const flags = readFlags(process.argv.slice(2));
  return flags.isPeers ? peers(flags, interrupt.signal) : chaos(flags, interrupt.signal);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const isUsage = error instanceof UsageError;
    if (interrupt.signal.aborted) console.error((interrupt.signal.reason as Error).message);
    else console.error(isUsage ? error.message : error);
    process.exitCode = isUsage ? 2 : 1;
  },
);
