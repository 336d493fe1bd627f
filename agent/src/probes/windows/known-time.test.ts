import { describe, expect, it } from 'vitest';
import { powershellTime, timeOf } from './known-time.ts';

const iso = (time: number | undefined) => (time === undefined ? undefined : new Date(time).toISOString());

describe('powershellTime', () => {
  it.each([
    ['/Date(1787604096000)/', '2026-08-24T20:41:36.000Z'],
    ['/Date(1787604096000+0700)/', '2026-08-24T20:41:36.000Z'],
    ['2026-08-24T20:41:36+07:00', '2026-08-24T13:41:36.000Z'],
    ['2026-08-24T05:00:12.1234567Z', '2026-08-24T05:00:12.123Z'],
    [1_787_604_096_000, '2026-08-24T20:41:36.000Z'],
  ])('reads %j', (value, expected) => {
    expect(iso(powershellTime(value))).toBe(expected);
  });

  it.each([
    ['/Date(-11644473600000)/', '1601-01-01T00:00:00Z', '2026-08-24T20:41:36', '7/30/2013 3:01:45 AM', ''],
    [0, -11_644_473_600_000, 4_294_967_295, 9e15, Number.NaN, null, undefined, {}, true],
  ])('knows no time in %j and the like', (...values) => {
    for (const value of values) expect(powershellTime(value), String(value)).toBeUndefined();
  });
});

describe('timeOf', () => {
  it('reads the forms of the products', () => {
    expect(iso(timeOf('19-11-2026 21-34-00', { format: 'dd-MM-yyyy HH-mm-ss', zone: 'utc' }))).toBe(
      '2026-11-19T21:34:00.000Z',
    );
    expect(timeOf('2026-11-20 13-21-37', { format: 'yyyy-MM-dd HH-mm-ss', zone: 'local' })).toBe(
      new Date(2026, 10, 20, 13, 21, 37).getTime(),
    );
    expect(iso(timeOf('20250909', { format: 'yyyyMMdd', zone: 'utc' }))).toBe('2025-09-09T00:00:00.000Z');
  });

  it.each(['2026-02-30', '2026-13-01', '1601-01-01', '2026-1-1', 'Never', '', undefined])(
    'finds none in %j',
    (text) => {
      expect(timeOf(text, { format: 'yyyy-MM-dd', zone: 'utc' })).toBeUndefined();
    },
  );
});
