import { describe, expect, it } from 'vitest';
import { addDays, isTimeZone, weekdayOf, Zone } from './zone.ts';

const vietnam = new Zone('Asia/Ho_Chi_Minh');
const berlin = new Zone('Europe/Berlin');

function iso(time: number): string {
  return new Date(time).toISOString().slice(0, 16);
}

describe('a zone', () => {
  it('shows its own clock, whatever zone the machine has', () => {
    const time = Date.parse('2026-11-22T17:30:15Z');
    const shown = { date: '2026-11-23', month: 11, day: 23, weekday: 1, hours: 0, minutes: 30, seconds: 15 };
    expect(vietnam.wallTime(time)).toEqual(shown);
    expect(berlin.dateOf(time)).toBe('2026-11-22');
    expect(new Zone('America/St_Johns').wallTime(time)).toMatchObject({ hours: 14, minutes: 0 });
    expect(new Zone('UTC').wallTime(time)).toMatchObject({ hours: 17, minutes: 30 });
  });

  it('finds the time of a date and minute', () => {
    expect(iso(vietnam.startOf('2026-11-23'))).toBe('2026-11-22T17:00');
    expect(iso(vietnam.timeOf('2026-11-23', 7 * 60))).toBe('2026-11-23T00:00');
    expect(iso(vietnam.timeOf('2026-12-31', 1_440))).toBe('2026-12-31T17:00');
    expect(iso(vietnam.nextMidnight(Date.parse('2026-11-22T17:00:00Z')))).toBe('2026-11-23T17:00');
  });

  it('goes through days with 23 and 25 hours', () => {
    expect(vietnam.startOf('2026-03-30') - vietnam.startOf('2026-03-29')).toBe(24 * 3_600_000);
    expect(berlin.startOf('2026-03-30') - berlin.startOf('2026-03-29')).toBe(23 * 3_600_000);
    expect(berlin.startOf('2026-10-26') - berlin.startOf('2026-10-25')).toBe(25 * 3_600_000);
    // 02:30 is left out in March, and comes twice in October.
    expect(iso(berlin.timeOf('2026-03-29', 150))).toBe('2026-03-29T01:30');
    expect(iso(berlin.timeOf('2026-10-25', 150))).toBe('2026-10-25T00:30');
  });

  it('knows which zones there are', () => {
    expect(['Asia/Ho_Chi_Minh', 'UTC'].every(isTimeZone)).toBe(true);
    expect(['Asia/Dong_Hoi', '', 'GMT+7x'].some(isTimeZone)).toBe(false);
  });
});

it('counts dates without a clock', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  expect(weekdayOf('2026-11-22')).toBe(0);
});
