import { expect, test } from 'vitest';
import { orderAsTree } from './unit-tree.ts';

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
