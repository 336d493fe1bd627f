import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CheckRun, Outside } from '../probes/connectivity/check-run.ts';
import { sampleThroughput } from './throughput.ts';

const sample = { url: 'http://www.tinh.example/tep', max_bytes: 1_000_000, hour: 2 };
const never = new AbortController().signal;
let nowMs = 0;
let run: CheckRun | undefined;

beforeEach(() => {
  nowMs = 0;
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const outside = {
  monotonic: () => nowMs,
  now: Date.now,
  resolveName: async () => ['127.0.0.1'],
} as Partial<Outside> as Outside;

/** A page of chunks of 100,000 bytes, one in 100 ms; for ever when no number is given. */
function page(status: number, chunks = Number.POSITIVE_INFINITY) {
  return async (_target: unknown, asked: CheckRun) => {
    run = asked;
    async function* body() {
      for (let sent = 0; sent < chunks; sent += 1) {
        nowMs += 100;
        vi.advanceTimersByTime(100);
        asked.signal.throwIfAborted();
        yield Buffer.alloc(100_000);
      }
    }
    return Object.assign(body(), { statusCode: status });
  };
}

test('ends at the number of bytes, however many there are', async () => {
  expect(await sampleThroughput(sample, { outside, signal: never, request: page(200) })).toBe(1_000_000);
  expect(nowMs).toBe(1_000);
  expect(run?.signal.aborted).toBe(true);
});

test('a smaller page is measured to its end', async () => {
  expect(await sampleThroughput(sample, { outside, signal: never, request: page(200, 3) })).toBe(1_000_000);
  expect(nowMs).toBe(300);
});

test('a slow line is measured by what it carries in the time', async () => {
  const large = { ...sample, max_bytes: 1_000_000_000 };
  expect(await sampleThroughput(large, { outside, signal: never, request: page(200) })).toBeCloseTo(1_000_000, -5);
  expect(nowMs).toBe(30_000);
});

test.each([
  ['a page of a few bytes', page(200, 0), 'has only 0 bytes'],
  ['an error page', page(404), 'status 404'],
  ['a redirect, as of a portal', page(302), 'status 302'],
])('%s says nothing of the line', async (_name, request, message) => {
  await expect(sampleThroughput(sample, { outside, signal: never, request })).rejects.toThrow(message);
});

test('an answer that never comes ends too', async () => {
  const request = (_target: unknown, asked: CheckRun) =>
    new Promise<never>((_resolve, reject) => {
      asked.signal.addEventListener('abort', () => reject(asked.signal.reason));
      vi.advanceTimersByTime(30_000);
    });
  await expect(sampleThroughput(sample, { outside, signal: never, request })).rejects.toThrow('carried nothing');
});

test('a stop of the agent ends it', async () => {
  const controller = new AbortController();
  const request = async (target: unknown, asked: CheckRun) => {
    const found = await page(200)(target, asked);
    controller.abort();
    return found;
  };
  await expect(sampleThroughput(sample, { outside, signal: controller.signal, request })).rejects.toThrow();
});

test('what a collector names may not lead to this machine', async () => {
  await expect(sampleThroughput(sample, { outside, signal: never })).rejects.toThrow('not a place on a network');
});
