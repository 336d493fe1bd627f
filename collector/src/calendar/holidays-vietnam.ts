/**
 * Vietnam's public holidays, year by year: Tết and the day of the Hùng kings follow the moon, a holiday on a weekend is
 * made up for on the next working day, and the Prime Minister swaps working days each autumn for the year to come. So
 * they are data, and nothing is computed.
 *
 * Sources: Labour Code 45/2019/QH14, articles 111 and 112. 2025: notice 6150/TB-BLĐTBXH of 3 December 2024. 2026: the
 * Prime Minister's agreement on Tết and the national day, told by the Government Office in October 2025 (31 August
 * against 22 August), and 12729/VPCP-KGVX of 25 December 2025 (2 January against 10 January). 24 November: resolution
 * 80-NQ/TW of 7 January 2026, which wants it to be a paid day off and leaves it to law. What no announcement was known
 * of when this was written is marked as expected: it follows from the law, and may still be moved.
 *
 * Add a year here when its days are announced; a site that cannot wait sets `calendar.holidays` and
 * `calendar.working_days`.
 */

/** A stretch of days off, both ends included; weekends within it may be named or not. */
export interface Holiday {
  readonly from: string;
  readonly to: string;
  readonly name: string;
  readonly isExpected?: boolean;
}

/** A day of the weekend on which is worked, with the hours of the day that it stands for. */
export interface SwappedDay {
  readonly day: string;
  readonly instead_of: string;
}

export interface HolidayYear {
  readonly holidays: readonly Holiday[];
  readonly workingDays: readonly SwappedDay[];
}

const names = {
  newYear: 'Tết Dương lịch',
  tet: 'Tết Nguyên đán',
  hungKings: 'Giỗ Tổ Hùng Vương',
  reunification: 'Ngày Chiến thắng 30/4 và Quốc tế lao động 1/5',
  nationalDay: 'Quốc khánh',
  culture: 'Ngày Văn hóa Việt Nam',
} as const;

function off(name: string, from: string, to = from): Holiday {
  return { from, to, name };
}

function expected(name: string, from: string, to = from): Holiday {
  return { from, to, name, isExpected: true };
}

export const vietnamHolidays: ReadonlyMap<number, HolidayYear> = new Map([
  [
    2025,
    {
      holidays: [
        off(names.newYear, '2025-01-01'),
        off(names.tet, '2025-01-25', '2025-02-02'),
        off(names.hungKings, '2025-04-07'),
        off(names.reunification, '2025-04-30', '2025-05-04'),
        off(names.nationalDay, '2025-08-30', '2025-09-02'),
      ],
      workingDays: [{ day: '2025-04-26', instead_of: '2025-05-02' }],
    },
  ],
  [
    2026,
    {
      holidays: [
        off(names.newYear, '2026-01-01', '2026-01-04'),
        off(names.tet, '2026-02-14', '2026-02-22'),
        off(names.hungKings, '2026-04-25', '2026-04-27'),
        off(names.reunification, '2026-04-30', '2026-05-03'),
        off(names.nationalDay, '2026-08-29', '2026-09-02'),
        expected(names.culture, '2026-11-24'),
      ],
      workingDays: [
        { day: '2026-01-10', instead_of: '2026-01-02' },
        { day: '2026-08-22', instead_of: '2026-08-31' },
      ],
    },
  ],
  [
    2027,
    {
      holidays: [
        expected(names.newYear, '2027-01-01', '2027-01-03'),
        expected(names.tet, '2027-02-05', '2027-02-11'),
        expected(names.hungKings, '2027-04-16', '2027-04-18'),
        expected(names.reunification, '2027-04-30', '2027-05-03'),
        expected(names.nationalDay, '2027-09-02', '2027-09-05'),
        expected(names.culture, '2027-11-24'),
      ],
      workingDays: [],
    },
  ],
  [
    2028,
    {
      holidays: [
        expected(names.newYear, '2028-01-01', '2028-01-03'),
        expected(names.tet, '2028-01-22', '2028-01-30'),
        expected(names.hungKings, '2028-04-04'),
        expected(names.reunification, '2028-04-29', '2028-05-02'),
        expected(names.nationalDay, '2028-09-01', '2028-09-04'),
        expected(names.culture, '2028-11-24'),
      ],
      workingDays: [],
    },
  ],
]);
