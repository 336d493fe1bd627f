import { expect, test } from 'vitest';
import { CalmCheck, calmLookSeconds } from './calm-check.ts';
import type { CheckResult } from './check.ts';
import { targetOf } from './testing/check-url.ts';

const { signal } = new AbortController();
const target = targetOf('icmp://10.0.0.1', { id: 'gateway' });

/** Looks every few seconds; returns when the target was checked, in seconds. */
async function run(options: { heardUntil: number; downFrom?: number; forSeconds: number }): Promise<number[]> {
  let clock = 0;
  const checks: number[] = [];
  const calm = new CalmCheck({
    check: async (): Promise<CheckResult> => {
      checks.push(clock / 1_000);
      const up = clock < (options.downFrom ?? Number.POSITIVE_INFINITY) * 1_000;
      return { up, error: up ? undefined : 'timeout', problem: undefined, rtts: [], packets: undefined, details: {} };
    },
    session: () => ({ silentMs: Math.max(0, clock - options.heardUntil * 1_000) }),
    monotonic: () => clock,
  });
  for (; clock <= options.forSeconds * 1_000; clock += 1_000 * calmLookSeconds) await calm.check(target, signal);
  return checks;
}

test('once a minute on a quiet day', async () => {
  expect(await run({ heardUntil: 1_000, forSeconds: 200 })).toEqual([0, 60, 120, 180]);
});

test('soon after the collector has fallen silent, and then every 15 s', async () => {
  const [first, ...rest] = await run({ heardUntil: 20, forSeconds: 70 });
  expect(first).toBe(0);
  expect(rest).toEqual([36, 51, 66]);
});

test('every 15 s while it does not answer, whatever is heard', async () => {
  expect(await run({ heardUntil: 1_000, downFrom: 60, forSeconds: 120 })).toEqual([0, 60, 75, 90, 105, 120]);
});
