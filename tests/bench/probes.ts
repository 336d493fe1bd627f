/**
 * What the agent's probes cost on this machine: `node tests/bench/probes.ts`. One cycle is what a Linux agent does every
 * 10 s; it must take less than 1 ms and start no program.
 */
import { subscribe } from 'node:diagnostics_channel';
import { createProbes } from '../../agent/src/probes/registry.ts';
import { ProbeRunner } from '../../agent/src/probes/run-probe.ts';

const cycles = 2_000;
const everyTenSeconds = ['cpu', 'memory', 'disk_io', 'network', 'system'];
const everyMinute = ['filesystem', 'agent', 'probe'];

let failures = 0;
let programs = 0;
subscribe('child_process', () => {
  programs += 1;
});

const count = () => {
  failures += 1;
};
const logger = { debug: () => {}, info: () => {}, warn: count, error: count };
const runner = new ProbeRunner({ logger, monotonic: () => performance.now() });
const probes = createProbes({
  platform: 'linux',
  runner,
  status: () => ({
    startTimeSeconds: 0,
    spool: { records: 0, bytes: 0, lostPoints: 0, state: 0 },
    clockOffsetSeconds: 0,
    sentBytes: 0,
    refusedSettings: 0,
  }),
  inventoryProgram: { command: '/bin/false', args: [] },
});

/** Microseconds of a cycle of the named probes: the median, and the one that 99 of 100 stay below. */
async function measure(names: readonly string[]): Promise<{ median: number; p99: number }> {
  const chosen = probes.filter((probe) => names.includes(probe.name));
  const durations: number[] = [];
  for (let i = 0; i < cycles; i += 1) {
    const startedAt = performance.now();
    await Promise.all(chosen.map((probe) => runner.run(probe, Date.now())));
    durations.push((performance.now() - startedAt) * 1000);
  }
  durations.sort((a, b) => a - b);
  const at = (share: number) => Math.round(durations[Math.floor(cycles * share)] ?? 0);
  return { median: at(0.5), p99: at(0.99) };
}

const lines: [string, readonly string[]][] = [
  ...everyTenSeconds.map((name): [string, readonly string[]] => [name, [name]]),
  ['one 10 s cycle', everyTenSeconds],
  ...everyMinute.map((name): [string, readonly string[]] => [name, [name]]),
];
for (const [title, names] of lines) {
  const { median, p99 } = await measure(names);
  console.log(`${title.padEnd(16)} median ${String(median).padStart(4)} µs   p99 ${String(p99).padStart(5)} µs`);
}
console.log(`programs started ${programs}, failures ${failures}`);
