import { expect, test } from 'vitest';
import type { CheckResult } from './check-run.ts';
import { CollectorCheck } from './collector-check.ts';
import { targetOf } from './testing/check-url.ts';

const { signal } = new AbortController();
const connected: CheckResult = {
  up: true,
  error: undefined,
  problem: undefined,
  rtts: [7],
  packets: undefined,
  details: {},
};
const target = targetOf('tcp://[2001:db8::1]:8443', { id: 'collector' });

/** Asks as often as it is told to; by seconds, when a connection was made and what was said in how many answers. */
async function run(options: { isOneOfMany: boolean; heardUntil: number; forSeconds: number; address?: string }) {
  let clock = 0;
  const connections: number[] = [];
  const said: string[] = [];
  const { address = '[2001:db8::1]:8443', isOneOfMany, heardUntil, forSeconds } = options;
  const check = new CollectorCheck({
    check: async () => {
      connections.push(Math.round(clock / 100) / 10);
      return clock <= heardUntil * 1_000 ? connected : { ...connected, up: false, error: 'timeout' };
    },
    session: () => ({ address, silentMs: Math.max(clock - heardUntil * 1_000, clock % 10_000) }),
    isOneOfMany,
    monotonic: () => clock,
  });
  while (clock <= forSeconds * 1_000) {
    const result = await check.check(target, signal);
    if (result) said.push(result.up ? 'up' : 'down');
    clock += Math.max(20, check.waitMs(target));
  }
  return { connections, said };
}

test.each([true, false])('while the session lives a connection is made each five minutes', async (isOneOfMany) => {
  const { connections, said } = await run({ isOneOfMany, heardUntil: 1e9, forSeconds: 600 });
  expect(connections).toEqual([0, 300, 600]);
  expect(new Set(said)).toEqual(new Set(['up']));
  // Waking up is what costs.
  expect(said.length).toBeLessThan(75);
});

test('a server or gateway looks for itself when the session went silent, and then each 13.5 s', async () => {
  const { connections, said } = await run({ isOneOfMany: false, heardUntil: 20, forSeconds: 70 });
  expect(connections).toEqual([0, 33.5, 47, 60.5]);
  expect(said).toEqual(['up', 'up', 'up', 'down', 'down', 'down']);
});

test('one of thousands waits for a minute and then looks each minute: a restart of the collector is over by then', async () => {
  const { connections } = await run({ isOneOfMany: true, heardUntil: 20, forSeconds: 240 });
  expect(connections).toEqual([0, 84, 144, 204]);
});

test('an address that is not in use is connected to', async () => {
  const { connections } = await run({ isOneOfMany: false, heardUntil: 1e9, forSeconds: 45, address: '10.0.0.1:8443' });
  expect(connections).toEqual([0, 13.5, 27, 40.5]);
});
