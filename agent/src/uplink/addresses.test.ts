import { expect, test } from 'vitest';
import { CollectorAddresses } from './addresses.ts';

function addresses(more: { direct?: string[]; via?: string; relays?: string[] } = {}) {
  const relays = more.relays ?? [];
  const list = new CollectorAddresses({ direct: more.direct ?? ['a:1', 'b:1'], via: more.via, relays: () => relays });
  return { list, relays };
}

/** The ways that are tried while none works. */
function tries(list: CollectorAddresses, count: number): string[] {
  return Array.from({ length: count }, () => {
    const way = list.current;
    list.failed();
    return `${way?.kind} ${way?.address}`;
  });
}

test('goes round while none works: directly, then by the relays of the settings', () => {
  expect(tries(addresses({ relays: ['r:2'] }).list, 5)).toEqual([
    'direct a:1',
    'direct b:1',
    'relay r:2',
    'direct a:1',
    'direct b:1',
  ]);
});

test('goes first by the relay that a person named, and past it when it fails', () => {
  expect(tries(addresses({ via: 'v:2', relays: ['r:2'] }).list, 5)).toEqual([
    'via v:2',
    'direct a:1',
    'direct b:1',
    'relay r:2',
    'via v:2',
  ]);
});

test('an address that is there twice is tried once, as what it is first', () => {
  const { list } = addresses({ direct: ['a:1'], via: 'r:2', relays: ['a:1', 'r:2'] });
  expect(tries(list, 3)).toEqual(['via r:2', 'direct a:1', 'via r:2']);
});

test('stays until something fails, and begins anew after a good session', () => {
  const { list } = addresses({ relays: ['r:2'] });
  expect(tries(list, 2)).toHaveLength(2);
  expect([list.current?.address, list.current?.address]).toEqual(['r:2', 'r:2']);
  list.ended();
  expect(list.current?.address).toBe('a:1');
});

test('goes directly once the relay is left for that', () => {
  const { list } = addresses({ relays: ['r:2'] });
  tries(list, 2);
  list.prefer('b:1');
  expect(list.current).toEqual({ address: 'r:2', kind: 'relay' });
  list.ended();
  expect(list.current).toEqual({ address: 'b:1', kind: 'direct' });
  list.ended();
  expect(list.current).toEqual({ address: 'a:1', kind: 'direct' });
});

test('relays may come and go at any time', () => {
  const { list, relays } = addresses({ direct: ['a:1'] });
  list.failed();
  relays.push('r:2');
  list.failed();
  expect(list.current?.address).toBe('r:2');
  relays.pop();
  expect(list.current?.address).toBe('r:2');
  list.failed();
  expect(list.current?.address).toBe('a:1');
});
