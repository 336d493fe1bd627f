import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRegistryQuery, registryNumber, registryText, registryTexts, registryTime } from './registry-query.ts';

const text = [
  '',
  'HKEY_LOCAL_MACHINE\\SOFTWARE\\Một khoá',
  '    Tên có dấu cách    REG_SZ    giá trị    có bốn dấu cách',
  '    Empty    REG_SZ    ',
  '    Bare    REG_SZ',
  '    Path    REG_EXPAND_SZ    %ProgramFiles%\\x',
  '    Number    REG_DWORD    0xffffffff',
  '    Long    REG_QWORD    0x1d7b4a3c2e1f0',
  '    TooLong    REG_QWORD    0xffffffffffffffff',
  '    Lines    REG_MULTI_SZ    a\\0b',
  '    Time    REG_BINARY    80A0F31D8934DD01',
  '    Never    REG_BINARY    0000000000000000',
  '    Short    REG_BINARY    80A0',
  '    (Mặc định)    REG_NONE',
  '',
  'HKEY_LOCAL_MACHINE\\SOFTWARE\\Một khoá\\Empty',
  '',
  'Kết thúc tìm kiếm: tìm thấy 2 kết quả phù hợp.',
];

describe.each([
  ['lines of Windows', '\r\n'],
  ['lines of others', '\n'],
])('parseRegistryQuery with %s', (_name, lineEnd) => {
  const keys = parseRegistryQuery(text.join(lineEnd));
  const [key] = keys;

  it('finds every key and value', () => {
    expect(keys.map(({ path, values }) => [path, values.size])).toEqual([
      ['HKEY_LOCAL_MACHINE\\SOFTWARE\\Một khoá', 12],
      ['HKEY_LOCAL_MACHINE\\SOFTWARE\\Một khoá\\Empty', 0],
    ]);
  });

  it('reads texts', () => {
    expect(registryText(key, 'tên CÓ dấu cách')).toBe('giá trị    có bốn dấu cách');
    expect(registryText(key, 'Path')).toBe('%ProgramFiles%\\x');
    expect(registryTexts(key, 'Lines')).toEqual(['a', 'b']);
    for (const name of ['Empty', 'Bare', 'Number', 'absent']) expect(registryText(key, name)).toBeUndefined();
  });

  it('reads numbers', () => {
    expect(registryNumber(key, 'Number')).toBe(4_294_967_295);
    expect(registryNumber(key, 'Long')).toBe(0x1d7b4a3c2e1f0);
    for (const name of ['TooLong', 'Path', 'absent']) expect(registryNumber(key, name)).toBeUndefined();
  });

  it('reads times', () => {
    expect(new Date(registryTime(key, 'Time') ?? 0).toISOString()).toBe('2026-08-25T11:59:00.865Z');
    for (const name of ['Never', 'Short', 'Number']) expect(registryTime(key, name)).toBeUndefined();
  });
});

it('passes over values without a key', () => {
  expect(parseRegistryQuery('    a    REG_SZ    b')).toEqual([]);
});

it('gives up on more values than any key has', () => {
  const many = `HKEY_X\n${'    a    REG_SZ    b\n'.repeat(100_001)}`;
  expect(() => parseRegistryQuery(many)).toThrow('more than 100000 values');
});

it('takes any text', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 200 }),
      (noise) => void parseRegistryQuery(`${text.join('\n')}${noise}`),
    ),
  );
});
