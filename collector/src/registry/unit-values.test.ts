import { describe, expect, test } from 'vitest';
import { readUnitField, textOfValue } from './unit-text.ts';
import { NewUnit, UnitCode, type UnitField, UnitPatch, withPatch } from './unit-values.ts';

function problemsOf(field: UnitField, text: string): string {
  const result = readUnitField(field, text);
  return 'problems' in result ? result.problems.join('; ') : 'none';
}

describe('a text', () => {
  test('is stored in one form: composed letters, plain single spaces, none at the ends', () => {
    const decomposed = 'Ủy ban\u00a0 nhân dân '.normalize('NFD');
    expect(readUnitField('name', decomposed)).toEqual({ value: 'Ủy ban nhân dân' });
  });

  test.each([
    ['name', 'A\u0007B', 'U+0007'],
    ['name', 'gpj.\u202eexe', 'U+202E'],
    ['note', 'A\u200bB', 'U+200B'],
    ['location', 'Đường\nPhố', 'has a line break'],
    ['name', '', 'is missing'],
    ['name', 'x'.repeat(201), 'has at most 200 characters'],
    ['contact_name', 'x'.repeat(101), 'has at most 100 characters'],
    ['note', 'x'.repeat(501), 'has at most 500 characters'],
    ['parent', 'qb', 'capital letters'],
    ['kind', 'Xã', 'small letters'],
    ['calendar', 'a b', 'small letters'],
  ] as const)('%s %j is refused', (field, text, problem) => {
    expect(problemsOf(field, text)).toContain(problem);
  });

  test('has its length measured after composing', () => {
    expect(problemsOf('name', 'ễ'.repeat(200).normalize('NFD'))).toBe('none');
  });
});

describe('a telephone number', () => {
  test.each([
    '113',
    '0232 3822 000',
    '+84 (232) 3.822.000',
    '0912-345-678 / 0232.3822000 (máy lẻ 12)',
    '02323822000 ext. 5',
  ])('%s is taken as it is', (phone) => expect(readUnitField('contact_phone', phone)).toEqual({ value: phone }));

  test.each(['', '12', 'gọi anh Nam', '0912<script>', '0'.repeat(41)])('%j is none', (phone) => {
    expect(readUnitField('contact_phone', phone)).toEqual(
      phone === '' ? { value: null } : { problems: expect.arrayContaining([expect.stringContaining('telephone')]) },
    );
  });
});

describe('a number', () => {
  test.each([
    ['security_level', '1', 1],
    ['security_level', '5', 5],
    ['declared_pcs', ' 7194 ', 7194],
    ['declared_servers', '0', 0],
    ['declared_gateways', '1000000', 1_000_000],
  ] as const)('%s %j is read', (field, text, value) => {
    expect(readUnitField(field, text)).toEqual({ value });
  });

  test.each([
    ['security_level', '0'],
    ['security_level', '6'],
    ['security_level', '2.5'],
    ['declared_pcs', '-1'],
    ['declared_pcs', '7.194'],
    ['declared_pcs', '1e3'],
    ['declared_pcs', '1000001'],
    ['declared_pcs', 'nhiều'],
  ] as const)('%s %j is refused with its bounds', (field, text) => {
    expect(problemsOf(field, text)).toMatch(/^is a whole number from \d+ to \d+$/);
  });
});

describe('links', () => {
  const text =
    'tslcd-1:tslcd:VNPT:10.20.0.1 | net-1:internet:FPT Telecom:2001:db8:: | net-2:internet | net-3:internet::cpe.example.vn';
  const links = [
    { id: 'tslcd-1', kind: 'tslcd', carrier: 'VNPT', edge: '10.20.0.1' },
    { id: 'net-1', kind: 'internet', carrier: 'FPT Telecom', edge: '2001:db8::' },
    { id: 'net-2', kind: 'internet' },
    { id: 'net-3', kind: 'internet', edge: 'cpe.example.vn' },
  ];

  test('are read from one text and written back to it', () => {
    expect(readUnitField('links', text)).toEqual({ value: links });
    expect(textOfValue('links', UnitPatch.parse({ links }))).toBe(text);
  });

  test.each([
    ['x', 'link 1: kind is tslcd or internet'],
    ['a:internet | b:fibre', 'link 2: kind is tslcd or internet'],
    ['Á:internet', 'link 1: id has 1 to 32 small letters'],
    ['a:internet::10.0.0.256', 'link 1: edge is an IP address or a host name'],
    ['a:internet::http://x', 'link 1: edge is an IP address or a host name'],
    ['a:internet::fe80::1%eth0', 'link 1: edge is an IP address or a host name'],
    ['a:internet::-x.vn', 'link 1: edge is an IP address or a host name'],
    ['a:internet | a:tslcd', 'names a link twice'],
    [Array.from({ length: 9 }, (_, index) => `l${index}:internet`).join('|'), 'has at most 8 links'],
  ])('%j is refused', (written, problem) => {
    expect(problemsOf('links', written)).toContain(problem);
  });
});

test.each(['QB', '1', 'QB-DH-BL', 'A'.repeat(32)])('%s is a code', (code) => {
  expect(UnitCode.parse(` ${code} `)).toBe(code);
});

test.each(['', 'qb', '-QB', 'QB_1', 'Đ', 'A'.repeat(33), '../X'])('%j is no code', (code) => {
  expect(UnitCode.safeParse(code).success).toBe(false);
});

test('a patch sets, takes away and leaves alone; unknown keys are refused', () => {
  const values = { name: 'A', kind: 'commune', note: 'cũ' };
  expect(withPatch(values, { kind: null, links: [], note: undefined, parent: 'QB' })).toEqual({
    name: 'A',
    note: 'cũ',
    parent: 'QB',
  });
  expect(UnitPatch.safeParse({ colour: 'red' }).success).toBe(false);
  expect(UnitPatch.safeParse({ name: null }).success).toBe(false);
  expect(NewUnit.safeParse({ code: 'QB' }).success).toBe(false);
});
