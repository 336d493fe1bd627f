/** What a PC measures each minute, with values that do not repeat. */
import { type Point, point } from '@vonggac/shared';

export function readingsOf(agent: number, time: number): Point[] {
  let seed = (agent * 7_919 + Math.floor(time / 1_000)) % 2_147_483_647;
  function noise(limit: number): number {
    seed = (seed * 48_271 + 11) % 2_147_483_647;
    return seed % limit;
  }
  const percent = () => noise(1_000) / 10;
  return [
    point('cpu', {
      time,
      tags: {},
      fields: { usage_percent: percent(), user_percent: percent(), system_percent: percent() },
    }),
    point('memory', { time, tags: {}, fields: { available_bytes: noise(8e9), used_percent: percent() } }),
    point('system', {
      time,
      tags: {},
      fields: { uptime_seconds: Math.floor(time / 1_000) % 1_000_000, load_1m: percent() },
    }),
    ...['eth0', 'wlan0'].map((name) =>
      point('network', {
        time,
        tags: { interface: name },
        fields: { receive_bytes_per_second: noise(1e6), transmit_bytes_per_second: noise(1e5) },
      }),
    ),
    ...['sda', 'sdb'].map((device) =>
      point('disk_io', {
        time,
        tags: { device },
        fields: { read_bytes_per_second: noise(1e7), write_bytes_per_second: noise(1e7), busy_percent: percent() },
      }),
    ),
    point('agent', {
      time,
      tags: {},
      fields: { resident_bytes: 50_000_000 + noise(1e6), cpu_percent: percent(), spool_records: noise(10) },
    }),
  ];
}
