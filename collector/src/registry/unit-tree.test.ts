import { describe, expect, test } from 'vitest';
import { beginTimeline, changeFrom, type UnitTimeline } from './unit-timeline.ts';
import { startOf } from './unit-times.ts';
import { findTreeProblems, inTreeOrder, maxLevels } from './unit-tree.ts';

const start = startOf('2022-01-01');
const middle = startOf('2025-07-01');

function unit(code: string, parent?: string, from = start): UnitTimeline {
  return beginTimeline(code, { name: code, ...(parent !== undefined && { parent }) }, from);
}

function problemsOf(...units: UnitTimeline[]): string[] {
  return findTreeProblems(new Map(units.map((one) => [one.code, one]))).map(({ detail }) => detail);
}

describe('units are a tree unless', () => {
  test('nothing is wrong', () => {
    expect(problemsOf(unit('C', 'B'), unit('B', 'A'), unit('A'))).toEqual([]);
  });

  test('a parent never was', () => {
    expect(problemsOf(unit('A', 'X'))).toEqual(['there is no unit X to be the parent of A']);
  });

  test('a unit is its own parent', () => {
    expect(problemsOf(unit('A', 'A'))).toEqual(['A cannot be its own parent']);
  });

  test('a parent begins later', () => {
    expect(problemsOf(unit('A', undefined, middle), unit('B', 'A'))).toEqual([
      'A begins only on 2025-07-01 and cannot be the parent of B before',
    ]);
  });

  test('a parent is retired before', () => {
    const retired = { ...unit('A'), until: middle, successor: 'C' };
    expect(problemsOf(retired, unit('B', 'A'), unit('C'))).toEqual([
      'A was retired on 2025-07-01 and is part of C now: it cannot be the parent of B',
    ]);
    const moved = changeFrom(unit('B', 'A'), { from: middle, patch: { parent: 'C' } });
    expect(problemsOf(retired, moved, unit('C'))).toEqual([]);
    expect(problemsOf(retired, { ...unit('B', 'A'), until: middle }, unit('C'))).toEqual([]);
  });

  test('units are above each other', () => {
    expect(problemsOf(unit('A', 'C'), unit('B', 'A'), unit('C', 'B'), unit('D', 'C'))).toEqual([
      'A would be above itself: A -> C -> B -> A',
      'B would be above itself: B -> A -> C -> B',
      'C would be above itself: C -> B -> A -> C',
    ]);
  });

  test('they are above each other at different times only', () => {
    const a = changeFrom(unit('A', 'B'), { from: middle, patch: { parent: null } });
    const b = changeFrom(unit('B'), { from: middle, patch: { parent: 'A' } });
    expect(problemsOf(a, b)).toEqual([]);
    const early = changeFrom(unit('B'), { from: startOf('2025-06-30'), patch: { parent: 'A' } });
    expect(problemsOf(a, early)).toHaveLength(2);
  });

  test('there are too many levels', () => {
    const chain = (length: number) =>
      Array.from({ length }, (_, index) => unit(`L${index}`, index === 0 ? undefined : `L${index - 1}`));
    expect(problemsOf(...chain(maxLevels))).toEqual([]);
    expect(problemsOf(...chain(maxLevels + 1))).toEqual([`L${maxLevels} would be more than ${maxLevels} levels deep`]);
    expect(problemsOf(...chain(5_000)).length).toBe(5_000 - maxLevels);
  });
});

test('units are read from the top, neighbours in the order of the Vietnamese alphabet', () => {
  const units = [
    { code: 'D', name: 'Xã Đức Trạch', parent: 'T' },
    { code: 'O', name: 'Xã Orphan', parent: 'GONE' },
    { code: 'C', name: 'Xã Dương Thủy', parent: 'T' },
    { code: 'T', name: 'Tỉnh' },
    { code: 'P10', name: 'Phường 10', parent: 'D' },
    { code: 'P2', name: 'Phường 2', parent: 'D' },
    { code: 'A', name: 'Xã An Thủy', parent: 'T' },
  ];
  expect(inTreeOrder(units).map(({ unit: { code }, level }) => `${level}${code}`)).toEqual([
    '0T',
    '1A',
    '1C',
    '1D',
    '2P2',
    '2P10',
    '0O',
  ]);
});
