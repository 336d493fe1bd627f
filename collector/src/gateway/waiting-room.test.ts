import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WaitingRoom } from './waiting-room.ts';

let now: number;
let room: WaitingRoom;
let begun: number[];
let turnedAway: number[];
let gone: Set<number>;

beforeEach(() => {
  vi.useFakeTimers();
  now = 0;
  begun = [];
  turnedAway = [];
  gone = new Set();
  room = new WaitingRoom({ perSecond: 400, monotonic: () => now });
});

afterEach(() => {
  room.close();
  vi.useRealTimers();
});

function enter(count: number): void {
  for (let index = 0; index < count; index += 1) {
    const number = begun.length + turnedAway.length + room.size + gone.size;
    room.enter({
      isGone: () => gone.has(number),
      begin: () => begun.push(number),
      turnAway: () => turnedAway.push(number),
    });
  }
}

/** Timers come `lateMs` after they were due. */
function pass(ms: number, lateMs = 0): void {
  for (let passed = 0; passed < ms; passed += 25 + lateMs) {
    now += 25 + lateMs;
    vi.advanceTimersByTime(25);
  }
}

test('a newcomer who is alone begins at once', () => {
  enter(1);
  expect([begun, room.size]).toEqual([[0], 0]);
});

test('a crowd begins in the order of its arrival, at the rate', () => {
  enter(1_000);
  const atOnce = begun.length;
  expect(atOnce).toBeLessThanOrEqual(20);
  pass(1_000);
  expect(begun.length - atOnce).toBeGreaterThan(380);
  expect(begun.length - atOnce).toBeLessThanOrEqual(401);
  expect(begun).toEqual(begun.toSorted((a, b) => a - b));
});

test('a loop that is late begins fewer and fewer, but always some, and recovers', () => {
  enter(3_000);
  pass(5_000, 475);
  const before = begun.length;
  pass(2_000, 475);
  // Ten a second.
  expect(begun.length - before).toBeGreaterThanOrEqual(15);
  expect(begun.length - before).toBeLessThanOrEqual(25);
  const late = begun.length;
  pass(3_000);
  expect(begun.length - late).toBeGreaterThan(500);
});

test('whoever has hung up takes no place', () => {
  enter(40);
  const waiting = Array.from({ length: room.size }, (_, index) => begun.length + index);
  for (const number of waiting.slice(0, -1)) gone.add(number);
  pass(25);
  expect([begun.at(-1), room.size]).toEqual([39, 0]);
});

test('whoever has waited 14 seconds is turned away', () => {
  enter(8_000);
  pass(15_000);
  expect(turnedAway.length).toBeGreaterThan(1_000);
  expect([room.size, begun.length + turnedAway.length]).toEqual([0, 8_000]);
});
