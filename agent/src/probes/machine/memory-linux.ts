/** Source: `/proc/meminfo`, proc(5). */
import { join } from 'node:path';
import { catalogue, point } from '@vonggac/shared';
import { ProcFile } from '../../system/proc-file.ts';
import { quote } from '../clean-text.ts';
import type { Probe } from '../probe.ts';

export interface MemoryReading {
  readonly total_bytes: number;
  readonly available_bytes: number | undefined;
  readonly used_percent: number | undefined;
  readonly cached_bytes: number | undefined;
  readonly swap_total_bytes: number | undefined;
  readonly swap_used_bytes: number | undefined;
}

export function memoryProbe(root: string): Probe {
  const file = new ProcFile(join(root, 'proc/meminfo'));
  return {
    name: 'memory',
    cadence: catalogue.memory.cadence,
    atStart: true,
    timeoutMs: 5_000,
    async collect({ time }) {
      const fields = parseMeminfo(file.read());
      return { status: 'measured', points: [point('memory', { time, tags: {}, fields })] };
    },
  };
}

/**
 * Throws when the text has no total. What else is missing stays undefined: a kernel without MemAvailable gives no share
 * in use, because what is free without the cache would look like an emergency.
 */
export function parseMeminfo(text: string): MemoryReading {
  const bytes = new Map<string, number>();
  for (const [, name, kibibytes] of text.matchAll(/^(\w+): +(\d+) kB$/gm)) {
    if (name !== undefined) bytes.set(name, Number(kibibytes) * 1024);
  }
  const total = bytes.get('MemTotal');
  if (!total) throw new Error(`cannot parse /proc/meminfo: it begins with ${quote(text)}`);
  const available = bytes.get('MemAvailable');
  return {
    total_bytes: total,
    available_bytes: available,
    used_percent: available === undefined ? undefined : (1 - available / total) * 100,
    // As the column buff/cache of the command free.
    cached_bytes: sum(bytes.get('Buffers'), bytes.get('Cached'), bytes.get('SReclaimable')),
    swap_total_bytes: bytes.get('SwapTotal'),
    swap_used_bytes: difference(bytes.get('SwapTotal'), bytes.get('SwapFree')),
  };
}

/** Undefined when one of the values is. */
function sum(...values: (number | undefined)[]): number | undefined {
  let total = 0;
  for (const value of values) {
    if (value === undefined) return undefined;
    total += value;
  }
  return total;
}

function difference(minuend: number | undefined, subtrahend: number | undefined): number | undefined {
  return minuend === undefined || subtrahend === undefined ? undefined : minuend - subtrahend;
}
