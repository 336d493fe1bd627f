import { beforeEach, expect, test } from 'vitest';
import { AttemptLimiter } from './attempt-limiter.ts';

let now: number;
let limiter: AttemptLimiter;

beforeEach(() => {
  now = 1_000_000;
  limiter = new AttemptLimiter({ free: 3, maxDelayMs: 8_000 }, () => now);
});

/** The waits between attempts that are each made as soon as possible. */
function waits(count: number): number[] {
  return Array.from({ length: count }, () => {
    const wait = limiter.begin('lan');
    now += wait;
    if (wait > 0) limiter.begin('lan');
    return wait;
  });
}

test('the wait doubles after the free attempts, up to its bound', () => {
  expect(waits(8)).toEqual([0, 0, 0, 1_000, 2_000, 4_000, 8_000, 8_000]);
});

test('attempts at the same moment are all counted before any has ended', () => {
  expect([1, 2, 3, 4, 5].map(() => limiter.begin('lan'))).toEqual([0, 0, 0, 1_000, 1_000]);
});

test('each key has its own count', () => {
  waits(4);
  expect(limiter.begin('binh')).toBe(0);
});

test('success forgives, an attempt that was none only goes uncounted', () => {
  for (const _ of [1, 2]) limiter.begin('lan');
  limiter.begin('lan');
  limiter.takeBack('lan');
  expect(limiter.begin('lan')).toBe(0);
  expect(limiter.begin('lan')).toBe(1_000);
  limiter.forget('lan');
  expect(limiter.begin('lan')).toBe(0);
});

test('an hour of quiet forgives', () => {
  waits(6);
  now += 3_600_000;
  expect(waits(4)).toEqual([0, 0, 0, 1_000]);
});

test('it remembers a bounded number of keys, the latest', () => {
  for (let index = 0; index < 3; index += 1) limiter.begin('first');
  for (let index = 0; index < 12_000; index += 1) limiter.begin(`key-${index}`);
  expect(limiter.size).toBe(10_000);
  expect(limiter.begin('first')).toBe(0);
});
