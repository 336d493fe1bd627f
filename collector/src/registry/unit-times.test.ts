import { expect, test } from 'vitest';
import { dayOf, endOf, formatUnitTime, startOf, UnitDay } from './unit-times.ts';

test('a day is one in Vietnam', () => {
  expect(new Date(startOf('2025-07-01')).toISOString()).toBe('2025-06-30T17:00:00.000Z');
  expect(endOf('2025-06-30')).toBe(startOf('2025-07-01') - 1);
  expect(dayOf(startOf('2025-07-01'))).toBe('2025-07-01');
  expect(dayOf(startOf('2025-07-01') - 1)).toBe('2025-06-30');
});

test('the beginning of a day is shown as the day, another time with its minutes', () => {
  expect(formatUnitTime(startOf('2025-07-01'))).toBe('2025-07-01');
  expect(formatUnitTime(startOf('2025-07-01') + 9.5 * 3_600_000)).toBe('2025-07-01 09:30');
});

test.each(['2025-02-30', '01/07/2025', '2025-7-1', '1890-01-01', 'now', ''])('%j is no day', (text) => {
  expect(UnitDay.safeParse(text).success).toBe(false);
});

test.each(['2025-07-01', '2024-02-29'])('%s is a day', (text) => {
  expect(UnitDay.parse(text)).toBe(text);
});
