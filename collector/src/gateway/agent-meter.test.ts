import type { Point } from '@vonggac/shared';
import { expect, test } from 'vitest';
import { AgentMeter } from './agent-meter.ts';
import { GatewayLimits } from './limits.ts';

function meterOf(limits: Partial<GatewayLimits> = {}) {
  let now = 1_000;
  const meter = new AgentMeter({ ...GatewayLimits.parse({}), ...limits }, () => now);
  return {
    meter,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

function pointsOf(mounts: readonly string[]): Point[] {
  return mounts.map((mount) => ({
    measurement: 'filesystem',
    tags: { mount, type: 'ext4' },
    fields: { used_percent: 1 },
    time: 1,
  }));
}

test('an agent in its usual rhythm is never held back', () => {
  const { meter, pass } = meterOf();
  const waits = Array.from({ length: 1_000 }, () => {
    pass(2_000);
    return meter.batch({ points: 15, bytes: 600 });
  });
  expect(Math.max(...waits)).toBe(0);
});

test('an agent that drains a backlog is slowed down to the rate, gently', () => {
  const { meter, pass } = meterOf({ points_per_second: 20_000, messages_per_second: 20 });
  let elapsed = 0;
  let longest = 0;
  for (let batch = 0; batch < 1_000; batch += 1) {
    const wait = meter.batch({ points: 1_000, bytes: 40_000 });
    longest = Math.max(longest, wait);
    // The window: the agent goes on when the ack of the batch eight before has come.
    pass(wait / 8 + 5);
    elapsed += wait / 8 + 5;
  }
  expect(1_000_000 / (elapsed / 1_000)).toBeGreaterThan(18_000);
  expect(longest).toBeLessThan(500);
});

test('a frame full of nothing costs as many points as its bytes could have held', () => {
  const { meter } = meterOf({ points_per_second: 10_000 });
  expect(meter.batch({ points: 0, bytes: 1_000_000 })).toBe(0);
  expect(meter.batch({ points: 0, bytes: 1_000_000 })).toBe(1_000);
});

test('an ack is never held back longer than an agent waits', () => {
  const { meter } = meterOf({ points_per_second: 1_000 });
  expect(meter.batch({ points: 5_000_000, bytes: 0 })).toBe(30_000);
});

test('messages beyond the burst are too many, and a minute later there are some again', () => {
  const { meter, pass } = meterOf({ messages_per_second: 2 });
  expect(Array.from({ length: 11 }, () => meter.message()).indexOf(false)).toBe(10);
  pass(60_000);
  expect(meter.message()).toBe(true);
});

test('many invalid frames keep an agent out for a while', () => {
  const { meter, pass } = meterOf({ invalid_frames_per_minute: 6 });
  for (let i = 0; i < 6; i += 1) meter.invalidFrame();
  expect(meter.welcome).toBe(true);
  meter.invalidFrame();
  expect(meter.welcome).toBe(false);
  pass(10_000);
  expect(meter.welcome).toBe(true);
});

test('series beyond the limit are refused, known ones go on, and the next day there is room', () => {
  const { meter, pass } = meterOf({ series_per_agent: 3 });
  expect(meter.withinSeries(pointsOf(['/a', '/b', '/a', '/c', '/d', '/b'])).map((point) => point.tags.mount)).toEqual([
    '/a',
    '/b',
    '/a',
    '/c',
    '/b',
  ]);
  const known = pointsOf(['/a', '/c']);
  expect(meter.withinSeries(known)).toBe(known);
  pass(86_400_001);
  expect(meter.withinSeries(pointsOf(['/d', '/e']))).toHaveLength(2);
});
