import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import type { Point } from '@vonggac/shared';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Mirror } from './mirror.ts';
import { MirroredStore } from './mirrored-store.ts';
import type { Store, StoreBatch, WriteResult } from './store.ts';

/** What the other side takes, and how it answers. */
let server: Server;
let url: string;
let status: number;
let requests: { readonly path: string; readonly lines: readonly string[] }[];
let registry: Registry;
let warnings: { readonly message: string; readonly details: Readonly<Record<string, unknown>> }[];
/** Lets the pause after a failure end. */
let goOn: (() => void)[];
let mirror: Mirror | undefined;

beforeEach(async () => {
  status = 204;
  requests = [];
  warnings = [];
  goOn = [];
  registry = new Registry();
  server = createServer(async (request, response) => {
    const body = await buffer(request);
    requests.push({ path: request.url ?? '', lines: gunzipSync(body).toString().split('\n') });
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await mirror?.stop();
  mirror = undefined;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function build(options: { maxWaitingBytes?: number; url?: string } = {}): Mirror {
  mirror = new Mirror({
    url,
    database: 'giam_sat',
    registry,
    warn: (details, message) => warnings.push({ message, details }),
    wait: (_, signal) =>
      new Promise((resolve, reject) => {
        goOn.push(resolve);
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
    ...options,
  });
  return mirror;
}

function batch(...points: readonly Point[]): StoreBatch[] {
  return [{ origin: { agent: 'a-1', host: 'C:\\may 1\\', unit: 'DH', class: 'pc' }, points }];
}

function uptime(time: number): Point {
  return { measurement: 'system', tags: {}, fields: { uptime_seconds: time / 1_000 }, time };
}

async function counts(): Promise<Record<string, number>> {
  const values = (await registry.getSingleMetric('vonggac_mirror_points_total')?.get())?.values ?? [];
  const waiting = (await registry.getSingleMetric('vonggac_mirror_waiting_points')?.get())?.values[0]?.value ?? -1;
  return { ...Object.fromEntries(values.map(({ labels, value }) => [`${labels.outcome}`, value])), waiting };
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}

test('numbers are sent, texts are not: they would be zeros there', async () => {
  const fields = { name: 'Eicar', resolved: false };
  const malware: Point = { measurement: 'malware', tags: { product: 'ClamAV', severity: 'high' }, fields, time: 5_000 };
  const named: Point = { ...malware, fields: { name: 'Eicar' }, time: 6_000 };
  build().offer(batch(uptime(4_000), malware, named));
  await until(async () => (await counts()).sent === 2);
  expect(requests).toEqual([
    {
      path: '/write?db=giam_sat&precision=ms',
      lines: [
        'system,agent=a-1,class=pc,host=C:\\\\may\\ 1\\\\,unit=DH uptime_seconds=4i 4000',
        'malware,agent=a-1,class=pc,host=C:\\\\may\\ 1\\\\,product=ClamAV,severity=high,unit=DH resolved=0i 5000',
      ],
    },
  ]);
  expect(await counts()).toEqual({ sent: 2, lost: 0, refused: 0, waiting: 0 });
});

test('what it does not take waits, is sent in order when it is back, and one warning tells of each', async () => {
  status = 503;
  const away = build();
  away.offer(batch(uptime(1_000)));
  await until(() => goOn.length === 1);
  away.offer(batch(uptime(2_000)));
  goOn[0]?.();
  await until(() => goOn.length === 2);
  expect(await counts()).toEqual({ sent: 0, lost: 0, refused: 0, waiting: 2 });
  status = 204;
  requests = [];
  goOn[1]?.();
  await until(async () => (await counts()).sent === 2);
  expect(requests.flatMap(({ lines }) => lines.map((line) => line.split(' ').at(-1)))).toEqual(['1000', '2000']);
  expect(warnings.map(({ message }) => message)).toEqual([
    'the mirror of the store takes no data',
    'the mirror of the store takes data again',
  ]);
  expect(warnings[0]?.details.reason).toBe(`the VictoriaMetrics at ${url} answers with status 503: `);
});

test('past its limit the oldest is given up and counted', async () => {
  const away = build({ maxWaitingBytes: 200, url: 'http://127.0.0.1:1' });
  away.offer(batch(uptime(1_000)));
  await until(() => goOn.length === 1);
  for (const time of [2_000, 3_000, 4_000]) away.offer(batch(uptime(time)));
  expect(await counts()).toEqual({ sent: 0, lost: 2, refused: 0, waiting: 2 });
  await away.stop();
  expect(await counts()).toEqual({ sent: 0, lost: 4, refused: 0, waiting: 0 });
  expect(warnings.at(-1)).toEqual({
    message: 'the mirror of the store did not get its last points',
    details: { points: 2 },
  });
});

test('what it refuses for good is counted and holds nothing up', async () => {
  status = 400;
  const refusing = build();
  refusing.offer(batch(uptime(1_000), uptime(2_000)));
  await until(async () => (await counts()).refused === 2);
  status = 204;
  refusing.offer(batch(uptime(3_000)));
  await until(async () => (await counts()).sent === 1);
  expect(await counts()).toEqual({ sent: 1, lost: 0, refused: 2, waiting: 0 });
});

test('a stop sends what waits when it is taken, and is safe twice', async () => {
  const healthy = build();
  healthy.offer(batch(uptime(1_000)));
  healthy.offer(batch(uptime(2_000)));
  await healthy.stop();
  await healthy.stop();
  expect(await counts()).toEqual({ sent: 2, lost: 0, refused: 0, waiting: 0 });
});

test('only what the store has accepted is mirrored, and the store alone answers', async () => {
  const offered: unknown[] = [];
  let result: WriteResult = { status: 'retry', afterMs: 1, reason: 'away' };
  const stopped: string[] = [];
  const store: Store = {
    name: 'sqlite',
    start: async () => {},
    stop: async () => void stopped.push('store'),
    write: async () => result,
    query: async () => ({ series: [], truncated: false }),
    health: () => 'disk full',
  };
  const both = new MirroredStore(store, {
    offer: (batches) => offered.push(batches),
    stop: async () => void stopped.push('mirror'),
  });
  const batches = batch(uptime(1_000));
  expect(await both.write(batches)).toBe(result);
  expect(offered).toEqual([]);
  result = { status: 'accepted', refused: [] };
  expect(await both.write(batches)).toBe(result);
  expect(offered).toEqual([batches]);
  expect([both.name, both.health()]).toEqual(['sqlite', 'disk full']);
  await both.stop();
  expect(stopped).toEqual(['store', 'mirror']);
});
