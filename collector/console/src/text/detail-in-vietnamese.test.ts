import { expect, test } from 'vitest';
import { Holidays } from '../../../src/calendar/holidays.ts';
import { checkWindow, type NewWindow } from '../../../src/calendar/maintenance-window.ts';
import { CalendarSection } from '../../../src/calendar/settings.ts';
import { passwordProblem } from '../../../src/registry/people-passwords.ts';
import { readUnitFile } from '../../../src/registry/unit-file.ts';
import { NewUnit } from '../../../src/registry/unit-values.ts';
import { detailInVietnamese } from './detail-in-vietnamese.ts';

test.each([
  ['QB-DH was retired on 2025-07-01 and is part of QB now', 'QB-DH đã kết thúc ngày 2025-07-01, nay thuộc QB'],
  ['"9": is a whole number from 1 to 5', '"9": phải là số nguyên từ 1 đến 5'],
  ['"x:y": link 2: kind is tslcd or internet', '"x:y": đường truyền 2, loại: phải là tslcd hoặc internet'],
  ['link 1: id is missing', 'đường truyền 1, mã: chưa nhập'],
  ['something of a newer collector', 'something of a newer collector'],
])('%s', (detail, words) => expect(detailInVietnamese(detail)).toBe(words));

/** Everything that is wrong with a unit that has everything wrong, and with files that do. */
function detailsOfUnits(): string[] {
  const long = 'x'.repeat(1_000);
  const link = { id: '?', kind: 'x', carrier: 'a:b', edge: '?' };
  const units: unknown[] = [
    { code: 'x', name: long, parent: '?', kind: '?', contact_name: long, contact_phone: '?', location: 7 },
    { code: 'X', name: '', security_level: 9, declared_pcs: 'many', links: [link], note: 'a\nb', contact_phone: '1' },
    { code: 'X', name: 'a\u202eb', links: Array.from({ length: 9 }, () => ({ id: 'a', kind: 'internet' })) },
    { code: 'X', name: 'a', links: 'x' },
  ];
  const files = [
    '',
    'name\n',
    'code,code,foo\n',
    'code,name\nA,B,C\n',
    'code,name\nA,"B\n',
    'code,name\nA,a\nA,b\n,c\n',
  ];
  return [
    ...units.flatMap((unit) => NewUnit.safeParse(unit).error?.issues.map(({ message }) => message) ?? []),
    ...[...files.map((text) => Buffer.from(text)), Buffer.from([0xff, 0xfe])].flatMap((bytes) =>
      readUnitFile(bytes).problems.map(({ detail }) => detail),
    ),
  ];
}

test('what units, files and passwords can be refused for has Vietnamese words', () => {
  const passwords = ['short', 'x'.repeat(201), 'aaaaaaaaaaaa', '19900101-19', 'matkhau12345', 'lan-nguyen-123']
    .map((password) => passwordProblem(password, 'lan-nguyen'))
    .filter((detail) => detail !== undefined);
  const details = [...detailsOfUnits(), ...passwords];
  expect(details.length).toBeGreaterThan(25);
  expect(details.filter((detail) => detailInVietnamese(detail) === detail)).toEqual([]);
});

test('what maintenance windows and calendars are refused for has Vietnamese words', () => {
  const [now, hour, year] = [Date.UTC(2026, 10, 23), 3_600_000, 366 * 86_400_000];
  const good = { unit: 'DH', from: now, to: now + hour, reason: 'x' };
  const recurring = { ...good, to: undefined, cron: '0 22 * * 6', durationMs: hour };
  const wrong: NewWindow[] = [
    ...[' ', 'x'.repeat(201), 'a\u202eb'].map((reason) => ({ ...good, reason })),
    ...[now - hour, now + 3 * year, now + 2 * hour].map((from) => ({ ...good, from })),
    ...[undefined, now + 1, now + year].map((to) => ({ ...good, to })),
    ...['* * * * *', '0 25 * * *', 'x', '0 0 22 * * 6'].map((cron) => ({ ...recurring, cron })),
    ...[undefined, 100 * hour].map((durationMs) => ({ ...recurring, durationMs })),
  ];
  const { national_holidays, holidays, working_days } = CalendarSection.parse({});
  const known = new Holidays({ national_holidays, holidays, working_days }, new Map([[2026, expectedYear]]));
  const details = [...wrong.map((window) => refusalOf(window, now)), ...known.warnings([2026, 2027])];
  expect(details.length).toBe(wrong.length + 2);
  expect(details.filter((detail) => detailInVietnamese(detail) === detail)).toEqual([]);
});

const expectedYear = {
  holidays: [{ from: '2026-11-24', to: '2026-11-24', name: 'Ngày Văn hóa Việt Nam', isExpected: true }],
  workingDays: [],
};

function refusalOf(window: NewWindow, now: number): string {
  try {
    checkWindow(window, now);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the window was not refused');
}
