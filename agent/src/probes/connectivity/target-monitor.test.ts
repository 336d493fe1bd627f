import type { Point } from '@vonggac/shared';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CheckResult } from './check-run.ts';
import type { Hop } from './path.ts';
import type { Target } from './target.ts';
import { TargetMonitor } from './target-monitor.ts';
import { targetOf } from './testing/check-url.ts';

const good: CheckResult = {
  up: true,
  error: undefined,
  problem: undefined,
  rtts: [1],
  packets: undefined,
  details: {},
};
const bad: CheckResult = { ...good, up: false, error: 'timeout', rtts: [] };

let events: Point[];
let checks: { id: string; at: number }[];
let running: number;
let mostRunning: number;
let monitor: TargetMonitor;
let result: CheckResult;
let durationMs: number;
let derived: Target[];
let traces: string[];
let waits: Map<string, number>;

function target(id: string, changes: Partial<Target> = {}): Target {
  return targetOf('tcp://10.0.0.1:1', { id, ...changes });
}

function many(count: number): Target[] {
  return Array.from({ length: count }, (_, n) => target(`t${n}`));
}

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  events = [];
  checks = [];
  traces = [];
  waits = new Map();
  derived = [];
  running = 0;
  mostRunning = 0;
  result = good;
  durationMs = 10;
  monitor = new TargetMonitor({
    check: async ({ id }, signal) => {
      checks.push({ id, at: Date.now() });
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      await new Promise<void>((resolve) => {
        setTimeout(resolve, durationMs);
        signal.addEventListener('abort', () => resolve());
      });
      running -= 1;
      return result;
    },
    waitMs: ({ id }) => waits.get(id),
    deriveTargets: async () => derived,
    tracePath: async (address): Promise<Hop[]> => {
      traces.push(address);
      return [{ address: '10.9.9.9', rttMs: 2 }];
    },
    onEvents: (points) => void events.push(...points),
    now: () => Date.now(),
    monotonic: () => Date.now(),
  });
});

afterEach(() => {
  monitor.stop();
  vi.useRealTimers();
});

function timesOf(id: string): number[] {
  return checks.filter((check) => check.id === id).map(({ at }) => at);
}

