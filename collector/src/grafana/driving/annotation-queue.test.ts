import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GrafanaApi } from '../grafana-api.ts';
import { AnnotationQueue } from './annotation-queue.ts';
import { openGrafanaFile } from './grafana-file.ts';
import { MemoryGrafana } from './testing/memory-grafana.ts';

const day = 86_400_000;

let folder: string;
let database: DatabaseSync;
let now: number;
let outcomes: Record<string, number>;
let queue: AnnotationQueue;
let grafana: MemoryGrafana;
let api: GrafanaApi;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-queue-'));
  database = openGrafanaFile(folder);
  now = 100 * day;
  outcomes = {};
  queue = queueOf('one');
  grafana = new MemoryGrafana(() => now);
  const connection = { fetch: grafana.fetch, pause: async () => undefined };
  api = new GrafanaApi({ url: new URL('http://grafana.example'), token: 'x', ...connection });
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

function queueOf(installation: string): AnnotationQueue {
  const count = (outcome: string, times: number) => {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + times;
  };
  return new AnnotationQueue({ database, installation, count, now: () => now, maxWaiting: 10 });
}

function want(key: string, time = now, text = key) {
  queue.want(key, { time, tags: ['outage'], text });
}

test('the oldest first, so many at a time, the newest state of each', async () => {
  for (const n of [3, 1, 2]) want(`k${n}`, now + n);
  want('k1', now + 1, 'mới hơn');
  await queue.flush(api, 2);
  expect([...grafana.annotations.values()].map(({ text }) => text)).toEqual(['mới hơn', 'k2']);
  expect(queue.waiting).toBe(1);
});

test('what is said again as it is, is not sent again', async () => {
  want('a');
  await queue.flush(api, 10);
  want('a');
  expect(queue.waiting).toBe(0);
});

test('past its bound the oldest are given up and counted; they come no more', async () => {
  for (let n = 0; n < 13; n += 1) want(`k${n}`, now + n);
  queue.tidy();
  expect([queue.waiting, outcomes]).toEqual([10, { dropped: 3 }]);
  want('k0', now, 'khác');
  queue.tidy();
  expect([queue.waiting, outcomes]).toEqual([10, { dropped: 3 }]);
});

test('what was sent is forgotten after a month, what waits is not', async () => {
  want('a');
  await queue.flush(api, 10);
  want('b');
  now += 31 * day;
  queue.tidy();
  expect([queue.has('a'), queue.has('b')]).toEqual([false, true]);
});

test('one that somebody has deleted in Grafana is made anew when there is news of it', async () => {
  want('a');
  await queue.flush(api, 10);
  grafana.annotations.clear();
  want('a', now, 'đã hết');
  await queue.flush(api, 10);
  expect([...grafana.annotations.values()]).toMatchObject([{ text: 'đã hết' }]);
});

test('two collectors do not take each other for themselves', async () => {
  want('a');
  await queue.flush(api, 10);
  const [first] = [...grafana.annotations.values()];
  database.exec('DELETE FROM annotations');
  queue = queueOf('two');
  want('a');
  await queue.flush(api, 10);
  expect([...grafana.annotations.values()][1]?.tags[1]).not.toBe(first?.tags[1]);
});

test('tags and text stay within what Grafana takes', async () => {
  queue.want('a', { time: now, tags: Array.from({ length: 100 }, (_, n) => `agent:${n}`), text: 'x'.repeat(9_000) });
  await queue.flush(api, 10);
  const [made] = [...grafana.annotations.values()];
  expect(made?.tags.join('').length).toBeLessThan(500);
  expect(made?.tags).toContain('agent:1');
  expect(made?.text).toHaveLength(2_000);
});
