import { describe, expect, it } from 'vitest';
import { type Recurrence, readCron, weekdayName, writeCron } from './recurrence.ts';

describe('a recurrence', () => {
  it.each<[string, Recurrence]>([
    ['30 22 * * *', { kind: 'daily', time: '22:30' }],
    ['0 7 * * 6', { kind: 'weekly', time: '07:00', weekday: 6 }],
    ['5 0 31 * *', { kind: 'monthly', time: '00:05', day: 31 }],
    ['0 22 1-7 * 6', { kind: 'cron', cron: '0 22 1-7 * 6' }],
    ['0 22 13 * 5', { kind: 'cron', cron: '0 22 13 * 5' }],
    ['0 */4 * * *', { kind: 'cron', cron: '0 */4 * * *' }],
  ])('%s', (cron, recurrence) => {
    expect(readCron(cron)).toEqual(recurrence);
    expect(writeCron(recurrence)).toBe(cron);
  });

  it('is tidied, and knows that 7 is Sunday too', () => {
    expect(writeCron({ kind: 'cron', cron: '  0  22 * *  6 ' })).toBe('0 22 * * 6');
    expect(readCron('0 22 * * 7')).toEqual({ kind: 'weekly', time: '22:00', weekday: 0 });
  });

  it('has days with names', () => {
    expect([weekdayName(6, 'vi'), weekdayName(0, 'vi'), weekdayName(6, 'en')]).toEqual([
      'thứ Bảy',
      'Chủ nhật',
      'Saturday',
    ]);
  });
});
