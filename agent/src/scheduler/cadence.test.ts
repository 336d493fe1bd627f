import fc from 'fast-check';
import { createTask } from 'node-cron';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { InvalidCadence, nextMatch, parseCadence } from './cadence.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** Local time as text, in and out. */
function next(expression: string, after: string): string {
  const time = nextMatch(parseCadence(expression), new Date(after).getTime());
  const local = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

describe('nextMatch', () => {
  it.each([
    ['* * * * * *', '2026-11-23T10:00:00', '2026-11-23T10:00:01'],
    ['*/10 * * * * *', '2026-11-23T10:00:00', '2026-11-23T10:00:10'],
    ['*/10 * * * * *', '2026-11-23T10:00:59', '2026-11-23T10:01:00'],
    ['5,35 * * * * *', '2026-11-23T23:59:40', '2026-11-24T00:00:05'],
    ['0 * * * * *', '2026-12-31T23:59:30', '2027-01-01T00:00:00'],
    ['0 */5 * * * *', '2026-11-23T10:56:00', '2026-11-23T11:00:00'],
    ['0 0 3 * * *', '2026-11-23T03:00:00', '2026-11-24T03:00:00'],
    ['0 30 8-17 * * 1-5', '2026-11-20T17:30:00', '2026-11-23T08:30:00'],
    ['0 0 0 29 2 *', '2026-11-23T10:00:00', '2028-02-29T00:00:00'],
    ['0 0 0 29 2 7', '2028-02-29T00:00:00', '2032-02-29T00:00:00'],
    ['0 0 0 1 1 0', '2026-11-23T10:00:00', '2034-01-01T00:00:00'],
  ])('of %j after %s is %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  it('is later than a moment within a second', () => {
    const time = new Date('2026-11-23T10:00:09.999').getTime();
    expect(nextMatch(parseCadence('*/10 * * * * *'), time)).toBe(time + 1);
    expect(nextMatch(parseCadence('*/10 * * * * *'), time + 1)).toBe(time + 10_001);
  });

  it('is what node-cron itself says', () => {
    const field = (min: number, max: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min: 2, max: 20 }).map((step) => `*/${step}`),
        fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 }).map((numbers) => numbers.join()),
        fc.tuple(fc.integer({ min, max }), fc.integer({ min, max })).map(([first, last]) => `${first}-${last}`),
      );
    const expressions = fc
      .tuple(field(0, 59), field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 7))
      .map((fields) => fields.join(' '));
    // Where the clock is changed twice a year node-cron passes over the hour that comes twice.
    vi.stubEnv('TZ', 'Asia/Ho_Chi_Minh');
    vi.useFakeTimers();
    fc.assert(
      fc.property(
        expressions,
        fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
        (cron, date) => {
          vi.setSystemTime(date);
          const task = createTask(cron, () => {});
          const [first, second] = task.getNextRuns(2);
          void task.destroy();
          const cadence = parseCadence(cron);
          const ours = nextMatch(cadence, date.getTime());
          expect(ours).toBe(first?.getTime());
          expect(nextMatch(cadence, ours)).toBe(second?.getTime());
        },
      ),
      { numRuns: 200 },
    );
  });

  it('goes through a night in which the clock is changed', () => {
    vi.stubEnv('TZ', 'Europe/Berlin');
    // At 03:00 the clock goes back to 02:00; the hour is measured twice.
    let time = Date.parse('2026-10-24T23:30:00Z');
    for (let i = 0; i < 6; i += 1) {
      const later = nextMatch(parseCadence('0 */30 * * * *'), time);
      expect(later - time).toBe(1_800_000);
      time = later;
    }
    // At 02:00 the clock goes forward to 03:00; 02:30 comes on the next day.
    const daily = nextMatch(parseCadence('0 30 2 * * *'), Date.parse('2026-03-29T00:00:00Z'));
    expect(new Date(daily).toISOString()).toBe('2026-03-30T00:30:00.000Z');
  });
});

describe('the shortest gap', () => {
  it.each([
    ['* * * * * *', 1],
    ['*/10 * * * * *', 10],
    ['*/7 * * * * *', 4],
    ['5,50 * * * * *', 15],
    ['0 * * * * *', 60],
    ['30 0 3 * * *', 60],
  ])('of %j is %d s', (expression, seconds) => {
    expect(parseCadence(expression).shortestGapMs).toBe(seconds * 1000);
  });
});

describe('parseCadence refuses', () => {
  it.each([
    ...['', 'event', 'every minute', '@daily', '* * * * *', '*/10 * * * *', '* * * * * * *'],
    ...['60 * * * * *', '* 60 * * * *', '* * 24 * * *', '* * * 0 * *', '* * * * 13 *', '* * * * * 8'],
    ...['*/0 * * * * *', '-1 * * * * *', '1- * * * * *', '0.5 * * * * *', '* * * * JAN *', '0 0 0 L * *'],
    ...['0 0 0 30 2 *', '0 0 0 31 4,6 *', '* * * * * *; rm', '*/10\n* * * * *'],
  ])('%j', (expression) => {
    expect(() => parseCadence(expression)).toThrow(InvalidCadence);
  });

  it('what would fill the memory', () => {
    expect(() => parseCadence('0-999999999 * * * * *')).toThrow(InvalidCadence);
    expect(() => parseCadence(`${'1,'.repeat(200)}1 * * * * *`)).toThrow(InvalidCadence);
  });

  it('with the reason', () => {
    expect(() => parseCadence('*/10 * * * *')).toThrow(
      'invalid cadence "*/10 * * * *": six fields are expected: second, minute, hour, day of month, month, day of week',
    );
    expect(() => parseCadence('61 * * * * *')).toThrow('invalid cadence "61 * * * * *": 61 is a invalid expression');
  });
});
