import { expect, test } from 'vitest';
import type { DefaultRoute } from '../system/default-routes-linux.ts';
import type { OwnNetwork } from '../system/own-networks.ts';
import { carrierLines, WaysOut } from './carrier-lines.ts';

function on(name: string, address: string): OwnNetwork {
  const family = address.includes(':') ? 6 : 4;
  return { interface: name, family, address, mac: '', prefix: 24, name: '' };
}

const own = [
  on('lan0', '10.1.2.3'),
  on('lan0', '2001:db8::3'),
  on('lan1', '192.168.1.1'),
  on('lan2', '172.31.0.1'),
  on('dmz', '203.0.113.9'),
  on('fibre', '203.0.113.129'),
  on('lte', '100.64.7.7'),
  on('edge', '172.32.0.1'),
  on('six', '2001:db8:1::3'),
];

function outlook(isRouter: boolean, ...outward: string[]) {
  return { outward: new Set(outward), isRouter };
}

test('are those with a default route and an address that is not private', () => {
  const outward = ['lan0', 'lan1', 'lan2', 'fibre', 'lte', 'edge', 'six'];
  expect([...carrierLines(own, outlook(false, ...outward))]).toEqual(['fibre', 'lte', 'edge']);
  expect([...carrierLines(own, outlook(true))]).toEqual([]);
});

test('are all with a default route on a router that has a network inside', () => {
  expect([...carrierLines(own, outlook(true, 'lan0', 'fibre'))]).toEqual(['lan0', 'fibre']);
  // With one network, as a machine that runs containers.
  const single = own.filter((network) => network.interface === 'lan0');
  expect([...carrierLines(single, outlook(true, 'lan0'))]).toEqual([]);
});

test('are all with an address that is not private where the routes are not known', () => {
  expect([...carrierLines(own, undefined)]).toEqual(['dmz', 'fibre', 'lte', 'edge']);
});

test('a line stays one when its route is taken away, or when the record names it', () => {
  let routes: DefaultRoute[] = [{ interface: 'fibre', family: 4, nextHop: undefined, metric: 0 }];
  const ways = new WaysOut({ read: () => routes, isRouter: true });
  expect([...ways.look([]).outward]).toEqual(['fibre']);
  routes = [];
  expect([...ways.look([{ id: 'tslcd', interface: 'lan1' }, { id: 'other' }]).outward]).toEqual(['fibre', 'lan1']);
});
