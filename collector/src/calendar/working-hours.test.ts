import { describe, expect, it } from 'vitest';
import { readWorkingWeek } from './working-hours.ts';

const hour = 60;

describe('hours of work', () => {
  it('go from day to day', () => {
    const week = readWorkingWeek(['mon-fri 07:00-17:00', 'sat 07:00-11:30']);
    const day = [{ from: 7 * hour, to: 17 * hour }];
    expect(week).toEqual([[], day, day, day, day, day, [{ from: 7 * hour, to: 11.5 * hour }]]);
  });

  it('go over midnight, and over the end of the week', () => {
    const week = readWorkingWeek(['sat 22:00-06:00']);
    expect(week[6]).toEqual([{ from: 22 * hour, to: 24 * hour }]);
    expect(week[0]).toEqual([{ from: 0, to: 6 * hour }]);
    expect(readWorkingWeek(['fri-mon 08:00-24:00']).map(({ length }) => length)).toEqual([1, 1, 0, 0, 0, 1, 1]);
  });

  it('are one stretch where they overlap', () => {
    expect(readWorkingWeek(['mon 13:00-17:00', 'mon 07:00-11:30', 'mon 11:00-13:00'])[1]).toEqual([
      { from: 7 * hour, to: 17 * hour },
    ]);
  });

  it.each([
    ...['', 'mon', '07:00-17:00', 'mon 7:00-17:00', 'Mon 07:00-17:00', 'monday 07:00-17:00', 'mon,tue 07:00-17:00'],
    ...[
      'mon 07:00-07:00',
      'mon 24:00-07:00',
      'mon 07:60-17:00',
      'mon 07:00-24:01',
      'mon  07:00-17:00',
      't2-t6 07:00-17:00',
    ],
  ])('are not %j', (text) => {
    expect(() => readWorkingWeek([text])).toThrow(
      `"${text}" is not hours of work: write days and times, as in mon-fri 07:00-17:00`,
    );
  });
});
