import { expect, test } from 'vitest';
import { daysOf, latestMonths, writeMonth } from './months.ts';

test('the months until now, by the day in Vietnam', () => {
  expect(latestMonths(Date.UTC(2026, 0, 31, 16, 59), 3)).toEqual(['2026-01', '2025-12', '2025-11']);
  expect(latestMonths(Date.UTC(2026, 0, 31, 17), 1)).toEqual(['2026-02']);
});

test('the days of a month', () => {
  expect(daysOf('2028-02')).toHaveLength(29);
  expect(daysOf('2026-11').at(-1)).toBe('2026-11-30');
  expect(writeMonth('2026-11')).toBe('11/2026');
});
