import { beforeEach, expect, test } from 'vitest';
import { CollectorClock } from './collector-clock.ts';

let wall: number;
let monotonic: number;
let uptime: number;
let clock: CollectorClock;
let kept: number | undefined;

const file = {
  read: () => kept,
  write: (aheadOfUptime: number) => {
    kept = aheadOfUptime;
  },
};

function restart(): CollectorClock {
  return new CollectorClock({ now: () => wall, monotonic: () => monotonic, uptime: () => uptime, file });
}

beforeEach(() => {
  wall = 1_800_000_000_000;
  monotonic = 5_000;
  uptime = 90_000;
  kept = undefined;
  clock = restart();
});

function pass(ms: number): void {
  wall += ms;
  monotonic += ms;
  uptime += ms;
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

test.each([3_600_000, -86_400_000])('a clock that was set by %i ms counts from there at once', (step) => {
  clock.answered(clock.ask(), wall + 250);
  pass(5_000);
  wall += step;
  expect(clock.offsetMs).toBe(250 - step);
  clock.answered(clock.ask(), wall + 260 - step);
  expect(clock.offsetMs).toBe(260 - step);
});

test('a machine that has slept is asked for the time, but its clock was not set', () => {
  clock.answered(clock.ask(), wall + 250);
  wall += 3_600_000;
  uptime += 3_600_000;
  expect([clock.offsetMs, clock.isOld]).toEqual([250, true]);
});

test('an answer that was on its way while the clock was set says nothing', () => {
  clock.answered(clock.ask(), wall + 250);
  const asked = clock.ask();
  wall -= 7_200_000;
  pass(20);
  clock.answered(asked, wall + 7_200_250);
  expect([clock.offsetMs, clock.isOld]).toEqual([7_200_250, true]);
});

test('what was learnt is known to the next process, also when the clock was set in between', () => {
  clock.answered(clock.ask(), wall + 250);
  pass(5_000);
  wall -= 86_400_000;
  const next = restart();
  expect([next.offsetMs, next.isOld]).toEqual([86_400_250, true]);
  expect(next.told(wall)).toBe(86_400_250);
});

test('until something is learnt, it is known by how much the clock was set', () => {
  pass(5_000);
  expect(clock.setByMs).toBe(0);
  wall += 500_000_000;
  expect(clock.setByMs).toBe(500_000_000);
  clock.told(wall);
  expect([clock.setByMs, clock.offsetMs]).toEqual([0, 0]);
});
