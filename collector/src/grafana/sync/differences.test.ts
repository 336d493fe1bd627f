import { expect, test } from 'vitest';
import { differences, durationMs } from './differences.ts';

const count = { extras: 'count' } as const;
const ignore = { extras: 'ignore' } as const;

test.each([
  [{ a: 1, b: { c: [1, 2] } }, { b: { c: [1, 2] }, a: 1 }, []],
  [{ a: '', b: [], c: false, d: null, e: {} }, {}, []],
  [{ a: 1 }, { a: '1' }, ['a']],
  [{ a: { b: [{ c: 1 }, { c: 2 }] } }, { a: { b: [{ c: 1 }, { c: 3 }] } }, ['a.b.1.c']],
  [{ a: [1] }, { a: [1, 2] }, ['a']],
  [{ a: { b: 1 } }, { a: null }, ['a']],
  [1, 2, ['']],
])('%j and %j', (wanted, found, expected) => {
  expect(differences(wanted, found, count)).toEqual(expected);
});

test('what stands there besides counts only when it is asked for', () => {
  expect(differences({ a: 1 }, { a: 1, b: 2 }, count)).toEqual(['b']);
  expect(differences({ a: 1 }, { a: 1, b: 2 }, ignore)).toEqual([]);
  expect(differences({ a: [{ b: 1 }] }, { a: [{ b: 1, c: 2 }] }, ignore)).toEqual([]);
});

test.each([
  ['90m', '1h30m'],
  ['7d', '1w'],
  ['0s', undefined],
  ['', '0s'],
  ['1000ms', '1s'],
])('%s lasts as long as %s', (one, other) => {
  expect(durationMs(one)).toBe(durationMs(other));
});

test('what is no duration is like nothing but itself', () => {
  expect(durationMs('soon')).toBe('soon');
  expect(durationMs(5)).toBe(5);
});
