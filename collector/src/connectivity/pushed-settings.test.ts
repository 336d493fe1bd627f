import { ConnectivitySettings } from '@vonggac/shared';
import { expect, test } from 'vitest';
import { connectivityFor, type PushContext } from './pushed-settings.ts';
import { ConnectivitySection } from './settings.ts';
import { agentRecord, liveAgent } from './testing/live-agents.ts';
import { UnitIndex } from './unit-index.ts';

const units = new UnitIndex([
  { code: 'QB', parent: undefined, links: undefined },
  {
    code: 'DH',
    parent: 'QB',
    links: [
      { id: 'tslcd-1', kind: 'tslcd', edge: '10.1.2.1' },
      { id: 'inet', kind: 'internet' },
    ],
  },
  { code: 'LT', parent: 'QB', links: undefined },
]);
const now = 1_000_000_000;

function pushed(agent: Parameters<typeof agentRecord>[1], context: Partial<PushContext> & { yaml?: object } = {}) {
  const { yaml = {}, ...rest } = context;
  const settings = ConnectivitySection.parse(yaml);
  const common = { settings, units, services: [], colleagues: [], isRelay: () => false, now };
  const found = connectivityFor(agentRecord('a-1', agent), { ...common, ...rest });
  expect(ConnectivitySettings.safeParse(found.settings).success).toBe(true);
  return found;
}

const targets = [
  { id: 'everywhere', url: 'icmp://10.0.0.1' },
  { id: 'below-qb', url: 'icmp://10.0.0.2', units: ['QB'] },
  { id: 'lt', url: 'icmp://10.0.0.3', units: ['LT'] },
  { id: 'pcs', url: 'icmp://10.0.0.4', classes: ['pc'] },
];

test.each([
  ['DH', 'server', ['everywhere', 'below-qb']],
  ['LT', 'server', ['everywhere', 'below-qb', 'lt']],
  ['DH', 'pc', ['everywhere', 'below-qb', 'pcs']],
  // Not in the tree of now.
  ['XX', 'pc', ['everywhere', 'pcs']],
] as const)('targets of a machine in %s of class %s', (unit, agentClass, expected) => {
  const { settings } = pushed({ unit, class: agentClass }, { yaml: { targets } });
  expect(settings.targets.map(({ id }) => id)).toEqual(expected);
  expect(settings).not.toHaveProperty('links');
  expect(settings.targets[0]).toEqual({ id: 'everywhere', url: 'icmp://10.0.0.1', scope: 'wan', every: 15 });
});

test('services come first, and what is too much is left out and counted', () => {
  const many = Array.from({ length: 200 }, (_, n) => ({ id: `t${n}`, url: 'icmp://10.0.0.1' }));
  const service = { id: 'portal', name: 'Cổng', url: 'https://cong.example.vn/', keyword: 'x' };
  const yaml = { targets: many, services: [service] };
  const { services } = ConnectivitySection.parse(yaml);
  const { settings, dropped } = pushed({}, { yaml, services });
  expect(settings.targets).toHaveLength(200);
  expect(settings.targets[0]).toEqual({ id: 'portal', url: service.url, keyword: 'x', every: 30, scope: 'service' });
  expect(dropped).toBe(1);
});

test('a gateway is told of the lines of its unit', () => {
  const watch = [{ unit: 'DH', id: 'inet', interface: 'eth1', next_hop: '192.168.1.1' }];
  const { settings } = pushed({ class: 'gateway' }, { yaml: { links: { watch }, sweep_minutes: 30 } });
  expect(settings).toMatchObject({
    links: [
      { id: 'tslcd-1', edge: '10.1.2.1' },
      { id: 'inet', interface: 'eth1', next_hop: '192.168.1.1' },
    ],
    sweep_minutes: 30,
    budget: { bytes_per_day: 5_000_000 },
  });
});

test('a gateway looks for machines that fell silent, the latest first, for a day', () => {
  const colleagues = [
    liveAgent('a-1', { class: 'gateway', addresses: ['10.1.2.1'] }),
    liveAgent('a-there', { addresses: ['10.1.2.2'], lastSeen: now }),
    liveAgent('a-late', { state: 'late', addresses: ['10.1.2.3'], lastSeen: now - 60_000 }),
    liveAgent('a-gone', { state: 'offline', addresses: ['fd00::4', '10.1.2.4'], lastSeen: now - 120_000 }),
    liveAgent('a-long-gone', { state: 'offline', addresses: ['10.1.2.5'], lastSeen: now - 25 * 3_600_000 }),
    liveAgent('a-nowhere', { state: 'offline', lastSeen: now }),
    liveAgent('a-retired', { state: 'retired', addresses: ['10.1.2.6'], lastSeen: now }),
    // The collector has just started and does not know yet.
    liveAgent('a-maybe', { state: 'inconclusive', addresses: ['10.1.2.7'], lastSeen: now }),
  ];
  const peers = [
    { id: 'peer:a-late', url: 'icmp://10.1.2.3', scope: 'peer', every: 30 },
    { id: 'peer:a-gone', url: 'icmp://[fd00::4]', scope: 'peer', every: 30 },
  ];
  expect(pushed({ class: 'gateway' }, { colleagues }).settings.targets).toEqual(peers);
  expect(pushed({ class: 'server' }, { colleagues }).settings.targets).toEqual([]);
  const yaml = { peers: { per_gateway: 1 } };
  expect(pushed({ class: 'gateway' }, { colleagues, yaml }).settings.targets).toEqual(peers.slice(0, 1));
});

test('relays: those that gateways of the unit report, the nearest address first, or what is named', () => {
  const colleagues = [
    liveAgent('a-gw', { class: 'gateway', state: 'offline', addresses: ['192.168.1.2', '10.1.2.1', 'fd00::1'] }),
    liveAgent('a-1', { class: 'gateway', addresses: ['10.1.2.9'] }),
    liveAgent('a-none', { class: 'gateway', addresses: ['10.1.2.8'] }),
  ];
  const isRelay = (id: string) => id !== 'a-none';
  const relays = (yaml: object) => pushed({ addresses: ['10.1.2.5'] }, { colleagues, isRelay, yaml }).settings.relays;
  expect(relays({})).toEqual(['10.1.2.1:8444', '192.168.1.2:8444', '[fd00::1]:8444']);
  expect(relays({ relays: { port: 9_000, units: { LT: ['x:1'] } } })?.[0]).toBe('10.1.2.1:9000');
  expect(relays({ relays: { units: { DH: ['gw.dh.example:8444'] } } })).toEqual(['gw.dh.example:8444']);
  expect(pushed({}).settings).not.toHaveProperty('relays');
});
