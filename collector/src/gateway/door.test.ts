import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createMetrics } from '../metrics.ts';
import { Door } from './door.ts';
import { GatewayLimits } from './limits.ts';

class FakeSocket extends EventEmitter {
  readonly remoteAddress: string;
  readonly remotePort: number;
  destroyed = false;
  hasBegun = false;

  constructor(remoteAddress: string, remotePort: number) {
    super();
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
  }

  resetAndDestroy(): this {
    this.destroyed = true;
    this.emit('close');
    return this;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function doorWith(limits: Partial<GatewayLimits>) {
  let now = 0;
  let port = 0;
  const metrics = createMetrics();
  const door = new Door({ ...GatewayLimits.parse({}), ...limits }, { metrics, monotonic: () => now });
  return {
    door,
    pass: (ms: number) => {
      now += ms;
      vi.advanceTimersByTime(ms);
    },
    arrive: (address: string) => {
      port += 1;
      const socket = new FakeSocket(address, port);
      door.admit(socket as never, () => {
        socket.hasBegun = true;
      });
      return socket;
    },
    refusals: async () => (await metrics.portRefusals.get()).values.map(({ labels, value }) => [labels.reason, value]),
  };
}

test('an address has so many connections, and those that leave make room', async () => {
  const { door, arrive, refusals } = doorWith({ connections_per_address: 2 });
  const [first, , third] = [arrive('10.0.0.1'), arrive('10.0.0.1'), arrive('10.0.0.1'), arrive('10.0.0.2')];
  expect([third?.destroyed, door.open]).toEqual([true, 3]);
  first?.emit('close');
  expect(arrive('10.0.0.1').destroyed).toBe(false);
  expect(await refusals()).toEqual([['connections_per_address', 1]]);
});

test('a connection that does not prove itself is cut, one that does stays', async () => {
  const { door, arrive, pass, refusals } = doorWith({ authenticate_seconds: 5 });
  const good = arrive('10.0.0.1');
  const bad = arrive('10.0.0.1');
  door.authenticated(good);
  door.authenticated(good);
  expect([door.open, door.pending]).toEqual([2, 1]);
  pass(10_000);
  expect([good.destroyed, bad.destroyed, door.open, door.pending]).toEqual([false, true, 1, 0]);
  expect(await refusals()).toEqual([['authenticate_seconds', 1]]);
});

test('only those that have not proven themselves count as pending', () => {
  const { door, arrive } = doorWith({ pending_per_address: 2 });
  const first = arrive('10.0.0.1');
  arrive('10.0.0.1');
  expect(arrive('10.0.0.1').destroyed).toBe(true);
  door.authenticated(first);
  expect(arrive('10.0.0.1').destroyed).toBe(false);
});

test('one address that knocks too often leaves the others their share', async () => {
  const { arrive, refusals } = doorWith({ handshakes_per_second_per_address: 1 });
  expect(Array.from({ length: 100 }, () => arrive('10.0.0.1')).filter(({ destroyed }) => !destroyed)).toHaveLength(4);
  expect(Array.from({ length: 16 }, (_, i) => arrive(`10.0.1.${i}`)).every(({ destroyed }) => !destroyed)).toBe(true);
  expect(await refusals()).toEqual([['handshakes_per_second_per_address', 96]]);
});

test('more handshakes than the rate wait their turn, and whoever waits too long is turned away', async () => {
  const { door, arrive, pass, refusals } = doorWith({ handshakes_per_second: 10 });
  const all = Array.from({ length: 180 }, (_, i) => arrive(`10.0.${i}.1`));
  expect([all.filter(({ hasBegun }) => hasBegun).length, door.waiting, door.pending]).toEqual([1, 179, 180]);
  all[1]?.emit('error', new Error('reset by the peer'));
  all[1]?.resetAndDestroy();
  for (let i = 0; i < 40; i += 1) pass(25);
  expect(all.slice(0, 11).map(({ hasBegun }) => hasBegun)).toEqual([true, false, ...Array(9).fill(true)]);
  for (let i = 0; i < 580; i += 1) pass(25);
  expect([door.waiting, all.filter(({ destroyed }) => destroyed).length > 10]).toEqual([0, true]);
  expect((await refusals()).map(([reason]) => reason)).toContain('handshakes_per_second');
});

test('all that a relay passes on at a time, or a large office behind NAT, comes in at once from one address', () => {
  const { door, arrive, pass } = doorWith({});
  // 200 are what a relay passes on by default; they come back together when the collector has restarted.
  const relayed = Array.from({ length: 200 }, () => arrive('10.1.1.1'));
  for (let i = 0; i < 40; i += 1) pass(25);
  expect(relayed.filter(({ destroyed, hasBegun }) => destroyed || !hasBegun)).toHaveLength(0);
  for (const socket of relayed) door.authenticated(socket as never);
  // A thousand machines that find their way back over half a minute, as their backoff spreads them.
  const office = Array.from({ length: 1_000 }, () => {
    pass(30);
    const socket = arrive('10.2.1.1');
    expect(socket.hasBegun).toBe(true);
    door.authenticated(socket as never);
    return socket;
  });
  expect(office.filter(({ destroyed }) => destroyed)).toHaveLength(0);
  expect(door.open).toBe(1_200);
});

test('forgets addresses, and remembers a bounded number of them', () => {
  const { door, arrive, pass } = doorWith({ handshakes_per_second: 10_000, connections: 200_000, pending: 50_000 });
  for (let i = 0; i < 50_100; i += 1) arrive(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`).resetAndDestroy();
  expect(door.addresses).toBe(50_000);
  pass(20_000);
  arrive('192.0.2.1');
  expect(door.addresses).toBe(1);
});

test('addresses of one IPv6 network are one address', () => {
  const { arrive } = doorWith({ connections_per_address: 1 });
  expect([arrive('2001:db8::1'), arrive('2001:db8::2'), arrive('2001:db8:0:1::1')].map((s) => s.destroyed)).toEqual([
    false,
    true,
    false,
  ]);
});
