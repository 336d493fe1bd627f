/**
 * Source: `os.cpus()`, which asks NtQuerySystemInformation; no localised performance counter. Waiting for I/O and time
 * taken by the hypervisor are not to be had there, and on more than 64 processors only one group of 64 is seen.
 * Not run on a Windows machine yet: only its computing is tested.
 */
import type { CpuInfo } from 'node:os';
import { catalogue, point } from '@vonggac/shared';
import type { Probe } from '../probe.ts';
import { PreviousReading } from './previous-reading.ts';

interface CpuTimes {
  /** Milliseconds of all processors together. */
  readonly user: number;
  readonly system: number;
  readonly idle: number;
}

export function cpuProbe(os: { cpus(): CpuInfo[] }): Probe {
  const readings = new PreviousReading<CpuTimes>();
  return {
    name: 'cpu',
    cadence: catalogue.cpu.cadence,
    atStart: true,
    timeoutMs: 5_000,
    async collect({ time, monotonicMs }) {
      const processors = os.cpus();
      if (processors.length === 0) throw new Error('the system names no processor');
      const times = totalTimes(processors);
      const previous = readings.replace(times, monotonicMs());
      const shares = previous && cpuShares(previous.before, times);
      const fields = { ...shares, cores: processors.length };
      return { status: 'measured', points: [point('cpu', { time, tags: {}, fields })] };
    },
  };
}

/** Time in interrupts is part of `sys` on Windows already (libuv, src/win/util.c). */
export function totalTimes(processors: readonly CpuInfo[]): CpuTimes {
  let user = 0;
  let system = 0;
  let idle = 0;
  for (const { times } of processors) {
    user += times.user;
    system += times.sys;
    idle += times.idle;
  }
  return { user, system, idle };
}

/** Undefined when a counter went backwards or no time passed. */
export function cpuShares(before: CpuTimes, after: CpuTimes) {
  const user = after.user - before.user;
  const system = after.system - before.system;
  const idle = after.idle - before.idle;
  const total = user + system + idle;
  if (user < 0 || system < 0 || idle < 0 || total <= 0) return undefined;
  const percent = 100 / total;
  return {
    usage_percent: (user + system) * percent,
    user_percent: user * percent,
    system_percent: system * percent,
  };
}
