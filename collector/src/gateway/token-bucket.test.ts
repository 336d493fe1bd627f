import { expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

function bucketOf(perSecond: number, burst: number) {
  let now = 1_000;
  const bucket = new TokenBucket({ perSecond, burst }, () => now);
  return {
    bucket,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

test('gives the burst at once, then the rate', () => {
  const { bucket, pass } = bucketOf(10, 3);
  expect([1, 2, 3, 4].map(() => bucket.take())).toEqual([true, true, true, false]);
  pass(100);
  expect([bucket.take(), bucket.take()]).toEqual([true, false]);
  pass(60_000);
  expect([1, 2, 3, 4].map(() => bucket.take())).toEqual([true, true, true, false]);
});

test('takes several or none', () => {
  const { bucket } = bucketOf(10, 3);
  expect([bucket.take(4), bucket.take(3), bucket.take(1)]).toEqual([false, true, false]);
});

test('a charge is always taken and says when it is repaid', () => {
  const { bucket, pass } = bucketOf(1_000, 500);
  expect(bucket.charge(500)).toBe(0);
  expect(bucket.charge(2_000)).toBe(2_000);
  pass(1_500);
  expect(bucket.take()).toBe(false);
  expect(bucket.charge(0)).toBe(500);
  pass(501);
  expect(bucket.take()).toBe(true);
});

test('is full again after a rest', () => {
  const { bucket, pass } = bucketOf(2, 4);
  expect(bucket.full).toBe(true);
  bucket.take();
  expect(bucket.full).toBe(false);
  pass(500);
  expect(bucket.full).toBe(true);
});
