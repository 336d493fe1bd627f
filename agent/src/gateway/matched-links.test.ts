import type { NetworkInterfaceInfo } from 'node:os';
import type { WatchedLink } from '@vonggac/shared';
import { beforeEach, expect, test } from 'vitest';
import { MatchedLinks } from './matched-links.ts';

function four(cidr: string): NetworkInterfaceInfo[] {
  const address = cidr.split('/')[0] ?? '';
  return [{ family: 'IPv4', address, cidr, netmask: '', mac: '00:16:3e:00:00:01', internal: false }];
}

const interfaces = { eth0: four('198.51.100.6/30'), eth1: four('10.255.1.2/30') };
const eth0 = { id: 'eth0', interface: 'eth0', next_hop: '198.51.100.5' };
const eth1 = { id: 'eth1', interface: 'eth1', next_hop: '10.255.1.1' };
const both = [eth0, eth1];

let matched: MatchedLinks;

beforeEach(() => {
  matched = new MatchedLinks();
});

function places(links: readonly WatchedLink[], machine: { found?: WatchedLink[]; shown?: object } = {}): string[] {
  const { found = both, shown = interfaces } = machine;
  const told = matched.match(links, { found, interfaces: shown as typeof interfaces });
  return told.map(({ id, interface: on, next_hop: nextHop }) => `${id} ${on ?? '?'} ${nextHop ?? '-'}`);
}

test.each<[what: string, links: WatchedLink[], expected: string[]]>([
  [
    'by the address of its edge, whatever the order',
    [
      { id: 'tslcd', edge: '10.255.1.2' },
      { id: 'inet', edge: '198.51.100.6' },
    ],
    ['tslcd eth1 10.255.1.1', 'inet eth0 198.51.100.5'],
  ],
  [
    'by the name of its interface',
    [{ id: 'x' }, { id: 'eth1' }, { id: 'y' }],
    ['eth1 eth1 10.255.1.1', 'eth0 eth0 198.51.100.5'],
  ],
  [
    'as the only one left',
    [{ id: 'inet' }, { id: 'tslcd', interface: 'eth1' }],
    ['inet eth0 198.51.100.5', 'tslcd eth1 -'],
  ],
  [
    'as the only one left beside one that is known by its next hop',
    [{ id: 'tslcd', next_hop: '10.255.1.1' }, { id: 'inet' }],
    ['tslcd ? 10.255.1.1', 'inet eth0 198.51.100.5'],
  ],
  [
    'never by the order of the routes',
    [{ id: 'tslcd' }, { id: 'inet' }],
    ['eth0 eth0 198.51.100.5', 'eth1 eth1 10.255.1.1'],
  ],
  [
    'never two on one interface',
    [{ id: 'a', edge: '10.255.1.2' }, { id: 'b', edge: '10.255.1.2' }, { id: 'c' }],
    ['a eth1 10.255.1.1', 'eth0 eth0 198.51.100.5'],
  ],
  ['not when there are more ways out than lines', [{ id: 'inet' }], ['eth0 eth0 198.51.100.5', 'eth1 eth1 10.255.1.1']],
  [
    'not when another one may be there too',
    [{ id: 'far', next_hop: '192.0.2.1' }, { id: 'inet' }, { id: 'tslcd', interface: 'eth1' }],
    ['far ? 192.0.2.1', 'tslcd eth1 -', 'eth0 eth0 198.51.100.5'],
  ],
])('a line is found %s', (_, links, expected) => {
  expect(places(links)).toEqual(expected);
});

test('an interface is known by its edge also while its carrier is lost', () => {
  const links = [{ id: 'tslcd', edge: '10.255.1.2' }, { id: 'inet' }];
  const expected = ['tslcd eth1 10.255.1.1', 'inet eth0 198.51.100.5'];
  expect(places(links)).toEqual(expected);
  expect(places(links, { shown: { eth0: interfaces.eth0 } })).toEqual(expected);
});

test('one whose carrier was lost before the start is not taken for the other', () => {
  const links = [{ id: 'tslcd', edge: '10.255.1.2' }, { id: 'inet' }];
  const machine = { found: [eth0], shown: { eth0: interfaces.eth0 } };
  expect(places(links, machine)).toEqual(['eth0 eth0 198.51.100.5']);
});

test('another way out that comes later makes the guess uncertain, and the line is no longer told of', () => {
  expect(places([{ id: 'inet' }], { found: [eth0] })).toEqual(['inet eth0 198.51.100.5']);
  const lte = { id: 'wwan0', interface: 'wwan0' };
  expect(places([{ id: 'inet' }], { found: [eth0, lte] })).toEqual(['eth0 eth0 198.51.100.5', 'wwan0 wwan0 -']);
});
