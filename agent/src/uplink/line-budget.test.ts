import { expect, test } from 'vitest';
import { BudgetSettings, lineBudget } from './line-budget.ts';

const pushed = { bytes_per_day: 500_000, backfill_bits_per_second: 32_000 };

test('until the collector has spoken there is a default for each class', () => {
  const bytes = (['pc', 'server', 'gateway'] as const).map(
    (agentClass) => lineBudget(agentClass, { pushed: undefined, own: undefined }).bytes_per_day,
  );
  expect(bytes).toEqual([1_000_000, 2_000_000, 5_000_000]);
});

test('the machine itself can lower what the collector says, and never raise it', () => {
  const own = { bytes_per_day: 100_000, backfill_bits_per_second: 1_000_000 };
  expect(lineBudget('pc', { pushed, own })).toEqual({ bytes_per_day: 100_000, backfill_bits_per_second: 32_000 });
  expect(lineBudget('pc', { pushed, own: {} })).toEqual(pushed);
});

test.each([
  [{ bytes_per_day: 0 }],
  [{ bytes_per_day: '2 MB' }],
  [{ bytes: 100_000 }],
  [{ backfill_bits_per_second: 1 }],
])('refuses %j', (section) => {
  expect(BudgetSettings.safeParse(section).success).toBe(false);
});