describe('pace', () => {
  it('each target is checked at its own, first within 15 s', async () => {
    monitor.setTargets([target('a', { every: 5 }), target('b', { every: 60 })]);
    monitor.start();
    await vi.advanceTimersByTimeAsync(180_000);
    for (const [id, every] of [
      ['a', 5_000],
      ['b', 60_000],
    ] as const) {
      const times = timesOf(id);
      expect(times[0]).toBeLessThan(15_000);
      expect(times.length).toBeGreaterThanOrEqual(180_000 / every - 1);
      for (const [n, at] of times.slice(1).entries()) expect(Math.abs(at - (times[n] ?? 0) - every)).toBeLessThan(25);
    }
  });

  it('many are spread over the interval', async () => {
    monitor.setTargets(many(50));
    monitor.start();
    await vi.advanceTimersByTimeAsync(15_000);
    for (let from = 0; from < 15_000; from += 3_000) {
      const inside = checks.filter(({ at }) => at >= from && at < from + 3_000).length;
      expect(inside).toBeGreaterThan(6);
      expect(inside).toBeLessThan(14);
    }
  });

  it('dead ones do not hold up the others: all are checked at their pace, few at once', async () => {
    durationMs = 4_000;
    monitor.setTargets(many(200));
    monitor.start();
    await vi.advanceTimersByTimeAsync(62_000);
    expect(checks.length).toBeGreaterThan(200 * 3.5);
    expect(mostRunning).toBeLessThanOrEqual(54);
  });

  it('what was missed is not made up for', async () => {
    monitor.setTargets([target('a')]);
    monitor.start();
    await vi.advanceTimersByTimeAsync(30_000);
    const before = checks.length;
    vi.setSystemTime(Date.now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(checks.length - before).toBeLessThanOrEqual(2);
  });
});

describe('a pace of its own', () => {
  it('is kept from the end of each check', async () => {
    monitor.stop();
    waits = new Map([['a', 7_000]]);
    monitor.setTargets([target('a', { isCalm: true }), target('b', { every: 5 })]);
    monitor.start();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(timesOf('a').slice(0, 4)).toEqual([20, 7_030, 14_040, 21_050]);
    const [, second = 0, third] = timesOf('b');
    expect(third).toBe(second + 5_000);
  });
});

describe('targets', () => {
  it('that stay keep their state, those that go are given up, and those that come are checked', async () => {
    monitor.setTargets([target('a'), target('b')]);
    monitor.start();
    await vi.advanceTimersByTimeAsync(15_100);
    events = [];
    durationMs = 1_000_000;
    await vi.advanceTimersByTimeAsync(15_000);
    expect(running).toBe(2);
    monitor.setTargets([target('a'), target('c')]);
    await vi.advanceTimersByTimeAsync(0);
    expect(running).toBe(1);
    durationMs = 10;
    await vi.advanceTimersByTimeAsync(15_000);
    expect(events.map(({ tags }) => tags.target)).toEqual(['c']);
  });

  it('of the machine itself are found again when the network changes; a chosen one of the same name wins', async () => {
    derived = [target('gateway', { scope: 'lan' })];
    monitor.start();
    await vi.advanceTimersByTimeAsync(15_100);
    derived = [target('gateway', { scope: 'lan', every: 20 }), target('resolver-1')];
    monitor.setTargets([target('resolver-1', { scope: 'service' })]);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(events.map(({ tags }) => `${tags.target} ${tags.scope}`)).toEqual([
      'gateway lan',
      'resolver-1 service',
      'gateway lan',
    ]);
  });
});

describe('points', () => {
  it('of a change come at once, the others with the summaries', async () => {
    monitor.setTargets([target('a', { scope: 'lan' })]);
    monitor.start();
    await vi.advanceTimersByTimeAsync(45_000);
    expect(events).toHaveLength(1);
    expect(monitor.takeSummaries(45_000).points).toMatchObject([{ time: 45_000, fields: { up: true, checks: 2 } }]);
    result = bad;
    await vi.advanceTimersByTimeAsync(15_100);
    expect(events.at(-1)).toMatchObject({ fields: { up: false, error: 'timeout' } });
  });

  it('of what could not be measured come with the reason', async () => {
    result = { ...good, up: undefined, error: 'unsupported', problem: 'there is no ping' };
    monitor.setTargets([target('a'), target('b')]);
    monitor.start();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(monitor.takeSummaries(1).problem).toBe('a: there is no ping (and 1 more)');
    result = good;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(monitor.takeSummaries(2).problem).toBeUndefined();
  });

  it('say why the targets of the machine are not known', async () => {
    monitor.stop();
    monitor = new TargetMonitor({
      check: async () => good,
      deriveTargets: () => Promise.reject(new Error('EACCES')),
      tracePath: async () => undefined,
      onEvents: () => undefined,
      now: () => Date.now(),
      monotonic: () => Date.now(),
    });
    monitor.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(monitor.takeSummaries(1).problem).toBe('cannot find the targets of this machine: EACCES');
  });
});

describe('the path', () => {
  it('is looked at when a distant target goes down and when it is back, not while nothing changes', async () => {
    monitor.setTargets([target('a')]);
    monitor.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(traces).toEqual([]);
    result = bad;
    await vi.advanceTimersByTimeAsync(90_000);
    expect(traces).toEqual(['10.0.0.1']);
    expect(events.at(-1)).toMatchObject({
      tags: { target: 'a' },
      fields: { up: false, error: 'timeout', path: '10.9.9.9 2' },
    });
    result = good;
    await vi.advanceTimersByTimeAsync(15_000);
    expect(traces).toHaveLength(2);
  });

  it('is looked at once in a minute when many go down together, and never on the own network', async () => {
    result = bad;
    monitor.setTargets(many(20));
    monitor.start();
    await vi.advanceTimersByTimeAsync(16_000);
    expect(traces).toHaveLength(1);
    monitor.setTargets([target('l', { scope: 'lan' })]);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(traces).toHaveLength(1);
  });
});

it('stops with everything that is under way, twice and before the start too', async () => {
  monitor.stop();
  durationMs = 1_000_000;
  monitor.setTargets(many(5));
  monitor.start();
  await vi.advanceTimersByTimeAsync(15_000);
  monitor.stop();
  monitor.stop();
  await vi.advanceTimersByTimeAsync(0);
  expect(running).toBe(0);
  expect(events).toEqual([]);
  expect(vi.getTimerCount()).toBe(5);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(checks).toHaveLength(5);
});
