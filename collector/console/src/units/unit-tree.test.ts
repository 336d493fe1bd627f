import { expect, test } from 'vitest';
import { codesBelow, orderAsTree, searchTree } from './unit-tree.ts';

test('units stand below their parents, in the order of the alphabet', () => {
  const units = [
    { code: 'p', name: 'Tỉnh' },
    { code: 'y', name: 'Sở Y tế', parent: 'p' },
    { code: 'd', name: 'Đồng Hới', parent: 'p' },
    { code: 'b', name: 'Bắc Lý', parent: 'd' },
    { code: 'lost', name: 'Không rõ cấp trên', parent: 'gone' },
  ];
  expect(orderAsTree(units, 'vi').map(({ unit, depth }) => `${depth} ${unit.name}`)).toEqual([
    '0 Không rõ cấp trên',
    '0 Tỉnh',
    '1 Đồng Hới',
    '2 Bắc Lý',
    '1 Sở Y tế',
  ]);
});

test('units that are each other’s parents do not hang the page', () => {
  const units = [
    { code: 'a', name: 'A', parent: 'b' },
    { code: 'b', name: 'B', parent: 'a' },
  ];
  expect(orderAsTree(units, 'vi')).toEqual([]);
});

const province = [
  { code: 'QB', name: 'Tỉnh' },
  { code: 'QB-DH', name: 'Đồng Hới', parent: 'QB' },
  { code: 'QB-DH-BL', name: 'Bắc Lý', parent: 'QB-DH' },
  { code: 'QB-SYT', name: 'Sở Y tế', parent: 'QB' },
];

test.each([
  ['', ['QB', 'QB-DH', 'QB-DH-BL', 'QB-SYT']],
  ['bac ly', ['QB', 'QB-DH', 'QB-DH-BL']],
  ['LÝ BẮC', ['QB', 'QB-DH', 'QB-DH-BL']],
  ['dong', ['QB', 'QB-DH']],
  ['nowhere', []],
])('a search for %j shows what is found and what is above it', (q, codes) => {
  const found = searchTree(orderAsTree(province, 'vi'), { q, textsOf: ({ name, code }) => [name, code] });
  expect(found.map(({ unit }) => unit.code)).toEqual(codes);
});

test('below a unit are its own units and theirs', () => {
  expect([...codesBelow(province, 'QB-DH')]).toEqual(['QB-DH', 'QB-DH-BL']);
});
