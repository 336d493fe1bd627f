import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findOutbreak, type Sighting } from './outbreak.ts';
import { threatKey } from './threat-name.ts';

const rule = { machines: 3, units: 2, within_minutes: 60 };
const at = (agent: string, unit: string, minutes: number): Sighting => ({ agent, unit, detectedAt: minutes * 60_000 });

test('three machines of a unit within an hour, and those that follow', () => {
  const found = [at('a', 'U', 0), at('a', 'U', 5), at('b', 'U', 30), at('c', 'U', 60), at('d', 'U', 500)];
  expect(findOutbreak(found, rule)?.map(({ agent }) => agent)).toEqual(['a', 'b', 'c', 'd']);
  expect(findOutbreak(found.slice(0, 3), rule)).toBeUndefined();
});

test('two units are enough; one machine never is, and too long is too long', () => {
  expect(findOutbreak([at('a', 'U', 0), at('b', 'V', 59)], rule)).toHaveLength(2);
  expect(findOutbreak([at('a', 'U', 0), at('b', 'V', 61)], rule)).toBeUndefined();
  expect(findOutbreak([at('a', 'U', 0), at('a', 'U', 1), at('a', 'U', 2)], rule)).toBeUndefined();
});

test('the same as looking at every hour there is', () => {
  const sighting = fc.record({
    agent: fc.constantFrom('a', 'b', 'c', 'd'),
    unit: fc.constantFrom('U', 'V'),
    detectedAt: fc.integer({ min: 0, max: 300 }).map((minutes) => minutes * 60_000),
  });
  fc.assert(
    fc.property(fc.array(sighting, { maxLength: 12 }), fc.integer({ min: 2, max: 5 }), (all, units) => {
      const strict = { ...rule, units };
      const isOutbreak = all.some(({ detectedAt: from }) => {
        const hour = all.filter(({ detectedAt }) => detectedAt >= from && detectedAt - from <= 3_600_000);
        return (
          new Set(hour.map(({ agent }) => agent)).size >= strict.machines ||
          new Set(hour.map(({ unit }) => unit)).size >= strict.units
        );
      });
      expect(findOutbreak(all, strict) !== undefined).toBe(isOutbreak);
    }),
  );
});

test('a name in one form', () => {
  expect(threatKey(' Win.Trojan.X-6840338-1.UNOFFICIAL ')).toBe('win.trojan.x-6840338');
  expect(threatKey('Virus:DOS/EICAR_Test_File')).toBe('virus:dos/eicar_test_file');
  expect(threatKey('\u0000')).toBe('\ufffd');
  expect(threatKey(`${'x'.repeat(119)}😀`)).toBe(`${'x'.repeat(119)}\ufffd`);
  expect(threatKey('  ')).toBe('unnamed');
  expect(threatKey('x'.repeat(1_000))).toHaveLength(120);
});
