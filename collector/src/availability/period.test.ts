import { describe, expect, it } from 'vitest';
import { Zone } from '../calendar/zone.ts';
import { nextMonth, type PeriodQuestion, readPeriod } from './period.ts';

const zone = new Zone('Asia/Ho_Chi_Minh');
const now = Date.parse('2026-11-23T10:00:00+07:00');

function read(question: PeriodQuestion): [string, string, boolean] {
  const { from, to, isOver } = readPeriod(question, { zone, now });
  return [new Date(from).toISOString().slice(0, 16), new Date(to).toISOString().slice(0, 16), isOver];
}

describe('a period', () => {
  it.each<[PeriodQuestion, string, string, boolean]>([
    [{}, '2026-10-31T17:00', '2026-11-23T03:00', false],
    [{ month: '2026-11' }, '2026-10-31T17:00', '2026-11-23T03:00', false],
    [{ month: '2025-12' }, '2025-11-30T17:00', '2025-12-31T17:00', true],
    [{ from: '2026-11-01', to: '2026-11-15' }, '2026-10-31T17:00', '2026-11-15T17:00', true],
    [{ from: '2026-11-20' }, '2026-11-19T17:00', '2026-11-20T17:00', true],
    [{ from: '2026-11-20', to: '2026-12-20' }, '2026-11-19T17:00', '2026-11-23T03:00', false],
  ])('of %j', (question, from, to, isOver) => {
    expect(read(question)).toEqual([from, to, isOver]);
  });

  it.each<[PeriodQuestion, string]>([
    [{ month: '2026-12' }, '2026-12 is still to come'],
    [{ month: '2026-13' }, '"2026-13" is not a month: write it as 2026-11'],
    [{ month: '11/2026' }, '"11/2026" is not a month'],
    [{ month: '' }, '"" is not a month'],
    [{ from: '2026-11-24' }, 'these days are still to come'],
    [{ from: '2026-02-30' }, '"2026-02-30" is not a day'],
    [{ to: 'hôm qua' }, '"hôm qua" is not a day'],
    [{ from: '2026-11-15', to: '2026-11-01' }, '2026-11-01 is before 2026-11-15'],
    [{ from: '2024-01-01', to: '2026-01-01' }, '366 days at most'],
    [{ month: '2026-11', from: '2026-11-01' }, 'about a month or about days, not both'],
  ])('is refused for %j', (question, message) => {
    expect(() => read(question)).toThrow(message);
  });

  it('is followed by the next month', () => {
    expect(['2026-01', '2026-02', '2026-12'].map(nextMonth)).toEqual(['2026-02', '2026-03', '2027-01']);
  });
});
