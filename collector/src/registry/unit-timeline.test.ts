import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  beginEarlier,
  beginTimeline,
  changeFrom,
  effectiveTime,
  replaceParent,
  spansOf,
  type UnitTimeline,
  valuesAt,
} from './unit-timeline.ts';
import { startOf } from './unit-times.ts';

const begun = beginTimeline('X', { name: 'cũ', parent: 'A' }, 100);

function spans(timeline: UnitTimeline) {
  return spansOf(timeline).map(({ from, to, values }) => [from, to, values]);
}

describe('a change', () => {
  test('ends one version and begins another', () => {
    expect(spans(changeFrom(begun, { from: 200, patch: { name: 'mới' } }))).toEqual([
      [100, 200, { name: 'cũ', parent: 'A' }],
      [200, undefined, { name: 'mới', parent: 'A' }],
    ]);
  });

  test('that changes nothing leaves no trace', () => {
    expect(changeFrom(begun, { from: 200, patch: { name: 'cũ' } })).toEqual(begun);
    expect(changeFrom(begun, { from: 200, patch: {} })).toEqual(begun);
  });

  test('at the time of the last one takes its place', () => {
    const twice = changeFrom(changeFrom(begun, { from: 200, patch: { name: 'một' } }), {
      from: 200,
      patch: { name: 'hai' },
    });
    expect(spans(twice)).toEqual([
      [100, 200, { name: 'cũ', parent: 'A' }],
      [200, undefined, { name: 'hai', parent: 'A' }],
    ]);
  });

  test('recorded late holds until the same value was changed, and does not undo another', () => {
    const moved = changeFrom(begun, { from: 300, patch: { parent: 'B' } });
    const renamed = changeFrom(moved, { from: 400, patch: { name: 'sau cùng' } });
    expect(spans(changeFrom(renamed, { from: 200, patch: { name: 'ghi muộn' } }))).toEqual([
      [100, 200, { name: 'cũ', parent: 'A' }],
      [200, 300, { name: 'ghi muộn', parent: 'A' }],
      [300, 400, { name: 'ghi muộn', parent: 'B' }],
      [400, undefined, { name: 'sau cùng', parent: 'B' }],
    ]);
  });

  test('of many, in any order, leaves each value as its own changes say', () => {
    const fields = ['name', 'kind', 'note'] as const;
    const change = fc.record({
      from: fc.integer({ min: 0, max: 12 }),
      field: fc.constantFrom(...fields),
      value: fc.constantFrom('a', 'b', 'c'),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
        const start = { name: 'a', kind: 'a', note: 'a' };
        let timeline = beginTimeline('X', start, 0);
        // Each value as the list of its own steps, those that change nothing taken out.
        const steps = new Map(fields.map((field) => [field, [{ from: 0, value: 'a' }]]));
        for (const { from, field, value } of changes) {
          timeline = changeFrom(timeline, { from, patch: { [field]: value } });
          const own = steps.get(field) ?? [];
          const unchanged = own.findLast((step) => step.from <= from)?.value === value;
          const next = unchanged ? own : [...own.filter((step) => step.from !== from), { from, value }];
          next.sort((a, b) => a.from - b.from);
          steps.set(
            field,
            next.filter((step, index) => step.value !== next[index - 1]?.value),
          );
        }
        for (let time = 0; time <= 13; time += 1) {
          const wanted = fields.map((field) => steps.get(field)?.findLast(({ from }) => from <= time)?.value);
          const values = valuesAt(timeline, time);
          expect(fields.map((field) => values[field])).toEqual(wanted);
        }
        const froms = timeline.versions.map(({ from }) => from);
        expect(froms).toEqual([...new Set(froms)].sort((a, b) => a - b));
      }),
    );
  });
});

test('another parent takes the place of one from a time on, wherever it stands', () => {
  const back = changeFrom(changeFrom(begun, { from: 200, patch: { parent: 'B' } }), {
    from: 300,
    patch: { parent: 'A' },
  });
  expect(spans(replaceParent(back, { from: 'A', to: 'C', at: 150 }))).toEqual([
    [100, 150, { name: 'cũ', parent: 'A' }],
    [150, 200, { name: 'cũ', parent: 'C' }],
    [200, 300, { name: 'cũ', parent: 'B' }],
    [300, undefined, { name: 'cũ', parent: 'C' }],
  ]);
  expect(replaceParent({ ...begun, until: 150 }, { from: 'A', to: 'C', at: 150 })).toEqual({ ...begun, until: 150 });
  expect(spans(replaceParent(begun, { from: 'A', to: 'C', at: 50 }))).toEqual([
    [100, undefined, { name: 'cũ', parent: 'C' }],
  ]);
});

test('the beginning is moved to an earlier time, never to a later one', () => {
  expect(beginEarlier(begun, 50).versions[0].from).toBe(50);
  expect(beginEarlier(begun, 150)).toEqual(begun);
});

describe('the time of a change', () => {
  const from = startOf('2025-07-01');
  const unit = beginTimeline('X', { name: 'X' }, from);

  test('is now, but not before the last change, should the clock have been set back', () => {
    expect(effectiveTime(unit, { now: from + 5 })).toBe(from + 5);
    expect(effectiveTime(unit, { now: from - 5 })).toBe(from);
  });

  test('is within the life of the unit', () => {
    expect(() => effectiveTime(unit, { from: startOf('2025-06-30'), now: from })).toThrow(
      'X begins only on 2025-07-01: name a later day',
    );
    const retired = { ...unit, until: startOf('2025-08-01'), successor: 'Y' };
    expect(() => effectiveTime(retired, { now: startOf('2025-09-01') })).toThrow(
      'X was retired on 2025-08-01 and is part of Y now',
    );
    expect(effectiveTime(retired, { from: startOf('2025-07-15'), now: startOf('2025-09-01') })).toBe(
      startOf('2025-07-15'),
    );
  });
});
