import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plan, summaryOf, Windows } from './downsampling.ts';
import { fiveMinutes, hour, raw } from './tiers.ts';

const minute = 60_000;

describe('plan', () => {
  it('reads hours in the middle, five minutes around them and raw points at the ends', () => {
    const at = (hours: number, minutes: number) => hours * hour.windowMs + minutes * minute;
    expect(plan({ from: at(9, 52), to: at(12, 7) }, { step: hour.windowMs, fresh: [] })).toEqual([
      { tier: raw, from: at(9, 52), to: at(9, 55) },
      { tier: fiveMinutes, from: at(9, 55), to: at(10, 0) },
      { tier: hour, from: at(10, 0), to: at(12, 0) },
      { tier: fiveMinutes, from: at(12, 0), to: at(12, 5) },
      { tier: raw, from: at(12, 5), to: at(12, 7) },
    ]);
  });

  it('reads raw points only where some have yet to settle', () => {
    const fresh = [62 * minute];
    expect(plan({ from: 0, to: 3 * hour.windowMs }, { step: hour.windowMs, fresh })).toEqual([
      { tier: hour, from: 0, to: 60 * minute },
      { tier: raw, from: 60 * minute, to: 65 * minute },
      { tier: fiveMinutes, from: 65 * minute, to: 120 * minute },
      { tier: hour, from: 120 * minute, to: 180 * minute },
    ]);
  });

  it('reads raw points when the step is not a multiple of five minutes', () => {
    const range = { from: 0, to: 3 * hour.windowMs };
    expect(plan(range, { step: 7 * minute, fresh: [] })).toEqual([{ tier: raw, ...range }]);
  });

  it('covers any range once, in order, with whole windows that hold nothing fresh', () => {
    const time = fc.nat(4 * hour.windowMs);
    const step = fc.constantFrom(minute, 5 * minute, 15 * minute, hour.windowMs, 6 * hour.windowMs);
    fc.assert(
      fc.property(time, time, step, fc.array(time), (a, b, step, times) => {
        const range = { from: Math.min(a, b), to: Math.max(a, b) };
        const fresh = times.filter((t) => t >= range.from && t < range.to).sort((x, y) => x - y);
        let position = range.from;
        for (const { tier, from, to } of plan(range, { step, fresh })) {
          expect(from).toBe(position);
          expect(to).toBeGreaterThan(from);
          expect([from % tier.windowMs, to % tier.windowMs, step % tier.windowMs]).toEqual([0, 0, 0]);
          if (tier !== raw) expect(fresh.some((t) => t >= from && t < to)).toBe(false);
          position = to;
        }
        expect(position).toBe(range.to);
      }),
    );
  });
});

describe('Windows', () => {
  it('leaves out windows without values', () => {
    const windows = new Windows(10, 'sum');
    for (const time of [12, 18, 31]) windows.add(time, summaryOf(time));
    expect(windows.points()).toEqual([
      [10, 30],
      [30, 31],
    ]);
  });

  it('weighs a mean by the number of values', () => {
    const windows = new Windows(10, 'mean');
    windows.add(0, { min: 1, max: 3, sum: 6, count: 3, last: 2 });
    windows.add(5, summaryOf(10));
    expect(windows.points()).toEqual([[0, 4]]);
  });
});
