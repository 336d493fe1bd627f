import { expect, test } from 'vitest';
import { CalmCheck } from './calm-check.ts';
import type { CheckResult } from './check-run.ts';
import { targetOf } from './testing/check-url.ts';

const { signal } = new AbortController();
const target = targetOf('icmp://10.0.0.1', { id: 'gateway' });

/** Asks as often as it is told to; returns when the target was checked and how often it was asked for, by seconds. */
async function run(options: {
  heard?: number;
  heardUntil?: number;
  heardFrom?: number;
  downFrom?: number;
  upFrom?: number;
  forSeconds: number;
}) {
  let clock = 0;
  let looks = 0;
  const checks: number[] = [];
  const { heard = 10, heardUntil = Number.POSITIVE_INFINITY, downFrom = Number.POSITIVE_INFINITY } = options;
  const lastHeard = () => Math.min(Math.floor(clock / (heard * 1_000)) * heard, heardUntil) * 1_000;
  const calm = new CalmCheck({
    check: async (): Promise<CheckResult> => {
      checks.push(Math.round(clock / 100) / 10);
      const up = clock < downFrom * 1_000 && clock >= (options.upFrom ?? 0) * 1_000;
      return { up, error: up ? undefined : 'timeout', problem: undefined, rtts: [], packets: undefined, details: {} };
    },
    session: () => ({ silentMs: clock < (options.heardFrom ?? 0) * 1_000 ? undefined : clock - lastHeard() }),
    monotonic: () => clock,
  });
  while (clock <= options.forSeconds * 1_000) {
    looks += 1;
    await calm.check(target, signal);
    clock += Math.max(20, calm.waitMs(target));
  }
  return { checks, looks };
}

test('once a minute on a quiet day, and seldom asked for', async () => {
  const { checks, looks } = await run({ forSeconds: 200 });
  expect(checks).toEqual([0, 60, 120, 180]);
  expect(looks).toBeLessThan(30);
});

test('as soon as the collector has fallen silent, and then every 13.5 s', async () => {
  expect((await run({ heardUntil: 20, forSeconds: 70 })).checks).toEqual([0, 33.5, 47, 60.5]);
});

test.each([60, 61, 63, 66, 70])('a check just before a cut at %i s does not put off the next', async (cut) => {
  const { checks } = await run({ heardUntil: cut, downFrom: cut, forSeconds: 120 });
  expect((checks.find((at) => at >= cut + 0.1) ?? 0) - cut).toBeLessThanOrEqual(13.6);
});

const neverAnswered = [0, 13.5, 27, 40.5, 54, 67.5, 81, 94.5, 108, 121.5];

test('what has never answered is asked once a minute after ten times', async () => {
  expect((await run({ downFrom: 0, forSeconds: 300 })).checks).toEqual([...neverAnswered, 181.5, 241.5]);
});

test('what has never answered is asked every 13.5 s again as soon as the collector is silent', async () => {
  const { checks } = await run({ downFrom: 0, heardUntil: 190, forSeconds: 235 });
  expect(checks).toEqual([...neverAnswered, 181.5, 203.5, 217, 230.5]);
});

test('what does not answer in an outage is not taken for what never answers', async () => {
  const { checks } = await run({ downFrom: 0, heardFrom: 200, forSeconds: 240 });
  expect(checks.slice(-3)).toEqual([202.5, 216, 229.5]);
});

test('once it has answered it is missed like any other', async () => {
  const { checks } = await run({ upFrom: 200, downFrom: 300, forSeconds: 330 });
  expect(checks).toEqual([...neverAnswered, 181.5, 241.5, 301.5, 315, 328.5]);
});

test('every 13.5 s while it does not answer, whatever is heard', async () => {
  expect((await run({ downFrom: 60, forSeconds: 120 })).checks).toEqual([0, 60, 73.5, 87, 100.5, 114]);
});
