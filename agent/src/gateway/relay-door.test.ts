import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { Interfaces } from '../system/own-networks.ts';
import { RelayDoor } from './relay-door.ts';
import { RelaySettings } from './relay-settings.ts';

function on(cidr: string): NetworkInterfaceInfo {
  const address = cidr.split('/')[0] ?? '';
  const family = address.includes(':') ? 'IPv6' : 'IPv4';
  return { family, address, cidr, netmask: '', mac: '00:16:3e:00:00:01', internal: false, scopeid: 0 } as never;
}

const gateway: Interfaces = {
  lan: [on('10.1.1.1/24'), on('2001:db8:1::1/64')],
  inet: [on('198.51.100.6/28')],
};

function doorWith(settings: Partial<RelaySettings> = {}) {
  const world = { now: 0, interfaces: gateway };
  const door = new RelayDoor({
    settings: RelaySettings.parse(settings),
    interfaces: () => world.interfaces,
    outlook: () => ({ outward: new Set(['inet']), isRouter: false }),
    monotonic: () => world.now,
  });
  return { door, world };
}

describe('networks', () => {
  test.each([
    ['10.1.1.77', undefined],
    ['2001:db8:1::77', undefined],
    ['127.0.0.1', undefined],
    ['::1', undefined],
    ['10.1.2.77', 'network'],
    ['198.51.100.7', 'network'],
    ['8.8.8.8', 'network'],
    ['2001:db8:2::77', 'network'],
    ['', 'network'],
    ['text', 'network'],
  ])('%s: %s', (address, refusal) => {
    expect(doorWith().door.enter(address)).toBe(refusal);
  });

  test('of the configuration may come too', () => {
    const { door } = doorWith({ allow: ['10.1.2.0/24', '2001:db8:2::/48'] });
    expect([door.enter('10.1.2.77'), door.enter('2001:db8:2:5::1'), door.enter('10.1.3.77')]).toEqual([
      undefined,
      undefined,
      'network',
    ]);
  });

  test('are read again, as an address can change', () => {
    const { door, world } = doorWith();
    expect(door.enter('192.168.7.7')).toBe('network');
    world.interfaces = { lan: [on('192.168.7.1/24')] };
    world.now += 30_000;
    expect([door.enter('192.168.7.7'), door.enter('10.1.1.77')]).toEqual([undefined, 'network']);
  });
});

describe('numbers', () => {
  test('of one address, which those that leave make room for', () => {
    const { door } = doorWith({ connections_per_address: 2 });
    expect([1, 2, 3].map(() => door.enter('10.1.1.7'))).toEqual([undefined, undefined, 'connections_per_address']);
    expect(door.enter('10.1.1.8')).toBeUndefined();
    door.leave('10.1.1.7');
    expect([door.enter('10.1.1.7'), door.open]).toEqual([undefined, 3]);
  });

  test('in all', () => {
    const { door } = doorWith({ connections: 2 });
    expect(['10.1.1.7', '10.1.1.8', '10.1.1.9'].map((address) => door.enter(address)).at(-1)).toBe('connections');
    expect(door.open).toBe(2);
  });

  test('a second, with a burst; strangers take nothing of it', () => {
    const { door, world } = doorWith({ connections_per_second: 2 });
    for (let index = 0; index < 100; index += 1) door.enter('8.8.8.8');
    const enter = (index: number) => door.enter(`10.1.1.${index + 1}`);
    expect(Array.from({ length: 7 }, (_, index) => enter(index)).map((refusal) => refusal ?? 'in')).toEqual([
      ...Array(6).fill('in'),
      'connections_per_second',
    ]);
    world.now += 500;
    expect([enter(10), enter(11)]).toEqual([undefined, 'connections_per_second']);
  });
});

test('sixty machines that come back at once after a power cut are let in', () => {
  const { door } = doorWith();
  const refusals = Array.from({ length: 60 }, (_, index) => door.enter(`10.1.1.${index + 10}`));
  expect(refusals.every((refusal) => refusal === undefined)).toBe(true);
});

test.each([
  { listen: '8444' },
  { allow: ['10.1.0.0'] },
  { allow: ['10.1.0.0/33'] },
  { allow: ['10.1.0.0/8/8'] },
  { allow: ['example.vn/8'] },
  { connections: 0 },
  { idle_seconds: 5 },
  // Where to is not for anybody to say.
  { upstream: '10.0.0.1:22' },
])('the configuration %j is refused', (settings) => {
  expect(RelaySettings.safeParse(settings).success).toBe(false);
});
