/** Source: `/proc/stat`, proc(5). */
import { join } from 'node:path';
import { catalogue, point } from '@vonggac/shared';
import { ProcFile } from '../../system/proc-file.ts';
import { quote } from '../clean-text.ts';
import type { Probe } from '../probe.ts';
import { PreviousReading } from './previous-reading.ts';

/** Ticks of all processors together since the start, in the order of the file; older kernels lack the later ones. */
export interface CpuTicks {
  readonly user: number;
  readonly nice: number;
  readonly system: number;
  readonly idle: number;
  readonly iowait: number | undefined;
  readonly irq: number | undefined;
  readonly softirq: number | undefined;
  readonly steal: number | undefined;
}

export interface CpuReading {
  readonly ticks: CpuTicks;
  /** Processors online. */
  readonly cores: number;
}

export interface CpuShares {
  readonly usage_percent: number;
  readonly user_percent: number;
  readonly system_percent: number;
  readonly iowait_percent: number | undefined;
  readonly steal_percent: number | undefined;
}

export function cpuProbe(root: string): Probe {
  const file = new ProcFile(join(root, 'proc/stat'));
  const readings = new PreviousReading<CpuTicks>();
  return {
    name: 'cpu',
    cadence: catalogue.cpu.cadence,
    atStart: true,
    timeoutMs: 5_000,
    async collect({ time, monotonicMs }) {
      const { ticks, cores } = parseStat(file.read());
      const previous = readings.replace(ticks, monotonicMs());
      const shares = previous && cpuShares(previous.before, ticks);
      return { status: 'measured', points: [point('cpu', { time, tags: {}, fields: { ...shares, cores } })] };
    },
  };
}

/** Throws when the text has no line for all processors together. */
export function parseStat(text: string): CpuReading {
  const total = /^cpu +(.+)$/m.exec(text)?.[1];
  const [user, nice, system, idle, iowait, irq, softirq, steal] = (total ?? '').split(/ +/).map(Number);
  if (!isCount(user) || !isCount(nice) || !isCount(system) || !isCount(idle)) {
    throw new Error(`cannot parse /proc/stat: it begins with ${quote(text)}`);
  }
  return {
    ticks: { user, nice, system, idle, iowait, irq, softirq, steal },
    cores: text.match(/^cpu\d/gm)?.length ?? 0,
  };
}

/**
 * How the time between two readings was spent, or undefined when a counter went backwards (a machine restored or moved
 * by its hypervisor) or no time passed. The ticks of guests are in `user` and `nice` already.
 */
export function cpuShares(before: CpuTicks, after: CpuTicks): CpuShares | undefined {
  // Only these two may go backwards on a healthy kernel: proc(5) says so of iowait, and idle is made the same way.
  const idle = Math.max(0, after.idle - before.idle);
  const iowait = Math.max(0, growth(before.iowait, after.iowait));
  const user = after.user + after.nice - before.user - before.nice;
  const system = after.system - before.system + growth(before.irq, after.irq) + growth(before.softirq, after.softirq);
  const steal = growth(before.steal, after.steal);
  const total = user + system + idle + iowait + steal;
  if (user < 0 || system < 0 || steal < 0 || total <= 0) return undefined;
  const percent = 100 / total;
  return {
    usage_percent: (total - idle - iowait) * percent,
    user_percent: user * percent,
    system_percent: system * percent,
    iowait_percent: after.iowait === undefined ? undefined : iowait * percent,
    steal_percent: after.steal === undefined ? undefined : steal * percent,
  };
}

/** 0 for a counter that the kernel does not have: then it takes no share. */
function growth(before = 0, after = 0): number {
  return after - before;
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value);
}
