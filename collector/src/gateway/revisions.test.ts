import { expect, test } from 'vitest';
import { Revisions } from './revisions.ts';

const config = (cadence: string) => ({ type: 'config' as const, schedules: { cpu: cadence } });

test('rises when what is told changes, for each agent by itself, after a restart too', () => {
  let now = 1_000_000;
  const revisions = new Revisions(() => now);
  expect(revisions.number('a', config('x'))).toEqual({ ...config('x'), revision: 1_000 });
  now += 5_000;
  expect(revisions.number('a', config('x')).revision).toBe(1_000);
  expect(revisions.number('a', config('y')).revision).toBe(1_005);
  expect(revisions.number('a', config('z')).revision).toBe(1_006);
  // A clock that was set back.
  now = 0;
  expect(revisions.number('a', config('x')).revision).toBe(1_007);
  expect(revisions.number('b', config('x')).revision).toBe(1);
});
