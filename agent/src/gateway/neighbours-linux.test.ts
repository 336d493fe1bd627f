import { expect, test } from 'vitest';
import { parseArp, parseIpNeighbours } from './neighbours-linux.ts';

// Of a Debian 12 machine: present, asked in vain, entered by hand, published for another, a tunnel's other end.
const arp = `IP address       HW type     Flags       HW address            Mask     Device
192.168.1.20     0x1         0x2         00:16:3e:00:00:20     *        lan0
192.168.1.21     0x1         0x0         00:00:00:00:00:00     *        lan0
192.168.1.22     0x1         0x6         00:16:3e:00:00:22     *        lan0
192.168.1.23     0x1         0xc         00:00:00:00:00:00     *        lan0
10.8.0.1         0x206       0x2         00:16:3e:00:00:99     *        tun0
192.168.1.24     0x1         0x2         01:00:5e:00:00:fb     *        lan0
192.168.1.25     0x1         0x2         ff:ff:ff:ff:ff:ff     *        lan0
`;

test('the ARP table', () => {
  expect(parseArp(arp)).toEqual([{ address: '192.168.1.20', mac: '00:16:3e:00:00:20', interface: 'lan0' }]);
});

// Of iproute2 6.1; the last line but one as busybox writes it.
const neighbours = `192.168.1.1 dev lan0 lladdr 00:16:3e:00:00:01 REACHABLE
192.168.1.2 dev lan0 lladdr 00:16:3e:00:00:02 STALE
192.168.1.3 dev lan0 FAILED
192.168.1.4 dev lan0 lladdr 00:16:3e:00:00:04 PERMANENT
fe80::20 dev lan0 lladdr 00:16:3e:00:00:20 router extern_learn DELAY
fe80::21 dev lan0 INCOMPLETE
192.168.1.5 dev lan0 lladdr 00:16:3e:00:00:05 used 0/0/0 probes 1 REACHABLE
ff02::16 dev lan0 lladdr 33:33:00:00:00:16 NOARP
`;

test('ip neighbour', () => {
  expect(parseIpNeighbours(neighbours).map(({ address, mac }) => [address, mac])).toEqual([
    ['192.168.1.1', '00:16:3e:00:00:01'],
    ['fe80::20', '00:16:3e:00:00:20'],
    ['192.168.1.5', '00:16:3e:00:00:05'],
  ]);
});

test.each(['', 'Object "neigh" is unknown, try "ip help".\n', 'a dev\nREACHABLE\nb lladdr dev REACHABLE'])(
  'nothing in %j',
  (text) => {
    expect(parseArp(text)).toEqual([]);
    expect(parseIpNeighbours(text)).toEqual([]);
  },
);
