/**
 * What the agent's probes cost on this machine: `node tests/bench/probes.ts`. One cycle is what a Linux agent does every
 * 10 s; it must take less than 1 ms and start no program. A full look at the protection products, once a minute, must take
 * less than 50 ms of the processor; with a real ClamAV when one is installed, started for the purpose.
 */
import { subscribe } from 'node:diagnostics_channel';
import { readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { createProbes } from '../../agent/src/probes/registry.ts';
import { ProbeRunner } from '../../agent/src/probes/run-probe.ts';
import { Clamav, missingClamav } from '../harness/clamav.ts';
import { temporaryFolder } from '../harness/program.ts';

const cycles = 2_000;
const everyTenSeconds = ['cpu', 'memory', 'disk_io', 'network', 'system'];
const everyMinute = ['filesystem', 'temperature', 'agent', 'probe'];
const everyHalfMinute = ['ups'];
const everyTwoSeconds = ['malware'];

let failures = 0;
let programs = 0;
subscribe('child_process', () => {
  programs += 1;
});

const count = () => {
  failures += 1;
};
const folder = temporaryFolder();
const clamav = missingClamav === undefined ? new Clamav(folder.path) : undefined;
await clamav?.start();
programs = 0;
const clamdConfig = clamav ? [clamav.config] : [];
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
    receivedBytes: 0,
    budget: { usedPercent: 0, state: 0 },
    refusedSettings: 0,
    runsMissed: 0,
  }),
  inventoryProgram: { command: '/bin/false', args: [] },
  connectivity: { takeSummaries: () => ({ points: [], problem: undefined }) },
  services: { own: [], pushed: () => [] },
  protection: { privacy: 'reduced', clamdConfig, folder: undefined, onDetections: () => {}, logger },
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
  ...everyTwoSeconds.map((name): [string, readonly string[]] => [name, [name]]),
  ...everyHalfMinute.map((name): [string, readonly string[]] => [name, [name]]),
  ...everyMinute.map((name): [string, readonly string[]] => [name, [name]]),
];
for (const [title, names] of lines) {
  const { median, p99 } = await measure(names);
  console.log(`${title.padEnd(16)} median ${String(median).padStart(4)} µs   p99 ${String(p99).padStart(5)} µs`);
}

/** Milliseconds of this process's processor time for a full look at the protection products. */
async function measureProtection(): Promise<{ mean: number; worst: number }> {
  const chosen = probes.filter((probe) => probe.name === 'antivirus');
  const costs: number[] = [];
  for (let i = 0; i < 50; i += 1) {
    // The list of processes is kept for a second, which is shorter than the minute between two looks.
    await wait(1_001);
    const before = process.cpuUsage();
    await Promise.all(chosen.map((probe) => runner.run(probe, Date.now())));
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / 1_000);
  }
  return { mean: costs.reduce((sum, cost) => sum + cost, 0) / costs.length, worst: Math.max(...costs) };
}

const { mean, worst } = await measureProtection();
const what = clamav ? 'with a running ClamAV' : `without ClamAV (${missingClamav})`;
const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length;
console.log(
  `antivirus        mean ${mean.toFixed(1)} ms   worst ${worst.toFixed(1)} ms of the processor, ${what}, ${processes} processes`,
);
await clamav?.stopAll();
folder.remove();
console.log(`programs started ${programs}, failures ${failures}`);
