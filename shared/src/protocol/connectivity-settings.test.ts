import { expect, test } from 'vitest';
import { WatchedLink } from './connectivity-settings.ts';

const throughput = { url: 'https://www.tinh.example/tep', max_bytes: 5_000_000, hour: 2 };

test.each([
  { id: 'tslcd' },
  { id: 'internet', interface: 'eth0.10', next_hop: '198.51.100.5', check: 'icmp://192.0.2.80' },
  { id: 'internet', check: 'icmp://www.tinh.example', throughput },
])('a line is watched: %j', (link) => {
  expect(WatchedLink.parse(link)).toEqual(link);
});

test.each([
  { id: 'TSLCD' },
  { id: 'a', interface: '-f' },
  { id: 'a', interface: 'eth0; reboot' },
  { id: 'a', next_hop: '127.0.0.1' },
  { id: 'a', check: 'icmp://localhost' },
  // Only ping can be made to leave by a given line.
  { id: 'a', check: 'tcp://192.0.2.80:443' },
  { id: 'a', throughput: { ...throughput, url: 'ftp://192.0.2.80/tep' } },
  { id: 'a', throughput: { ...throughput, url: 'http://127.0.0.1/tep' } },
  { id: 'a', throughput: { ...throughput, max_bytes: 20_000_001 } },
  { id: 'a', throughput: { ...throughput, hour: 24 } },
])('a line is refused: %j', (link) => {
  expect(WatchedLink.safeParse(link).success).toBe(false);
});
