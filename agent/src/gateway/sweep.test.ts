import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { OwnNetwork } from '../system/own-networks.ts';
import { Sweep, sweptBytes, whyNotSwept } from './sweep.ts';

function network(name: string, address: string): OwnNetwork {
  const family = name.includes(':') ? 6 : 4;
  return { interface: 'lan0', family, address, mac: '00:16:3e:00:00:fe', prefix: Number(name.split('/')[1]), name };
}

const lan = network('192.168.1.0/24', '192.168.1.254');

describe('which networks', () => {
  test.each([
    ['192.168.1.0/24', '192.168.1.254', undefined],
    ['172.16.0.0/22', '172.16.0.1', undefined],
    ['10.0.0.0/21', '10.0.0.1', 'larger than a /22'],
    ['10.0.0.0/8', '10.0.0.1', 'larger than a /22'],
    ['2001:db8::/64', '2001:db8::1', 'an IPv6 network is too large to sweep'],
  ])('%s at %s: %s', (name, address, reason) => {
    expect(whyNotSwept(network(name, address))).toBe(reason);
  });
});

describe('a sweep', () => {
  let touched: string[];
  let now: number;
  let sweep: Sweep;

  beforeEach(() => {
    vi.useFakeTimers();
    touched = [];
    now = 0;
    let seed = 1;
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    sweep = new Sweep({ touch: (address) => void touched.push(address), monotonic: () => now, random });
  });
  afterEach(() => {
    sweep.stop();
    vi.useRealTimers();
  });

  function pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += 250) {
      now += 250;
      vi.advanceTimersByTime(250);
    }
  }

  test('goes to each address once, 4 a second, in no order, and not to itself, the network or all', () => {
    sweep.start(lan);
    pass(10_000);
    expect(touched).toHaveLength(40);
    pass(60_000);
    const numbers = touched.map((address) => Number(address.replace('192.168.1.', '')));
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 253 }, (_, index) => index + 1));
    expect(numbers).not.toEqual(numbers.toSorted((a, b) => a - b));
    expect(vi.getTimerCount()).toBe(0);
  });

  test('gives an address when the kernel must know by now, once', () => {
    sweep.start(network('192.168.1.0/30', '192.168.1.1'));
    pass(9_000);
    expect([sweep.takeSettled(), sweep.isUnderWay('192.168.1.0/30')]).toEqual([[], true]);
    pass(2_000);
    expect(sweep.takeSettled()).toMatchObject([{ address: '192.168.1.2', network: '192.168.1.0/30' }]);
    expect([sweep.takeSettled(), sweep.isUnderWay('192.168.1.0/30')]).toEqual([[], false]);
  });

  test('ends at once for a network that the machine has left', () => {
    sweep.start(lan);
    sweep.start(network('10.0.0.0/24', '10.0.0.1'));
    sweep.keepOnly(new Set(['10.0.0.0/24']));
    pass(100_000);
    expect(touched).toHaveLength(253);
    expect(touched.every((address) => address.startsWith('10.0.0.'))).toBe(true);
  });

  test('ends at stop', () => {
    sweep.start(lan);
    pass(1_000);
    sweep.stop();
    pass(10_000);
    expect(touched).toHaveLength(4);
  });
});

test('a /24 costs less than 100 KB, however many answer', () => {
  for (const answered of [0, 60, 254]) expect(sweptBytes({ addresses: 254, answered })).toBeLessThan(100_000);
});
