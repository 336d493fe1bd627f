import { afterEach, expect, test } from 'vitest';
import { localTime, readArguments } from './command.ts';

const before = process.env.TZ;
afterEach(() => {
  process.env.TZ = before;
  if (before === undefined) delete process.env.TZ;
});

test('times are told by the clock of the province, not by that of the machine', () => {
  process.env.TZ = 'America/New_York';
  expect(localTime(Date.UTC(2026, 10, 23, 17))).toBe('2026-11-23 12:00:00');
  readArguments(['--data', '/nowhere'], { usage: 'test' });
  expect(localTime(Date.UTC(2026, 10, 23, 17))).toBe('2026-11-24 00:00:00');
  expect(localTime(undefined)).toBe('-');
});
