import { point } from '@vonggac/shared';
import { expect, test } from 'vitest';
import { settledTurn, TargetResults } from './target-results.ts';

const pace = { every: 30, checks: 2 };

function reading(seconds: number, fields: Parameters<typeof point<'connectivity'>>[1]['fields'], target = 't') {
  return point('connectivity', {
    time: seconds * 1_000,
    tags: { target, kind: 'icmp', scope: 'wan' },
    fields: { checks: 1, ...fields },
  });
}

function settled(results: TargetResults, seconds: number) {
  const result = results.of('a', 't');
  const turn = result && settledTurn(result, { ...pace, now: seconds * 1_000 });
  return turn && `${turn.up} ${turn.at / 1_000}`;
}

test('a change counts when a second check has not taken it back', () => {
  const results = new TargetResults();
  results.take('a', [reading(100, { up: true, rtt_ms: 5 })]);
  expect(settled(results, 110)).toBeUndefined();
  expect(settled(results, 132)).toBe('true 100');
  results.take('a', [reading(200, { up: false, error: 'timeout' })]);
  expect(settled(results, 210)).toBe('true 100');
  expect(settled(results, 232)).toBe('false 200');
  results.take('a', [reading(240, { up: true })]);
  // It was down for long enough to count, and is not yet up for so long.
  expect(settled(results, 250)).toBe('false 200');
  expect(settled(results, 272)).toBe('true 240');
});

test('a short failure never counts', () => {
  const results = new TargetResults();
  results.take('a', [reading(100, { up: true }), reading(200, { up: false }), reading(220, { up: true })]);
  for (const at of [201, 221, 251, 300]) expect(settled(results, at)).toMatch(/^true/);
});

test('what is late, a path, or could not be measured', () => {
  const results = new TargetResults();
  results.take('a', [reading(100, { up: true }), reading(50, { up: false })]);
  expect(results.of('a', 't')).toMatchObject({ at: 100_000, turns: [{ up: true }] });
  const path = { ...reading(110, {}), fields: { path: '10.0.0.1 1ms' } };
  results.take('a', [path]);
  expect(results.of('a', 't')?.at).toBe(100_000);
  results.take('a', [reading(120, { error: 'unsupported' })]);
  expect(results.of('a', 't')?.turns.at(-1)).toEqual({ up: undefined, at: 120_000 });
});

/** Of a target that was up at 100 s, with the budget's state told before: the last second at which that is current. */
function currentUntil(every: number, budget?: number): number {
  const results = new TargetResults();
  if (budget !== undefined) results.take('a', [budgetTold(90, budget)]);
  results.take('a', [reading(100, { up: true })]);
  let second = 100;
  while (results.current('a', 't', { every, now: (second + 1) * 1_000 })) second += 1;
  return second - 100;
}

function budgetTold(seconds: number, state: number) {
  return point('agent', { time: seconds * 1_000, tags: {}, fields: { budget_state: state } });
}

test('is current for three periods, and never less than three reports', () => {
  expect(currentUntil(15)).toBe(180);
  expect(currentUntil(300)).toBe(900);
});

test.each([
  ['normal', 0, 180],
  // It may have begun to save since.
  ['gathering', 1, 420],
  ['saving', 2, 1_020],
  ['spent', 3, 1_020],
  ['a state of a later version', 9, 180],
])('the results of an agent whose budget is %s are current for longer', (_, state, seconds) => {
  expect(currentUntil(15, state)).toBe(seconds);
  expect(currentUntil(3_600, state)).toBe(10_800);
});

test('the newest state of the budget counts, in whatever order it comes', () => {
  const results = new TargetResults();
  results.take('a', [reading(100, { up: true }), budgetTold(200, 2), budgetTold(150, 0)]);
  expect(results.current('a', 't', { every: 15, now: 1_000_000 })).toBeDefined();
  results.take('a', [budgetTold(300, 0)]);
  expect(results.current('a', 't', { every: 15, now: 1_000_000 })).toBeUndefined();
  expect(results.currentOf('a', 'wan', { every: 15, now: 280_000 })).toHaveLength(1);
  expect(results.currentOf('a', 'wan', { every: 15, now: 281_000 })).toEqual([]);
  expect(results.currentOf('a', 'lan', { every: 15, now: 280_000 })).toEqual([]);
});

test('a hostile agent gets no endless memory', () => {
  const results = new TargetResults();
  for (let n = 0; n < 1_000; n += 1) results.take('a', [reading(100, { up: true }, `t${n}`)]);
  expect(results.currentOf('a', 'wan', { every: 30, now: 100_000 })).toHaveLength(400);
});
