import { describe, expect, it } from 'vitest';
import { Calendar } from './calendar.ts';
import { Holidays } from './holidays.ts';
import { vietnamHolidays } from './holidays-vietnam.ts';
import { CalendarSection } from './settings.ts';
import { readWorkingWeek } from './working-hours.ts';
import { addDays, weekdayOf, Zone } from './zone.ts';

const zone = new Zone('Asia/Ho_Chi_Minh');
const office = calendar(['mon-fri 07:00-17:00']);

function calendar(hours: string[], settings: object = {}, keepsHolidays = true): Calendar {
  const { national_holidays, holidays, working_days } = CalendarSection.parse(settings);
  const known = new Holidays({ national_holidays, holidays, working_days });
  return new Calendar({ zone, holidays: known, week: readWorkingWeek(hours), keepsHolidays });
}

/** `2026-11-23 07:00` in Vietnam. */
function at(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}:00+07:00`);
}

function shown(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time + 7 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}

/** `until` of what is said at a time, with its note; undefined within working hours. */
function off(of: Calendar, text: string): string | undefined {
  const found = of.offHoursAt(at(text));
  return found && [shown(found.to) ?? 'far', found.note].flatMap((part) => part ?? []).join(', ');
}

describe('office hours', () => {
  it.each([
    ['2026-11-23 06:59', '2026-11-23 07:00'],
    ['2026-11-23 07:00', undefined],
    // People have lunch, and their machines are not expected to go.
    ['2026-11-23 12:15', undefined],
    ['2026-11-23 16:59', undefined],
    ['2026-11-23 17:00', '2026-11-25 07:00, Ngày Văn hóa Việt Nam'],
    ['2026-11-20 17:00', '2026-11-23 07:00'],
    ['2026-11-22 12:00', '2026-11-23 07:00'],
    ['2026-02-13 16:59', undefined],
    ['2026-02-13 17:00', '2026-02-23 07:00, Tết Nguyên đán'],
    ['2026-02-18 10:00', '2026-02-23 07:00, Tết Nguyên đán'],
    ['2026-01-02 10:00', '2026-01-05 07:00, Tết Dương lịch'],
    // A Saturday on which is worked for it.
    ['2026-01-10 10:00', undefined],
    ['2026-08-22 16:00', undefined],
    ['2026-08-22 17:00', '2026-08-24 07:00'],
    ['2026-08-31 10:00', '2026-09-03 07:00, Quốc khánh'],
  ])('at %s', (text, expected) => {
    expect(off(office, text)).toBe(expected);
  });

  it('are the rest of the time in a month', () => {
    const [from, to] = [at('2026-11-01 00:00'), at('2026-12-01 00:00')];
    const stretches = office.offHours(from, to);
    const offMs = stretches.reduce((sum, stretch) => sum + stretch.to - stretch.from, 0);
    // 20 working days: the 24th is a holiday.
    expect(to - from - offMs).toBe(20 * 10 * 3_600_000);
    expect(
      stretches.every((each, index) => each.from < each.to && each.to < (stretches[index + 1]?.from ?? to + 1)),
    ).toBe(true);
    for (const { from: begin, to: end } of stretches) {
      expect(office.offHoursAt(begin)?.to).toBe(end === to ? at('2026-12-01 07:00') : end);
      expect(office.offHoursAt(end - 1)).toBeDefined();
    }
  });
});

describe('other hours', () => {
  it('never end where people work day and night', () => {
    const always = calendar(['mon-sun 00:00-24:00'], {}, false);
    expect(always.offHours(at('2026-01-01 00:00'), at('2027-01-01 00:00'))).toEqual([]);
    expect(off(always, '2026-02-17 03:00')).toBeUndefined();
  });

  it('go over midnight', () => {
    const night = calendar(['mon-fri 22:00-06:00'], {}, false);
    expect(off(night, '2026-11-24 05:59')).toBeUndefined();
    expect(off(night, '2026-11-24 06:00')).toBe('2026-11-24 22:00');
    expect(off(night, '2026-11-28 05:00')).toBeUndefined();
  });

  it('may never come: then nobody says until when', () => {
    expect(off(calendar([]), '2026-11-23 10:00')).toContain('far');
  });

  it('follow a clock that is changed in summer', () => {
    const holidays = new Holidays({ national_holidays: false, holidays: [], working_days: [] });
    const berlin = new Calendar({
      zone: new Zone('Europe/Berlin'),
      holidays,
      week: readWorkingWeek(['mon-sun 07:00-17:00']),
      keepsHolidays: true,
    });
    const [first, second] = berlin.offHours(Date.parse('2026-03-28T16:00:00Z'), Date.parse('2026-03-29T20:00:00Z'));
    expect(new Date(first?.to ?? 0).toISOString()).toBe('2026-03-29T05:00:00.000Z');
    expect(new Date(second?.from ?? 0).toISOString()).toBe('2026-03-29T15:00:00.000Z');
  });
});

describe('a site', () => {
  it('adds days off, and works on others', () => {
    const site = calendar(['mon-fri 07:00-17:00'], {
      holidays: [
        { from: '2026-11-25', name: 'bão số 14' },
        { from: '2026-01-10', name: 'không làm bù' },
      ],
      working_days: [
        { day: '2026-11-24', instead_of: '2026-11-24' },
        { day: '2026-11-28', instead_of: '2026-11-25' },
      ],
    });
    expect(off(site, '2026-11-24 10:00')).toBeUndefined();
    expect(off(site, '2026-11-25 10:00')).toBe('2026-11-26 07:00, bão số 14');
    expect(off(site, '2026-11-28 10:00')).toBeUndefined();
    expect(off(site, '2026-01-10 10:00')).toBe('2026-01-12 07:00, không làm bù');
  });

  it('may have no use for those of the country', () => {
    const site = calendar(['mon-fri 07:00-17:00'], { national_holidays: false });
    expect(off(site, '2026-02-17 10:00')).toBeUndefined();
    expect(off(site, '2026-01-10 10:00')).toBeDefined();
  });
});

describe('the data of public holidays', () => {
  const years = [...vietnamHolidays];

  it('is about the years that it says, in order, and swaps weekends for working days', () => {
    expect(years.map(([year]) => year)).toEqual([2025, 2026, 2027, 2028]);
    for (const [year, { holidays, workingDays }] of years) {
      let last = '';
      for (const { from, to } of holidays) {
        expect(from > last && from <= to && from.startsWith(`${year}-`), from).toBe(true);
        last = to;
      }
      for (const { day, instead_of } of workingDays) {
        expect([0, 6], day).toContain(weekdayOf(day));
        expect(weekdayOf(instead_of) % 6, instead_of).not.toBe(0);
        expect(holidays.some(({ from, to }) => from <= instead_of && instead_of <= to)).toBe(true);
      }
    }
  });

  it('gives as many days off as the law: eleven, and 24 November', () => {
    for (const [year, { holidays, workingDays }] of years) {
      const off = holidays.flatMap(({ from, to }) => {
        const days: string[] = [];
        for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
        return days;
      });
      const weekdays = off.filter((day) => weekdayOf(day) % 6 !== 0).length - workingDays.length;
      // Every day of the law falls on a working day, or is made up for on one.
      expect(weekdays, `${year}`).toBe(year === 2025 ? 11 : 12);
    }
  });
});

describe('what is not known', () => {
  const { national_holidays, holidays, working_days } = CalendarSection.parse({});
  const known = new Holidays({ national_holidays, holidays, working_days });

  it('is said: a year without data', () => {
    expect(known.warnings([2030])).toEqual([
      'the public holidays of 2030 are not known to this version (it knows 2025 to 2028): until it is updated, set ' +
        'calendar.holidays, or machines that are off on them are called broken',
    ]);
    expect(known.warnings([2025])).toEqual([]);
  });

  it('is said: days that are expected only', () => {
    expect(known.warnings([2026])[0]).toContain('Ngày Văn hóa Việt Nam');
    expect(known.warnings([2027])[0]).toContain('Tết Nguyên đán');
  });

  it('does not matter where the country has no say', () => {
    expect(new Holidays({ national_holidays: false, holidays, working_days }).warnings([2030])).toEqual([]);
  });
});
