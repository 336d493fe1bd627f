import { expect, test } from 'vitest';
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
