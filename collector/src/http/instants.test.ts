import { expect, test } from 'vitest';
import { parseDuration, parseInstant } from './instants.ts';

const now = Date.UTC(2026, 0, 5, 8);

test.each([
  ['250', 250],
  ['10s', 10_000],
  ['5m', 300_000],
  ['1h', 3_600_000],
  ['7d', 604_800_000],
  ['', undefined],
  ['1w', undefined],
  ['-5m', undefined],
  ['1.5h', undefined],
  ['10 s', undefined],
  ['999999999999999d', undefined],
])('duration %j', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

test.each([
  ['now', now],
  ['-10m', now - 600_000],
  ['+1h', now + 3_600_000],
  [' 1h', now + 3_600_000],
  ['1767600000000', 1_767_600_000_000],
  ['2026-01-05T15:00:00+07:00', now],
  ['2026-01-05T15:00:00 07:00', now],
  ['2026-01-05T08:00:00.5Z', now + 500],
  ['2026-01-05T08:00:00', undefined],
  ['2026-01-05', undefined],
  ['2026-13-05T08:00:00Z', undefined],
  ['yesterday', undefined],
  ['-10', undefined],
  ['-999999999999999d', undefined],
  ['', undefined],
])('instant %j', (text, expected) => {
  expect(parseInstant(text, now)).toBe(expected);
});
