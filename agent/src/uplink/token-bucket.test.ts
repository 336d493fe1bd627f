import { beforeEach, expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

let time: number;
let bytesPerSecond: number;
let bucket: TokenBucket;

beforeEach(() => {
  time = 0;
  bytesPerSecond = 1_000;
  bucket = new TokenBucket({ bytesPerSecond: () => bytesPerSecond, monotonic: () => time });
});

/** Takes as much as may be taken in the time, in pieces. */
function takeFor(ms: number, piece: number): number {
  let taken = 0;
  for (const end = time + ms; time < end; time += Math.max(1, bucket.waitMs)) {
    if (bucket.waitMs > 0) continue;
    bucket.take(piece);
    taken += piece;
  }
  return taken;
}

test.each([10, 300, 5_000])('keeps to its rate with pieces of %i bytes', (piece) => {
  const taken = takeFor(100_000, piece);
  expect(taken).toBeGreaterThan(95_000);
  expect(taken).toBeLessThanOrEqual(100_000 + piece + 1_000);
});

test('what is larger than a second holds goes all the same, and is waited for', () => {
  expect(bucket.waitMs).toBe(0);
  bucket.take(60_000);
  expect(bucket.waitMs).toBe(60_000);
  time += 59_999;
  expect(bucket.waitMs).toBe(1);
  time += 1;
  expect(bucket.waitMs).toBe(0);
});

test('after a quiet day no more goes at once than in a second', () => {
  time += 86_400_000;
  bucket.take(1_000);
  expect(bucket.waitMs).toBe(0);
  bucket.take(1);
  expect(bucket.waitMs).toBe(1);
});

test('a new rate holds for a debt too', () => {
  bucket.take(10_000);
  bytesPerSecond = 10_000;
  expect(bucket.waitMs).toBe(1_000);
});
