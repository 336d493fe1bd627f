import { beforeEach, expect, test } from 'vitest';
import { CollectorClock } from './collector-clock.ts';

let wall: number;
let monotonic: number;
let clock: CollectorClock;

beforeEach(() => {
  wall = 1_800_000_000_000;
  monotonic = 5_000;
  clock = new CollectorClock({ now: () => wall, monotonic: () => monotonic });
});

function pass(ms: number): void {
  wall += ms;
  monotonic += ms;
}

test('what the collector says unasked serves until it has answered', () => {
  expect(clock.offsetMs).toBeUndefined();
  clock.told(wall - 7_000);
  expect(clock.offsetMs).toBe(-7_000);
  const asked = clock.ask();
  pass(400);
  clock.answered(asked, asked + 3_200);
  expect(clock.offsetMs).toBe(3_000);
  clock.told(wall);
  expect(clock.offsetMs).toBe(3_000);
});

test('is asked for at first, and every ten minutes', () => {
  expect(clock.isOld).toBe(true);
  clock.answered(clock.ask(), wall);
  pass(600_000);
  expect(clock.isOld).toBe(false);
  pass(1);
  expect(clock.isOld).toBe(true);
});

test.each([2_000, -3_600_000])('a clock that was set by %i ms is noticed', (step) => {
  clock.answered(clock.ask(), wall);
  pass(5_000);
  wall += step;
  expect(clock.isOld).toBe(true);
  clock.answered(clock.ask(), wall);
  expect(clock.isOld).toBe(false);
});
