import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { LiveAgent } from '../live/live-state.ts';
import { ConnectivitySection } from './settings.ts';
import { SettingsPush } from './settings-push.ts';
import { liveAgent } from './testing/live-agents.ts';
import { UnitIndex } from './unit-index.ts';
import { VantagePoints } from './vantage-points.ts';

function begin(yaml: object, agents: LiveAgent[]) {
  const settings = ConnectivitySection.parse(yaml);
  const pushed: string[] = [];
  const log: string[] = [];
  const units = new UnitIndex([{ code: 'DH', parent: undefined, links: undefined }]);
  const push = new SettingsPush({
    settings,
    units: () => units,
    agents: { of: (unit) => agents.filter(({ record }) => record.unit === unit), units: () => ['DH', 'LT'] },
    vantagePoints: new VantagePoints(settings.services),
    relays: { has: () => false },
    push: (id) => {
      pushed.push(id);
      const agent = agents.find(({ record }) => record.id === id);
      if (agent) push.settingsFor(agent.record, 0);
    },
    logger: pino({}, { write: (line: string) => void log.push(line) }),
  });
  /** Ids that settings are pushed to now. */
  const tick = (now = 0) => {
    push.tick(now);
    return pushed.splice(0);
  };
  return { push, tick, log };
}

const services = [{ id: 's', name: 'S', url: 'https://s.example/', from: { classes: ['server'] } }];

test('pushes to those whose settings have changed, and once', () => {
  const agents = [
    liveAgent('a'),
    liveAgent('b'),
    liveAgent('off', { state: 'offline' }),
    liveAgent('x', { unit: 'LT' }),
  ];
  const { push, tick } = begin({ services }, agents);
  for (const { record } of agents) push.settingsFor(record, 0);
  expect(push.settingsFor(liveAgent('a').record, 0).targets).toMatchObject([{ id: 's' }]);
  push.touch('DH');
  expect(tick()).toEqual([]);
  // Another one takes over.
  agents[0] = liveAgent('a', { state: 'offline' });
  expect(tick()).toEqual([]);
  push.touch('DH');
  expect(tick()).toEqual(['b']);
  push.touch('DH');
  expect(tick()).toEqual([]);
});

test('a machine that fell silent is looked for by its gateway, until it is long gone', () => {
  const hour = 3_600_000;
  const agents = [liveAgent('gw', { class: 'gateway' }), liveAgent('a', { addresses: ['10.1.2.3'], lastSeen: 0 })];
  const { push, tick } = begin({}, agents);
  for (const { record } of agents) push.settingsFor(record, 0);
  agents[1] = liveAgent('a', { state: 'offline', addresses: ['10.1.2.3'], lastSeen: 0 });
  push.touch('DH');
  expect(tick()).toEqual(['gw']);
  expect(tick(23 * hour)).toEqual([]);
  // Nothing happens but that time goes by.
  expect(tick(25 * hour)).toEqual(['gw']);
});

test('a change of everything is spread over ticks', () => {
  const agents = Array.from({ length: 1_500 }, (_, n) => liveAgent(`a${n}`, { unit: n < 1_200 ? 'DH' : 'LT' }));
  const { push, tick } = begin({}, agents);
  push.touchAll();
  expect(tick()).toHaveLength(1_200);
  expect(tick()).toHaveLength(300);
  expect(tick()).toHaveLength(0);
});

test('too many targets are told once', () => {
  const targets = Array.from({ length: 201 }, (_, n) => ({ id: `t${n}`, url: 'icmp://10.0.0.1', units: ['DH'] }));
  const { push, log } = begin({ targets }, []);
  for (const id of ['a', 'b']) expect(push.settingsFor(liveAgent(id).record, 0).targets).toHaveLength(200);
  expect(log).toHaveLength(1);
  expect(log[0]).toContain('"dropped":1');
});
