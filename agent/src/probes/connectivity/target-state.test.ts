import type { CheckError } from '@vonggac/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CheckResult } from './check-run.ts';
import { TargetState } from './target-state.ts';
import { targetOf } from './testing/check-url.ts';

function up(...rtts: number[]): CheckResult {
  return { up: true, error: undefined, problem: undefined, rtts, packets: undefined, details: {} };
}

function down(error: CheckError = 'timeout'): CheckResult {
  return { ...up(), up: false, error };
}

const unknown: CheckResult = { ...up(), up: undefined, error: 'unsupported' };

function newState(): TargetState {
  return new TargetState(targetOf('tcp://10.0.0.1:1', { id: 'cong' }));
}

test('the first result is told at once', () => {
  expect(newState().record(up(3), 1_000)).toEqual([
    {
      measurement: 'connectivity',
      time: 1_000,
      tags: { target: 'cong', kind: 'tcp', scope: 'wan' },
      fields: { up: true, checks: 1, failed_checks: 0, loss_percent: 0, rtt_ms: 3 },
    },
  ]);
});

test('what stays the same waits for the summary, which covers the checks since the last point', () => {
  const state = newState();
  state.record(up(3), 0);
  expect([up(1), up(2), up(6)].flatMap((result, n) => state.record(result, n))).toEqual([]);
  expect(state.summary(60_000)).toMatchObject({
    time: 60_000,
    fields: { up: true, checks: 3, rtt_ms: 3, rtt_min_ms: 1, rtt_max_ms: 6, jitter_ms: 2.5 },
  });
  expect(state.summary(120_000)).toBeUndefined();
});

test('a change is told at once, after what was before it', () => {
  const state = newState();
  state.record(up(1), 0);
  state.record(up(5), 15_000);
  const [before, change, ...more] = state.record(down(), 30_000);
  expect(before).toMatchObject({ time: 15_000, fields: { up: true, checks: 1, failed_checks: 0, rtt_ms: 5 } });
  expect(change).toMatchObject({ time: 30_000, fields: { up: false, error: 'timeout', checks: 1, failed_checks: 1 } });
  expect(change?.fields).not.toHaveProperty('rtt_ms');
  expect(more).toEqual([]);
});

test('another error is a change too', () => {
  const state = newState();
  state.record(down('timeout'), 0);
  expect(state.record(down('timeout'), 1)).toEqual([]);
  expect(state.record(down('refused'), 2).at(-1)?.fields).toMatchObject({ up: false, error: 'refused' });
});

test('what could not be measured has neither up nor loss', () => {
  const state = newState();
  state.record(up(1), 0);
  expect(state.record(unknown, 1)[0]?.fields).toEqual({ error: 'unsupported', checks: 1 });
  expect(state.up).toBeUndefined();
});

test('lost packets are counted over all bursts', () => {
  const state = newState();
  state.record(up(1), 0);
  state.record({ ...up(1, 2), packets: { sent: 3, lost: 1 } }, 1);
  state.record({ ...up(1, 2, 3), packets: { sent: 3, lost: 0 } }, 2);
  expect(state.summary(3)?.fields).toMatchObject({ loss_percent: 16.7 });
});

test('every check is in one point, each point is of checks that ended alike, and no two have one time', () => {
  const result = fc.constantFrom(up(1), up(), down('timeout'), down('refused'), unknown);
  const step = fc.oneof({ arbitrary: result, weight: 4 }, { arbitrary: fc.constant('minute' as const), weight: 1 });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const state = newState();
      const points = steps.flatMap((each, n) => {
        const time = (n + 1) * 5_000;
        return each === 'minute' ? (state.summary(time) ?? []) : state.record(each, time);
      });
      const last = state.summary(1e9);
      const all = last ? [...points, last] : points;
      const checks = steps.filter((each) => each !== 'minute');
      const sum = (name: string) => all.reduce((total, { fields }) => total + Number(fields[name] ?? 0), 0);
      expect(sum('checks')).toBe(checks.length);
      expect(sum('failed_checks')).toBe(checks.filter((each) => each.up === false).length);
      expect(new Set(all.map(({ time }) => time)).size).toBe(all.length);
      for (const { fields } of all) if (fields.up === false) expect(fields).not.toHaveProperty('rtt_ms');
    }),
  );
});
