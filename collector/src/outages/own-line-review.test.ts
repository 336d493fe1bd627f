import { point } from '@vonggac/shared';
import { expect, test } from 'vitest';
import { liveAgent } from '../connectivity/testing/live-agents.ts';
import type { LiveAgent } from '../live/live-state.ts';
import { OwnLineReview, reviewAfterMs } from './own-line-review.ts';

const minute = 60_000;
const cutAt = 100 * minute;
const backAt = cutAt + 60 * minute;

interface Told {
  readonly of?: number;
  /** Units whose machines started anew meanwhile. */
  readonly booted?: readonly string[];
  /** Units of which one machine has kept a reading from this long after it fell silent. */
  readonly measured?: Readonly<Record<string, number>>;
  /** Units that are not back. */
  readonly away?: readonly string[];
}

/** Units A, B and C with two machines each fall silent together, and are back an hour later. */
function reviewed({ of = 3, booted = [], measured = {}, away = [] }: Told): OwnLineReview {
  const units = ['A', 'B', 'C'];
  const machines = [...units, 'far'].flatMap((unit) => [1, 2].map((number) => ({ unit, id: `${unit}${number}` })));
  const before = machines.map(({ id, unit }) => liveAgent(id, { unit, state: 'late', lastSeen: cutAt }));
  const review = new OwnLineReview({ since: cutAt - 20_000, units, of }, before);
  const after = machines.map(({ id, unit }): LiveAgent => {
    const startedAt = booted.includes(unit) ? cutAt + 30 * minute : 0;
    const life = { bootedAt: startedAt, startedAt };
    return liveAgent(id, { unit, state: away.includes(unit) ? 'inconclusive' : 'online', since: backAt, life });
  });
  for (const [unit, ago] of Object.entries(measured)) {
    const points = [point('cpu', { time: cutAt + ago, tags: {}, fields: { usage_percent: 1 } })];
    const agent = `${unit}1`;
    const origin = { agent, host: agent, unit, class: 'server' } as const;
    review.take({ origin, points }, liveAgent(agent, { unit, state: 'online', since: backAt }));
  }
  review.look(after);
  return review;
}

test.each<[what: string, told: Told]>([
  ['every machine went on', {}],
  ['nobody is back', { away: ['A', 'B', 'C'], booted: ['A', 'B', 'C'] }],
  ['all were shut down later, having measured until then', { booted: ['A', 'B'], measured: { A: minute, B: minute } }],
  ['one of many that is not back might have lost its power', { of: 5, booted: ['C'], away: ['C'] }],
])('it was the own line when %s', (_, told) => {
  expect(reviewed(told).refuted()).toBeUndefined();
});

test.each<[what: string, told: Told, poweredOff: string[]]>([
  ['one of few units lost its power', { booted: ['B'] }, ['B']],
  ['most of many did', { of: 5, booted: ['A', 'C'] }, ['A', 'C']],
  ['what was measured was before', { booted: ['A'], measured: { A: 10_000 } }, ['A']],
  ['what was measured is of now', { booted: ['A'], measured: { A: 61 * minute } }, ['A']],
])('it was not when %s', (_, told, poweredOff) => {
  const review = reviewed(told);
  expect(review.poweredOff).toEqual(poweredOff);
  const silences = review.refuted();
  expect(silences).toHaveLength(6);
  expect(silences).toContainEqual({ agent: 'A1', beganAt: cutAt, endedAt: backAt });
});

test('it is due when what was kept back has had its time to come', () => {
  const review = reviewed({});
  expect(review.isDue(backAt + 10 * reviewAfterMs)).toBe(false);
  review.back(backAt);
  expect([review.isDue(backAt + reviewAfterMs - 1), review.isDue(backAt + reviewAfterMs)]).toEqual([false, true]);
});
