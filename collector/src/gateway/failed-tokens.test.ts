import { expect, test } from 'vitest';
import { FailedTokens } from './failed-tokens.ts';

function failedTokens(limits: { free?: number; perSecond?: number } = {}) {
  let now = 1_000;
  const failed = new FailedTokens({ free: 3, longestWaitMs: 60_000, perSecond: 1_000, ...limits }, () => now);
  return {
    failed,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

test('a few wrong codes cost nothing, then the wait doubles up to the longest', () => {
  const { failed, pass } = failedTokens();
  const waits = Array.from({ length: 10 }, () => {
    failed.add('a');
    const wait = failed.waitMs('a');
    pass(wait);
    return wait;
  });
  expect(waits).toEqual([0, 0, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  expect(failed.waitMs('b')).toBe(0);
});

test('tells once that an address tries many', () => {
  const { failed } = failedTokens();
  expect([1, 2, 3, 4].map(() => failed.add('a'))).toEqual(['usual', 'usual', 'many-here', 'usual']);
});

test('forgets an address after an hour without a wrong code', () => {
  const { failed, pass } = failedTokens();
  for (let i = 0; i < 9; i += 1) failed.add('a');
  pass(3_600_000);
  failed.add('a');
  expect(failed.waitMs('a')).toBe(0);
});

test('many wrong codes from many addresses make everybody wait until it is quieter', () => {
  const { failed, pass } = failedTokens({ perSecond: 10 });
  const answers = Array.from({ length: 60 }, (_, index) => failed.add(`10.0.0.${index}`));
  expect(answers.filter((answer) => answer === 'many-everywhere')).toHaveLength(10);
  expect(failed.waitMs('192.0.2.1')).toBe(1_000);
  pass(1_000);
  expect(failed.waitMs('192.0.2.1')).toBe(0);
});

test('remembers a bounded number of addresses', () => {
  const { failed } = failedTokens({ perSecond: 1_000_000 });
  for (let i = 0; i < 20_000; i += 1) failed.add(`address ${i}`);
  expect(failed.addresses).toBe(10_000);
});
