import { point } from '@vonggac/shared';
import { expect, test } from 'vitest';
import { isCurrent, settledTurn, TargetResults } from './target-results.ts';

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

test('is current for three periods, and never less than three reports', () => {
  expect(isCurrent({ at: 0 }, { every: 15, now: 180_000 })).toBe(true);
  expect(isCurrent({ at: 0 }, { every: 15, now: 180_001 })).toBe(false);
  expect(isCurrent({ at: 0 }, { every: 300, now: 900_000 })).toBe(true);
});

test('a hostile agent gets no endless memory', () => {
  const results = new TargetResults();
  for (let n = 0; n < 1_000; n += 1) results.take('a', [reading(100, { up: true }, `t${n}`)]);
  expect(results.all('a')).toHaveLength(400);
});
