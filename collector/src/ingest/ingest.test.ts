import { type Point, point } from '@vonggac/shared';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createMetrics, type Metrics } from '../metrics.ts';
import type { Store, StoreBatch, WriteResult } from '../stores/store.ts';
import { Ingest } from './ingest.ts';

/** A store whose every write waits until the test decides about it. */
class DecidedStore implements Store {
  readonly name = 'decided';
  readonly writes: { batches: readonly StoreBatch[]; decide: (result: WriteResult | Error) => void }[] = [];

  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  health(): undefined {}
  query(): never {
    throw new Error('not used');
  }

  write(batches: readonly StoreBatch[]): Promise<WriteResult> {
    return new Promise((resolve, reject) => {
      const decide = (result: WriteResult | Error) => (result instanceof Error ? reject(result) : resolve(result));
      this.writes.push({ batches, decide });
    });
  }
}

const accepted: WriteResult = { status: 'accepted', refused: [] };
const origin = { agent: 'a-1', host: 'h', unit: 'U', class: 'pc' } as const;

let store: DecidedStore;
let metrics: Metrics;
let ingest: Ingest;

beforeEach(() => {
  vi.useFakeTimers();
  store = new DecidedStore();
  metrics = createMetrics();
  ingest = new Ingest(store, { metrics, now: Date.now, monotonic: () => performance.now(), random: () => 0.5 });
});

afterEach(() => {
  vi.useRealTimers();
});

function batch(points: number): StoreBatch {
  const one: Point = point('cpu', { time: Date.now(), tags: {}, fields: { usage_percent: 1 } });
  return { origin, points: Array<Point>(points).fill(one) };
}

test('a batch is shown at receipt, before the store has taken it', () => {
  const seen: StoreBatch[] = [];
  const observe = (each: StoreBatch) => void seen.push(each);
  const options = { metrics, now: Date.now, monotonic: () => performance.now(), random: () => 0.5, observe };
  const sent = batch(1);
  void new Ingest(store, options).write(sent);
  expect(seen).toEqual([sent]);
  expect(store.writes).toEqual([]);
});

test('batches that arrive together are one write, answered after its commit', async () => {
  const answers: string[] = [];
  for (const name of ['first', 'second'])
    void ingest.write(batch(1)).then(({ status }) => answers.push(`${name} ${status}`));
  await vi.advanceTimersByTimeAsync(20);
  expect(store.writes.map(({ batches }) => batches.length)).toEqual([2]);
  expect(answers).toEqual([]);
  store.writes[0]?.decide(accepted);
  await vi.advanceTimersByTimeAsync(0);
  expect(answers).toEqual(['first stored', 'second stored']);
});

test('while one write is under way the next ones gather', async () => {
  void ingest.write(batch(1));
  await vi.advanceTimersByTimeAsync(20);
  for (let count = 0; count < 5; count += 1) void ingest.write(batch(1));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(store.writes).toHaveLength(1);
  store.writes[0]?.decide(accepted);
  await vi.advanceTimersByTimeAsync(0);
  expect(store.writes[1]?.batches).toHaveLength(5);
});

test.each([
  ['puts it off', { status: 'retry', afterMs: 700, reason: 'away' } satisfies WriteResult, 700],
  ['throws', new Error('broken'), 5_000],
])('a store that %s leaves the data with the agent', async (_, outcome, afterMs) => {
  const answer = ingest.write(batch(3));
  await vi.advanceTimersByTimeAsync(20);
  store.writes[0]?.decide(outcome);
  expect(await answer).toEqual({ status: 'retry', afterMs });
  expect(await metrics.registry.getSingleMetricAsString('vonggac_points_stored_total')).toContain('total 0');
});

test('what waits is bounded: beyond it agents keep theirs', async () => {
  void ingest.write(batch(1));
  await vi.advanceTimersByTimeAsync(20);
  const answers = Array.from({ length: 41 }, () => ingest.write(batch(5_000)));
  expect(await answers.at(-1)).toEqual({ status: 'retry', afterMs: 5_000 });
});

test('points that the store refuses for good are counted, the batch is done', async () => {
  const answer = ingest.write(batch(10));
  await vi.advanceTimersByTimeAsync(20);
  store.writes[0]?.decide({ status: 'accepted', refused: [{ reason: 'type_conflict', points: 3 }] });
  expect(await answer).toEqual({ status: 'stored' });
  expect(await metrics.registry.getSingleMetricAsString('vonggac_points_stored_total')).toContain('total 7');
  expect(await metrics.registry.getSingleMetricAsString('vonggac_points_refused_total')).toContain(
    '"type_conflict"} 3',
  );
});

test('a stop writes what waits', async () => {
  const answer = ingest.write(batch(1));
  const stopped = ingest.stop();
  store.writes[0]?.decide(accepted);
  await stopped;
  expect(await answer).toEqual({ status: 'stored' });
});

/** A batch of readings of an hour ago. */
function history(points: number): StoreBatch {
  const time = Date.now() - 3_600_000;
  return { origin, points: Array<Point>(points).fill(point('cpu', { time, tags: {}, fields: { usage_percent: 1 } })) };
}

test('what was just measured goes before history, which always has its share', async () => {
  for (let i = 0; i < 6; i += 1) void ingest.write(history(1_000));
  await vi.advanceTimersByTimeAsync(20);
  void ingest.write(batch(19_000));
  void ingest.write(batch(19_000));
  for (let i = 0; i < 3; i += 1) {
    store.writes[i]?.decide(accepted);
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(store.writes.map(({ batches }) => batches.map(({ points }) => points.length))).toEqual([
    [1_000, 1_000, 1_000, 1_000],
    [19_000, 1_000, 1_000],
    [19_000],
  ]);
});

test('history has less room to wait in, and takes none from the present', async () => {
  for (let i = 0; i < 60; i += 1) void ingest.write(history(1_000));
  expect(await ingest.write(history(1))).toEqual({ status: 'retry', afterMs: 5_000 });
  expect(ingest.waitingPoints).toBe(60_000);
  void ingest.write(batch(1));
  expect(ingest.waitingPoints).toBe(60_001);
});

test('says for how long the present waits, and what the store took', async () => {
  void ingest.write(batch(1));
  await vi.advanceTimersByTimeAsync(520);
  expect(ingest.lagMs).toBeCloseTo(520, 0);
  store.writes[0]?.decide(accepted);
  await vi.advanceTimersByTimeAsync(0);
  expect(ingest.lagMs).toBe(0);
  const look = ingest.load.look();
  expect(look.lagMaxMs).toBeCloseTo(520, -1);
  expect(look.writeP99Ms).toBeCloseTo(500, -1);
  expect(ingest.load.look()).toEqual({ lagMaxMs: 0, writeP99Ms: 0 });
});
