import { expect, test } from 'vitest';
import type { CheckResult } from './check.ts';
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

/** Checks every 5 s for a while, the last ack being `heardUntil`; returns when a connection was made and what was said. */
async function run(options: { isOneOfMany: boolean; heardUntil: number; forMs: number; address?: string }) {
  let clock = 0;
  const connections: number[] = [];
  const said: (boolean | undefined)[] = [];
  const check = new CollectorCheck({
    check: async () => {
      connections.push(clock);
      return clock <= options.heardUntil ? connected : { ...connected, up: false, error: 'timeout' };
    },
    session: () => ({
      address: options.address ?? '[2001:db8::1]:8443',
      silentMs: Math.max(clock - options.heardUntil, clock % 10_000),
    }),
    isOneOfMany: options.isOneOfMany,
    monotonic: () => clock,
  });
  for (; clock <= options.forMs; clock += 5_000) said.push((await check.check(target, signal))?.up);
  return { connections, said };
}

test.each([true, false])('while the session lives a connection is made each five minutes', async (isOneOfMany) => {
  const { connections, said } = await run({ isOneOfMany, heardUntil: 1e9, forMs: 600_000 });
  expect(connections).toEqual([0, 300_000, 600_000]);
  expect(said.every((up) => up === true)).toBe(true);
});

test('a server or gateway looks for itself soon after the session went silent, and then each 15 s', async () => {
  const { connections, said } = await run({ isOneOfMany: false, heardUntil: 20_000, forMs: 70_000 });
  expect(connections).toEqual([0, 35_000, 50_000, 65_000]);
  expect(said.slice(5)).toEqual([
    true,
    true,
    false,
    undefined,
    undefined,
    false,
    undefined,
    undefined,
    false,
    undefined,
  ]);
});

test('one of thousands waits for a minute and then looks each minute: a restart of the collector is over by then', async () => {
  const { connections } = await run({ isOneOfMany: true, heardUntil: 20_000, forMs: 240_000 });
  expect(connections).toEqual([0, 85_000, 145_000, 205_000]);
});

test('an address that is not in use is connected to', async () => {
  const { connections } = await run({ isOneOfMany: false, heardUntil: 1e9, forMs: 45_000, address: '10.0.0.1:8443' });
  expect(connections).toEqual([0, 15_000, 30_000, 45_000]);
});
