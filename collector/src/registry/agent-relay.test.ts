import { expect, test } from 'vitest';
import { agentRecord } from '../connectivity/testing/live-agents.ts';
import { relayOf } from './agent-relay.ts';

const gateway = agentRecord('a-gw', { class: 'gateway', addresses: ['10.1.1.1', 'fdca:1::1'] });
const others = [
  agentRecord('a-1', { addresses: ['10.1.1.1'] }),
  agentRecord('a-other', { class: 'gateway', unit: 'HT', addresses: ['10.1.1.1'] }),
  agentRecord('a-old', { class: 'gateway', addresses: ['10.1.1.1'], revokedAt: 1 }),
];

test.each([
  ['relay', '10.1.1.1:8444', 'a-gw'],
  ['via', '[fdca:1::1]:8444', 'a-gw'],
  ['via', 'cong.tinh.example:8444', undefined],
  ['relay', '10.1.1.2:8444', undefined],
  ['direct', '10.1.1.1:8443', undefined],
] as const)('%s %s', (kind, address, expected) => {
  const agent = agentRecord('a-2', { way: { kind, address } });
  expect(relayOf(agent, [...others, gateway, agent])?.id).toBe(expected);
});

test('of an agent that has told nothing, and where there is no such gateway', () => {
  expect(relayOf(agentRecord('a-2'), [gateway])).toBeUndefined();
  expect(relayOf(agentRecord('a-2', { way: { kind: 'relay', address: '10.1.1.1:8444' } }), others)).toBeUndefined();
});
