import { expect, test } from 'vitest';
import type { LiveAgent } from '../live/live-state.ts';
import { ConnectivitySection } from './settings.ts';
import { liveAgent } from './testing/live-agents.ts';
import { UnitIndex } from './unit-index.ts';
import { VantagePoints } from './vantage-points.ts';

const units = new UnitIndex(['DH', 'LT'].map((code) => ({ code, parent: 'QB', links: undefined })));

function choose(from: object) {
  const service = { id: 's', name: 'S', url: 'https://s.example/', from };
  const points = new VantagePoints(ConnectivitySection.parse({ services: [service] }).services);
  return (unit: string, agents: readonly LiveAgent[]) => {
    points.refresh(unit, { units, agents });
    return points.of('s').map(({ agent }) => agent);
  };
}

test('by class as preferred, then the longest connected, then by id', () => {
  const agents = [
    liveAgent('a-pc', { class: 'pc' }),
    liveAgent('a-c', { since: 5 }),
    liveAgent('a-b', { since: 5 }),
    liveAgent('a-gw', { class: 'gateway', since: 9 }),
    liveAgent('a-off', { state: 'offline' }),
  ];
  expect(choose({})('DH', agents)).toEqual(['a-gw']);
  expect(choose({ per_unit: 3 })('DH', agents)).toEqual(['a-gw', 'a-b', 'a-c']);
  expect(choose({ classes: ['pc'], per_unit: 3 })('DH', agents)).toEqual(['a-pc']);
});

test('who was chosen stays until it is gone', () => {
  const ask = choose({});
  const [a, b] = [liveAgent('a', { since: 9 }), liveAgent('b', { since: 1 })];
  expect(ask('DH', [a])).toEqual(['a']);
  expect(ask('DH', [a, b])).toEqual(['a']);
  expect(ask('DH', [{ ...a, state: 'late' }, b])).toEqual(['a']);
  expect(ask('DH', [{ ...a, state: 'offline' }, b])).toEqual(['b']);
  expect(ask('DH', [a, b])).toEqual(['b']);
  expect(ask('DH', [])).toEqual([]);
});

test('in the units that are named, and below them', () => {
  expect(choose({ units: ['QB'] })('DH', [liveAgent('a')])).toEqual(['a']);
  expect(choose({ units: ['LT'] })('DH', [liveAgent('a')])).toEqual([]);
});
