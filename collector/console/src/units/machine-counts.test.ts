import { expect, test } from 'vitest';
import { enrolledBelow } from './machine-counts.ts';

test('what is enrolled below counts for every unit above', () => {
  const units = [{ code: 'QB' }, { code: 'DH', parent: 'QB' }, { code: 'BL', parent: 'DH' }];
  const sums = enrolledBelow(units, [
    { unit: 'QB', server: 1, gateway: 0, pc: 0 },
    { unit: 'BL', server: 0, gateway: 1, pc: 2 },
  ]);
  expect(Object.fromEntries(sums)).toEqual({
    QB: { server: 1, gateway: 1, pc: 2 },
    DH: { server: 0, gateway: 1, pc: 2 },
    BL: { server: 0, gateway: 1, pc: 2 },
  });
});

test('units that are each other’s parents are counted once', () => {
  const units = [
    { code: 'a', parent: 'b' },
    { code: 'b', parent: 'a' },
  ];
  expect(enrolledBelow(units, [{ unit: 'a', server: 1, gateway: 0, pc: 0 }]).get('b')?.server).toBe(1);
});
