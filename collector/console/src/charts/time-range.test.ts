import { expect, test } from 'vitest';
import { findTimeRange, timeRanges } from './time-range.ts';

const day = 86_400_000;

test('the range of the address, else the last hour', () => {
  expect(findTimeRange('7d', day).name).toBe('7d');
  expect(findTimeRange('7d', 0).name).toBe('7d');
  expect(findTimeRange('a year', day).name).toBe('1h');
  expect(findTimeRange(null, day).name).toBe('1h');
});

test('a machine enrolled just now is shown from its beginning', () => {
  expect(findTimeRange(null, 60_000).name).toBe('15m');
});

test('no range has more windows than a chart has room for', () => {
  for (const { lengthMs, stepMs } of timeRanges) {
    expect(lengthMs % stepMs).toBe(0);
    expect(lengthMs / stepMs).toBeLessThanOrEqual(360);
  }
});
