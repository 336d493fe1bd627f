import pino from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Stops } from './stops.ts';

const log: string[] = [];
const logger = pino({}, { write: (line) => log.push(JSON.parse(line).part) });

beforeEach(() => {
  vi.useFakeTimers();
  log.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

test('parts are stopped in reverse, once, and one that fails keeps no other from it', async () => {
  const stops = new Stops();
  const stopped: string[] = [];
  stops.add('first', () => void stopped.push('first'));
  stops.add('second', () => Promise.reject(new Error('no')));
  stops.add('third', async () => {
    await Promise.resolve();
    stopped.push('third');
  });
  await stops.run(logger);
  await stops.run(logger);
  expect(stopped).toEqual(['third', 'first']);
  expect(log).toEqual(['second']);
});

test('what is done every so often ends with the stop', async () => {
  const stops = new Stops();
  const work = vi.fn();
  stops.every(1_000, work);
  vi.advanceTimersByTime(2_500);
  await stops.run(logger);
  vi.advanceTimersByTime(5_000);
  expect(work).toHaveBeenCalledTimes(2);
});
