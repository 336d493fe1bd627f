import { expect, test } from 'vitest';
import { type LatencyHistogram, quantileMs, sumOfHistograms, withLatency } from './latency-histogram.ts';

function of(values: readonly number[]): LatencyHistogram {
  return values.reduce<LatencyHistogram>(withLatency, []);
}

test('quantiles are at most a bucket above the truth', () => {
  const values = Array.from({ length: 1_000 }, (_, index) => 1 + index / 10);
  const counts = of(values);
  for (const quantile of [0.01, 0.5, 0.95, 1]) {
    const truth = values[Math.ceil(quantile * values.length) - 1] ?? 0;
    const found = quantileMs(counts, quantile) ?? 0;
    expect(found).toBeGreaterThanOrEqual(truth - 0.1);
    expect(found).toBeLessThanOrEqual(truth * 1.25 + 0.1);
  }
});

test('nothing, the smallest and the largest', () => {
  expect(quantileMs([], 0.5)).toBeUndefined();
  expect(quantileMs(of([0]), 0.5)).toBe(0.5);
  expect(of([1e9])).toHaveLength(52);
  expect(of([Number.MAX_VALUE, 0.1]).reduce((a, b) => a + b)).toBe(2);
});

test('sums of days', () => {
  expect(sumOfHistograms(of([1, 10]), of([10, 100]))).toEqual(of([1, 10, 10, 100]));
});
