import { type Condition, rules } from '@vonggac/shared';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Instance, type InstanceState, isMet, type Timing, timingOf } from './instance.ts';

const minuteMs = 60_000;
const origin = { agent: 'a-1', host: 'may-1', unit: 'DH', class: 'server' } as const;

const above90: Timing = {
  condition: { kind: 'above', threshold: 90, recovers: 80 },
  reduce: 'last',
  windowMs: 3 * minuteMs,
  pendingMs: 2 * minuteMs,
  keepFiringMs: 2 * minuteMs,
};

/** One reading and one evaluation a minute; undefined is a minute without a reading. */
function statesOf(timing: Timing, values: readonly (number | undefined)[]): InstanceState[] {
  const instance = new Instance(origin, [], { timing, at: 0 });
  return values.map((value, minute) => {
    const now = (minute + 1) * minuteMs;
    if (value !== undefined) instance.add(value, now);
    instance.step(timing, now);
    return instance.state;
  });
}

describe('an instance', () => {
  const cases: [string, Partial<Timing>, (number | undefined)[], string][] = [
    ['waits before it fires', {}, [50, 95, 95, 95], 'normal pending pending firing'],
    ['forgets a short excess', {}, [95, 95, 50, 95], 'pending pending normal pending'],
    ['fires at once for an event', { pendingMs: 0 }, [50, 95], 'normal firing'],
    ['goes on above the recovery threshold', { pendingMs: 0 }, [95, 85, 81], 'firing firing firing'],
    [
      'keeps firing for a while after it is over',
      { pendingMs: 0 },
      [95, 70, 70, 70],
      'firing recovering recovering normal',
    ],
    [
      'fires on when it comes back in that time',
      { pendingMs: 0 },
      [95, 70, 95, 70, 70, 70],
      'firing recovering firing recovering recovering normal',
    ],
    ['is over at once without one', { pendingMs: 0, keepFiringMs: 0 }, [95, 70], 'firing normal'],
    [
      'between the two thresholds does not fire anew',
      { pendingMs: 0, keepFiringMs: 0 },
      [95, 70, 85],
      'firing normal normal',
    ],
    [
      'bridges gaps shorter than its window',
      { pendingMs: 0 },
      [95, undefined, undefined, 95],
      'firing firing firing firing',
    ],
    [
      'says that it does not know when readings stay away, never that all is well',
      { pendingMs: 0 },
      [95, undefined, undefined, undefined, undefined],
      'firing firing firing no-data no-data',
    ],
    [
      'waits again after a silence',
      {},
      [95, undefined, undefined, undefined, 95, 95, 95],
      'pending pending firing no-data pending pending firing',
    ],
    ['knows nothing before the first reading', {}, [undefined, 50], 'no-data normal'],
    [
      'takes the mean of its window once half of that has passed',
      { reduce: 'mean', windowMs: 4 * minuteMs, pendingMs: 0, keepFiringMs: 0 },
      [100, 100, 100, 50, 20],
      'no-data firing firing firing normal',
    ],
    [
      'takes the greatest of its window',
      { reduce: 'max', pendingMs: 0, keepFiringMs: 0, condition: { kind: 'is', value: 0 } },
      [1, 0, 0, 0, 0, 1],
      'normal normal normal firing firing normal',
    ],
    [
      'takes the least of its window',
      { reduce: 'min', windowMs: 2 * minuteMs, pendingMs: 0, keepFiringMs: 0, condition: { kind: 'is', value: 0 } },
      [1, 0, 1, 1, 1],
      'normal firing firing normal normal',
    ],
  ];

  test.each(cases)('%s', (_, timing, values, states) => {
    expect(statesOf({ ...above90, ...timing }, values).join(' ')).toBe(states);
  });

  test('is not moved by a reading that comes late', () => {
    const timing = { ...above90, pendingMs: 0 };
    const instance = new Instance(origin, [], { timing, at: 0 });
    instance.add(50, 10 * minuteMs);
    instance.add(99, 9 * minuteMs);
    instance.step(timing, 10 * minuteMs);
    expect(instance.state).toBe('normal');
  });

  test('that fired is held through a silence until a value says that it is over', () => {
    const timing = { ...above90, pendingMs: 0, keepFiringMs: 0 };
    const instance = new Instance(origin, [], { timing, at: 0 });
    instance.add(99, minuteMs);
    instance.step(timing, minuteMs);
    instance.step(timing, 60 * minuteMs);
    expect([instance.state, instance.isHeld]).toEqual(['no-data', true]);
    instance.add(20, 61 * minuteMs);
    instance.step(timing, 61 * minuteMs);
    expect([instance.state, instance.isHeld]).toEqual(['normal', false]);
  });
});

test.each<[Condition, number, boolean, boolean]>([
  [{ kind: 'above', threshold: 90, recovers: 80 }, 90, false, false],
  [{ kind: 'above', threshold: 90, recovers: 80 }, 80, true, true],
  [{ kind: 'above', threshold: 90, recovers: 90 }, 90, true, false],
  [{ kind: 'below', threshold: 7, recovers: 9 }, 7, false, false],
  [{ kind: 'below', threshold: 7, recovers: 9 }, 9, true, true],
  [{ kind: 'below', threshold: 0, recovers: 0 }, 0, true, false],
  [{ kind: 'is', value: -1 }, -1, false, true],
  [{ kind: 'is', value: 0 }, 0.5, false, false],
  [{ kind: 'outside', low: -60, high: 60 }, -61, false, true],
  [{ kind: 'outside', low: -60, high: 60 }, 60, false, false],
])('%j with %d (firing: %j) is %j', (condition, value, isFiring, expected) => {
  expect(isMet(condition, value, isFiring)).toBe(expected);
});

test('whatever comes, an instance fires only after its time and is normal only by a good value', () => {
  const value = fc.option(fc.integer({ min: 70, max: 100 }), { nil: undefined });
  fc.assert(
    fc.property(fc.array(value, { maxLength: 60 }), (values) => {
      const states = statesOf(above90, values);
      for (const [index, state] of states.entries()) {
        const seen = values.slice(Math.max(0, index - 2), index + 1);
        const newest = seen.findLast((each) => each !== undefined);
        // Without a reading in the window nothing is said, and with one something is.
        expect(state === 'no-data').toBe(newest === undefined);
        if (state === 'normal') expect(newest).toBeLessThanOrEqual(90);
        const before = states[index - 1];
        if (state === 'firing' && before !== 'firing' && before !== 'recovering') {
          expect(states.slice(Math.max(0, index - 2), index)).toEqual(['pending', 'pending']);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test.each(rules)('$id can fire and can be over', (rule) => {
  const { condition } = rule;
  const [bad, good] =
    condition.kind === 'above'
      ? [condition.threshold + 1, condition.recovers - 1]
      : condition.kind === 'below'
        ? [condition.threshold - 1, condition.recovers + 1]
        : condition.kind === 'is'
          ? [condition.value, condition.value + 1]
          : [condition.high + 1, 0];
  const { query, pendingSeconds, keepFiringSeconds } = rule;
  const minutes = (query.windowSeconds * 2 + pendingSeconds + keepFiringSeconds) / 60 + 2;
  // `max` and `min` fire by the value that is hardest to get over the whole window.
  const states = statesOf(timingOf(rule), [...Array(minutes).fill(bad), ...Array(minutes).fill(good)]);
  expect(states[minutes - 1]).toBe('firing');
  expect(states.at(-1)).toBe('normal');
});
