import { describe, expect, it } from 'vitest';
import { fixture } from '../../../../tests/golden/fixture-machine.ts';
import { parseMeminfo } from './memory-linux.ts';

const GiB = 1024 ** 3;
const server = `MemTotal:       16777216 kB
MemFree:         1048576 kB
MemAvailable:    4194304 kB
Buffers:          262144 kB
Cached:          2097152 kB
SwapCached:        10000 kB
SwapTotal:       8388608 kB
SwapFree:        6291456 kB
SReclaimable:     786432 kB
HugePages_Total:       0
`;

describe('parseMeminfo', () => {
  it('reads a captured file', () => {
    const text = fixture('first/proc/meminfo');
    const available = Number(/MemAvailable: +(\d+)/.exec(text)?.[1]);
    expect(parseMeminfo(text)).toMatchObject({
      total_bytes: 24_684_092 * 1024,
      available_bytes: available * 1024,
      swap_total_bytes: 0,
      swap_used_bytes: 0,
    });
  });

  it('turns kibibytes into bytes and counts as free does', () => {
    expect(parseMeminfo(server)).toEqual({
      total_bytes: 16 * GiB,
      available_bytes: 4 * GiB,
      used_percent: 75,
      cached_bytes: 3 * GiB,
      swap_total_bytes: 8 * GiB,
      swap_used_bytes: 2 * GiB,
    });
  });

  it('gives no share in use on a kernel without MemAvailable', () => {
    const text = server.replace(/^MemAvailable.*\n/m, '');
    expect(parseMeminfo(text)).toMatchObject({
      total_bytes: 16 * GiB,
      available_bytes: undefined,
      used_percent: undefined,
    });
  });

  it('leaves out what a container hides', () => {
    expect(parseMeminfo('MemTotal:        1024 kB\nMemAvailable:     512 kB\n')).toEqual({
      total_bytes: 1024 ** 2,
      available_bytes: 512 * 1024,
      used_percent: 50,
      cached_bytes: undefined,
      swap_total_bytes: undefined,
      swap_used_bytes: undefined,
    });
  });

  it.each(['', 'garbage\n', 'MemTotal: lots kB\n', 'MemTotal:       0 kB\n', 'MemFree:  1 kB\n'])(
    'throws at %j',
    (text) => {
      expect(() => parseMeminfo(text)).toThrow('cannot parse /proc/meminfo');
    },
  );
});
