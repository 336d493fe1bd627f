import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PaceWatch } from './pace-watch.ts';

let start: number;
let unread: number;
let ends: string[];
let pace: PaceWatch;

const passed = () => Date.now() - start;

beforeEach(() => {
  vi.useFakeTimers();
  start = Date.now();
  unread = 0;
  ends = [];
  pace = new PaceWatch({
    limits: { idle_seconds: 25, slow_seconds: 120 },
    monotonic: () => Date.now(),
    unread: () => unread,
    onSilent: () => ends.push(`silent after ${passed() / 1_000} s`),
    onSlow: (who) => ends.push(`${who} after ${passed() / 1_000} s`),
  });
  pace.start();
});
afterEach(() => {
  pace.stop();
  vi.useRealTimers();
});

/** Something is heard every 10 s; `completes` says whether messages get complete. */
function live(seconds: number, completes: boolean): void {
  for (let second = 0; second < seconds && ends.length === 0; second += 10) {
    pace.heard();
    if (completes) pace.completed();
    vi.advanceTimersByTime(10_000);
  }
}

test('an agent in its rhythm is left alone', () => {
  live(600, true);
  expect(ends).toEqual([]);
});

test('silence ends the connection after two and a half heartbeats, once', () => {
  live(60, true);
  vi.advanceTimersByTime(300_000);
  expect(ends).toEqual(['silent after 75 s']);
});

test('a message that drips in is not waited for', () => {
  live(600, false);
  expect(ends).toEqual([expect.stringMatching(/^slowSender after 1[2-4]\d s$/)]);
});

test('answers that are not read end the connection', () => {
  unread = 1;
  live(600, true);
  expect(ends).toEqual([expect.stringMatching(/^slowReader after 1[2-9]\d s$/)]);
});

test('answers that are read late, but read, do not', () => {
  unread = 1;
  live(100, true);
  unread = 0;
  live(30, true);
  unread = 1;
  live(100, true);
  expect(ends).toEqual([]);
});

test('nothing happens after a stop', () => {
  pace.stop();
  vi.advanceTimersByTime(300_000);
  expect(ends).toEqual([]);
});
