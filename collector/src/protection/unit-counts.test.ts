import { expect, test } from 'vitest';
import { lowestAbove } from './unit-above.ts';
import { type CountedMachine, countUnits, protectedPercent } from './unit-counts.ts';
import { UnitWatch } from './unit-watch.ts';

const now = Date.UTC(2026, 10, 23);
const day = 86_400_000;
const units = [
  { code: 'TOP', declared_servers: 1 },
  { code: 'A', parent: 'TOP', declared_pcs: 4, declared_servers: 2 },
  { code: 'B', parent: 'TOP' },
];
const pc = (unit: string, changes: Partial<CountedMachine> = {}): CountedMachine => ({
  unit,
  class: 'pc',
  level: 'protected',
  signatureTime: now - day,
  ...changes,
});

test('declared machines are what it is measured by, of each class', () => {
  const machines = [
    ...[pc('A'), pc('A', { level: 'unknown' }), pc('A', { level: 'unprotected', signatureTime: now - 16 * day })],
    ...[pc('A', { class: 'server' }), pc('A', { class: 'server' }), pc('A', { class: 'server', level: 'attention' })],
    pc('B', { signatureTime: undefined }),
  ];
  const [top, a, b] = countUnits(units, { machines, now });
  expect(a?.own).toEqual({
    declared: 6,
    enrolled: 6,
    protected: 3,
    attention: 1,
    unprotected: 1,
    unknown: 1,
    missing: 1,
    notUpdated: 1,
  });
  expect(a && protectedPercent(a.own)).toBeCloseTo(300 / 7);
  expect(b?.own).toMatchObject({ declared: undefined, enrolled: 1, missing: 0, notUpdated: 0 });
  expect(b && protectedPercent(b.own)).toBeUndefined();
  expect(top?.own).toMatchObject({ declared: 1, enrolled: 0, missing: 1 });
  expect(top?.total).toMatchObject({ declared: 7, enrolled: 7, protected: 4, missing: 2 });
});

test('series tell of own machines, on a change and every five minutes', () => {
  const emitted: string[] = [];
  const watch = new UnitWatch({ emit: (unit, points) => emitted.push(`${unit} ${points[0]?.fields.enrolled}`) });
  watch.tick(units, { machines: [], now });
  expect(emitted).toEqual(['TOP 0', 'A 0']);
  watch.tick(units, { machines: [pc('B')], now: now + 5_000 });
  watch.tick(units, { machines: [pc('B')], now: now + 10_000 });
  expect(emitted).toEqual(['TOP 0', 'A 0', 'B 1']);
  watch.tick(units, { machines: [], now: now + 300_000 });
  expect(emitted.slice(3)).toEqual(['TOP 0', 'A 0', 'B 0']);
});

test('where units meet', () => {
  expect(lowestAbove(units, ['A', 'B'])).toBe('TOP');
  expect(lowestAbove(units, ['A'])).toBe('A');
  expect(lowestAbove(units, ['A', 'TOP'])).toBe('TOP');
  expect(lowestAbove(units, ['A', 'X'])).toBeUndefined();
  expect(lowestAbove(units, [])).toBeUndefined();
});
