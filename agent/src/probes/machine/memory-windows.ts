/**
 * Source: `os.totalmem()` and `os.freemem()`, which ask GlobalMemoryStatusEx; what that calls available counts the
 * standby cache, as Linux does. The cache and the page file are not to be had there.
 * Not run on a Windows machine yet: only its computing is tested.
 */
import { catalogue, point } from '@vonggac/shared';
import type { Probe } from '../probe.ts';

export function memoryProbe(os: { totalmem(): number; freemem(): number }): Probe {
  return {
    name: 'memory',
    cadence: catalogue.memory.cadence,
    atStart: true,
    timeoutMs: 5_000,
    async collect({ time }) {
      const total = os.totalmem();
      const available = os.freemem();
      if (total <= 0) throw new Error('the system names no memory');
      const fields = {
        total_bytes: total,
        available_bytes: available,
        used_percent: (1 - available / total) * 100,
      };
      return { status: 'measured', points: [point('memory', { time, tags: {}, fields })] };
    },
  };
}
