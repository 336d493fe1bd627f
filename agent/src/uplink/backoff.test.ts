import { expect, test } from 'vitest';
import { Backoff } from './backoff.ts';

function waits(random: number, count: number): number[] {
  const backoff = new Backoff(() => random);
  return Array.from({ length: count }, () => backoff.next('soon'));
}

test('waits from 1 s to a bound that grows by half up to 60 s, evenly spread', () => {
  expect(waits(0, 6)).toEqual([1_000, 1_000, 1_000, 1_000, 1_000, 1_000]);
  expect(waits(0.999999, 9)).toEqual([4_000, 6_000, 9_000, 13_500, 20_250, 30_375, 45_562, 60_000, 60_000]);
  expect(waits(0.5, 2)).toEqual([2_500, 3_500]);
});

test('waits long at once when a person has to act first', () => {
  expect(new Backoff(() => 0).next('slow')).toBe(30_000);
  expect(new Backoff(() => 0.999999).next('slow')).toBe(60_000);
});

test('begins anew after a reset, and never stops', () => {
  const backoff = new Backoff(() => 0.999999);
  for (let attempt = 0; attempt < 5_000; attempt += 1) expect(backoff.next('soon')).toBeLessThanOrEqual(60_000);
  backoff.reset();
  expect(backoff.next('soon')).toBe(4_000);
});
