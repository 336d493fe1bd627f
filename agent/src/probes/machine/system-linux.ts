/** Sources: `/proc/uptime`, `/proc/stat`, `/proc/loadavg` and the list of `/proc` itself, proc(5). */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue, point } from '@vonggac/shared';
import { ProcFile } from '../../system/proc-file.ts';
import { quote } from '../clean-text.ts';
import type { Probe } from '../probe.ts';

export function systemProbe(root: string): Probe {
  const proc = join(root, 'proc');
  const uptime = new ProcFile(join(proc, 'uptime'));
  const stat = new ProcFile(join(proc, 'stat'));
  const loadavg = new ProcFile(join(proc, 'loadavg'));
  return {
    name: 'system',
    cadence: catalogue.system.cadence,
    atStart: true,
    timeoutMs: 5_000,
    async collect({ time }) {
      const [load_1m, load_5m, load_15m] = parseLoadavg(loadavg.read());
      const fields = {
        uptime_seconds: parseUptime(uptime.read()),
        boot_time_seconds: parseBootTime(stat.read()),
        processes: countProcesses(readdirSync(proc)),
        load_1m,
        load_5m,
        load_15m,
      };
      return { status: 'measured', points: [point('system', { time, tags: {}, fields })] };
    },
  };
}

/** Whole seconds since the start, rounded down so that it never says more than has passed. */
export function parseUptime(text: string): number {
  const seconds = /^(\d+)\.\d+ /.exec(text)?.[1];
  if (seconds === undefined) throw new Error(`cannot parse /proc/uptime: ${quote(text)}`);
  return Number(seconds);
}

/** Seconds since 1970; moves when the clock is set. */
export function parseBootTime(text: string): number {
  const seconds = /^btime (\d+)$/m.exec(text)?.[1];
  if (seconds === undefined) throw new Error('cannot parse /proc/stat: it has no line btime');
  return Number(seconds);
}

/** Of 1, 5 and 15 minutes. The fourth column counts threads, not processes, and is of no use here. */
export function parseLoadavg(text: string): [number, number, number] {
  const [, one, five, fifteen] = /^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+) /.exec(text) ?? [];
  if (fifteen === undefined) throw new Error(`cannot parse /proc/loadavg: ${quote(text)}`);
  return [Number(one), Number(five), Number(fifteen)];
}

/** How many of the names in `/proc` are those of processes. */
export function countProcesses(names: readonly string[]): number {
  let count = 0;
  for (const name of names) if (/^\d+$/.test(name)) count += 1;
  return count;
}
