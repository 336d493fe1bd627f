import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readUnitFile } from './unit-file.ts';
import { planImport } from './unit-import.ts';
import { beginTimeline, spansOf, type UnitTimeline, type When } from './unit-timeline.ts';
import { startOf } from './unit-times.ts';

const now = startOf('2026-01-05') + 9 * 3_600_000;
const sample = join(import.meta.dirname, '../../../tests/fixtures/units/quang-binh-2022.csv');

function plan(known: readonly UnitTimeline[], text: string | Buffer, when: When = { now }) {
  const units = new Map(known.map((unit) => [unit.code, unit]));
  const { plan: planned, lives } = planImport(units, readUnitFile(Buffer.from(text)), when);
  return {
    ...planned,
    lives,
    after: [...new Map([...units, ...lives.map((unit) => [unit.code, unit] as const)]).values()],
  };
}

function unit(code: string, values: object = {}, from = startOf('2022-01-01')): UnitTimeline {
  return beginTimeline(code, { name: code, ...values }, from);
}

test('the sample is all new the first time and unchanged the second', () => {
  const first = plan([], readFileSync(sample));
  expect(first).toMatchObject({ problems: [], changed: [], unchanged: [], notInFile: [] });
  expect(first.added).toHaveLength(35);
  const second = plan(first.after, readFileSync(sample), { now: now + 40 * 86_400_000 });
  expect(second).toMatchObject({ problems: [], added: [], changed: [], lives: [] });
  expect(second.unchanged).toHaveLength(35);
});

test('what is added begins with the day, what is changed changes now', () => {
  const { lives } = plan([unit('A')], 'code,name,parent\nA,Á,\nB,B,A');
  const froms = lives.map((life) => [life.code, ...spansOf(life).map(({ from }) => from)]);
  expect(froms).toEqual([
    ['A', startOf('2022-01-01'), now],
    ['B', startOf('2026-01-05')],
  ]);
});

describe('a plan', () => {
  test('names every value before and after, and the units that the file leaves out', () => {
    const known = [unit('A', { note: 'cũ', declared_pcs: 3 }), unit('B'), unit('C')];
    expect(plan(known, 'code,name,note,declared_pcs\nB,B,,\nA,Xã A,,4\n')).toMatchObject({
      changed: [
        {
          line: 3,
          code: 'A',
          name: 'Xã A',
          changes: [
            { field: 'name', before: 'A', after: 'Xã A' },
            { field: 'declared_pcs', before: 3, after: 4 },
            { field: 'note', before: 'cũ', after: null },
          ],
        },
      ],
      unchanged: [{ line: 2, code: 'B', name: 'B' }],
      notInFile: [{ code: 'C', name: 'C' }],
      problems: [],
    });
  });

  test('takes parents that come after their children, and swaps of parents', () => {
    expect(plan([], 'code,name,parent\nC,C,B\nB,B,A\nA,A,').problems).toEqual([]);
    const known = [unit('A'), unit('B', { parent: 'A' })];
    expect(plan(known, 'code,parent\nA,B\nB,').problems).toEqual([]);
  });

  test('dated before the beginning of a unit moves the beginning', () => {
    const from = startOf('2020-01-01');
    const dated = plan([unit('A')], 'code,name\nA,A', { from, now });
    expect(dated.changed[0]?.changes).toEqual([{ field: 'valid_from', before: '2022-01-01', after: '2020-01-01' }]);
    expect(plan(dated.after, 'code,name\nA,A', { from, now })).toMatchObject({ changed: [], problems: [] });
  });

  test('names every row that would break the tree', () => {
    const retired: UnitTimeline = { ...unit('OLD'), until: startOf('2025-07-01'), successor: 'A' };
    const text = [
      'code,name,parent',
      'B,B,NONE',
      'C,C,OLD',
      'D,D,E',
      'E,E,D',
      'F,F,F',
      'OLD,OLD,',
      'G,,A',
      'H,H,G',
    ].join('\n');
    const { problems } = plan([unit('A'), retired], text);
    expect(problems.map(({ line, column, detail }) => `${line} ${column}: ${detail}`)).toEqual([
      '2 parent: there is no unit NONE to be the parent of B',
      '3 parent: OLD was retired on 2025-07-01 and is part of A now: it cannot be the parent of C',
      '4 parent: D would be above itself: D -> E -> D',
      '5 parent: E would be above itself: E -> D -> E',
      '6 parent: F cannot be its own parent',
      '7 code: OLD was retired on 2025-07-01 and is part of A now',
      '8 name: is missing',
    ]);
  });

  test('wants a name for a new unit, not for a known one', () => {
    expect(plan([unit('A')], 'code,kind\nA,commune').problems).toEqual([]);
    expect(plan([], 'code,kind\nA,commune').problems).toEqual([
      { line: 2, column: 'name', detail: 'is missing: A would be a new unit' },
    ]);
  });

  test('names a unit outside the file that it would break', () => {
    const known = [unit('A'), unit('B', { parent: 'A' })];
    expect(plan(known, 'code,parent\nA,B').problems).toEqual([
      { line: null, column: null, detail: 'B would be above itself: B -> A -> B' },
      { line: 2, column: 'parent', detail: 'A would be above itself: A -> B -> A' },
    ]);
  });

  test('of the largest file is made at once', () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => `U${index},Đơn vị ${index},${index === 0 ? '' : 'U0'}`);
    const before = performance.now();
    const { added, after } = plan([], `code,name,parent\n${rows.join('\n')}`);
    expect(added).toHaveLength(5_000);
    expect(plan(after, `code,name,parent\n${rows.join('\n')}`).unchanged).toHaveLength(5_000);
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});
