/** The store against a scripted server, for the answers that a real one gives only on bad days. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { Point } from '@vonggac/shared';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { retryAfterMs } from './influx/writer.ts';
import { InfluxStore, type InfluxStoreOptions } from './influx-store.ts';
import type { Origin, WriteResult } from './store.ts';

interface Answer {
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Nothing is sent, or the connection is cut in the middle of the answer. */
  readonly fault?: 'silence' | 'cut';
}

/** Speaks as much of InfluxDB as the store needs; `onWrite` and `onQuery` decide what it says. */
class ScriptedServer {
  readonly writes: {
    readonly lines: readonly string[];
    readonly url: URL;
    readonly headers: IncomingMessage['headers'];
  }[] = [];
  readonly queries: string[] = [];
  onWrite: (lines: readonly string[]) => Answer = () => ({ status: 204 });
  onQuery: (text: string) => Answer = answerToSetUp;
  ping: Answer = { status: 204, headers: { 'x-influxdb-version': '1.8.10' } };
  readonly #server: Server;
  /** Kept when it listens again. */
  #port = 0;

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (url.pathname === '/ping') return send(response, this.ping);
    if (url.pathname === '/write') {
      const lines = gunzipSync(body).toString().split('\n');
      this.writes.push({ lines, url, headers: request.headers });
      return send(response, this.onWrite(lines));
    }
    const text = url.searchParams.get('q') ?? new URLSearchParams(body.toString()).get('q') ?? '';
    this.queries.push(text);
    send(response, this.onQuery(text));
  }
}

function send(response: ServerResponse, { status = 200, body = '', headers = {}, fault }: Answer): void {
  if (fault === 'silence') return;
  response.writeHead(status, headers);
  if (fault !== 'cut') response.end(body);
  else response.write(body, () => response.destroy());
}

function results(series: unknown[]): string {
  return JSON.stringify({ results: [{ statement_id: 0, ...(series.length > 0 ? { series } : {}) }] });
}

function answerToSetUp(text: string): Answer {
  if (/^show databases/i.test(text)) return { body: results([{ columns: ['name'], values: [['vonggac']] }]) };
  if (/^show retention/i.test(text)) return { body: results([{ columns: ['name'], values: [['vonggac']] }]) };
  return { body: results([]) };
}

const origin: Origin = { agent: 'a-1', host: 'h', unit: 'u', class: 'pc' };
const now = Date.UTC(2026, 2, 1);

function cpu(at: number): Point {
  return { measurement: 'cpu', tags: {}, fields: { usage_percent: 1 }, time: now + at };
}

describe('InfluxStore', () => {
  let server: ScriptedServer;
  let store: InfluxStore | undefined;
  let warnings: string[];

  beforeEach(async () => {
    server = new ScriptedServer();
    await server.listen();
    warnings = [];
  });
  afterEach(async () => {
    await store?.stop();
    store = undefined;
    await server.close();
  });

  async function open(options: Partial<InfluxStoreOptions> = {}): Promise<InfluxStore> {
    const warn = (_: unknown, message: string) => void warnings.push(message);
    store = new InfluxStore({ url: server.url, warn, now: () => now, timeoutMs: 200, ...options });
    await store.start();
    return store;
  }

  async function write(points: readonly Point[] = [cpu(0)]): Promise<WriteResult> {
    if (!store) throw new Error('no store');
    return store.write([{ origin, points }]);
  }

  const query = { measurement: 'cpu', field: 'usage_percent', from: now, to: now + 60_000, limit: 10 } as const;

  it('sends compressed lines with the database, the policy, the precision and the credentials', async () => {
    await open({ username: 'vg', password: 'pä:ss' });
    expect(await write()).toEqual({ status: 'accepted', refused: [] });
    const [sent] = server.writes;
    expect(sent?.lines).toEqual([`cpu,agent=a-1,class=pc,host=h,unit=u usage_percent=1 ${now}`]);
    expect(sent?.url.search).toBe('?db=vonggac&precision=ms&rp=vonggac');
    expect(sent?.headers.authorization).toBe(`Basic ${Buffer.from('vg:pä:ss').toString('base64')}`);
  });

  it('makes the database and its policy where they are missing', async () => {
    server.onQuery = () => ({ body: results([]) });
    await open({ database: 'số "liệu"', retentionDays: 30 });
    expect(server.queries.map((text) => text.toLowerCase())).toEqual([
      'show databases',
      'create database "số \\"liệu\\""',
      'show retention policies on "số \\"liệu\\""',
      'create retention policy "vonggac" on "số \\"liệu\\"" duration 30d replication 1 default',
    ]);
  });

  it('leaves databases and policies of version 2 to its administrator', async () => {
    server.ping = { status: 204, headers: { 'x-influxdb-version': 'v2.7.1' } };
    await open();
    await write();
    expect(server.queries).toEqual([]);
    expect(server.writes[0]?.url.search).toBe('?db=vonggac&precision=ms');
  });

  it.each<[string, Answer, object]>([
    [
      'an error of the server',
      { status: 500, body: '{"error":"engine closed"}' },
      { reason: /status 500.*engine closed/ },
    ],
    ['too many requests', { status: 429, headers: { 'retry-after': '42' } }, { afterMs: 42_000, reason: /status 429/ }],
    ['unavailable until a date', { status: 503, headers: { 'retry-after': 'soon' } }, { afterMs: 5_000 }],
    ['a wrong password', { status: 401 }, { afterMs: 30_000, reason: /asks for a user name and password/ }],
    ['no right to write', { status: 403, body: 'not authorized' }, { afterMs: 30_000, reason: /not authorized/ }],
    ['silence', { fault: 'silence' }, { reason: /cannot be reached \(.*timeout/ }],
    ['a cut connection', { status: 500, body: '{', fault: 'cut' }, { reason: /cannot be reached/ }],
  ])('asks to retry after %s, says why, and recovers', async (_, answer, expected) => {
    const opened = await open();
    server.onWrite = () => answer;
    const result = await write();
    const patterns = Object.entries(expected).map(([key, value]) => [
      key,
      value instanceof RegExp ? expect.stringMatching(value) : value,
    ]);
    expect(result).toMatchObject({ status: 'retry', ...Object.fromEntries(patterns) });
    expect(opened.health()).toBe(result.status === 'retry' ? result.reason : '');
    server.onWrite = () => ({ status: 204 });
    expect(await write()).toEqual({ status: 'accepted', refused: [] });
    expect(opened.health()).toBeUndefined();
  });

  it('makes a database that was dropped anew', async () => {
    await open();
    server.onWrite = () => ({ status: 404, body: '{"error":"database not found: \\"vonggac\\""}' });
    expect(await write()).toMatchObject({ status: 'retry', afterMs: 1_000 });
    server.onQuery = () => ({ body: results([]) });
    server.onWrite = () => ({ status: 204 });
    server.queries.length = 0;
    expect(await write()).toMatchObject({ status: 'accepted' });
    expect(server.queries).toContain('create database "vonggac"');
  });

  it('stores all points but the bad ones, whatever the server counts', async () => {
    await open();
    const bad = new Set([0, 77, 4_321, 7_777].map((at) => ` ${now + at}`));
    const stored = new Set<string>();
    server.onWrite = (lines) => {
      const isBad = (line: string) => [...bad].some((end) => line.endsWith(end));
      for (const line of lines) if (!isBad(line)) stored.add(line);
      const body = '{"error":"partial write: field type conflict: input field \\"x\\" dropped=1"}';
      return lines.some(isBad) ? { status: 400, body } : { status: 204 };
    };
    const result = await write(Array.from({ length: 8_000 }, (_, at) => cpu(at)));
    expect(result).toEqual({ status: 'accepted', refused: [{ reason: 'field_type_conflict', points: 4 }] });
    expect(stored.size).toBe(7_996);
    expect(new Set(warnings)).toEqual(new Set(['InfluxDB refused points for good']));
  });

  it('ends its search for bad points when nearly all are bad', async () => {
    await open();
    server.onWrite = (lines) => ({ status: 400, body: `{"error":"partial write: too old dropped=${lines.length}"}` });
    const result = await write(Array.from({ length: 5_000 }, (_, at) => cpu(at)));
    expect(result).toEqual({ status: 'accepted', refused: [{ reason: 'refused_by_server', points: 5_000 }] });
    expect(server.writes.length).toBeLessThanOrEqual(101);
  });

  it('cuts a request that is too large for the server', async () => {
    await open();
    server.onWrite = (lines) => ({ status: lines.length > 100 ? 413 : 204 });
    expect(await write(Array.from({ length: 300 }, (_, at) => cpu(at)))).toEqual({ status: 'accepted', refused: [] });
  });

  it('has a few requests under way at most, and asks to retry when too much waits', async () => {
    const opened = await open({ timeoutMs: 5_000 });
    server.onWrite = () => ({ fault: 'silence' });
    const points = Array.from({ length: 90_000 }, () => cpu(0));
    const results = Array.from({ length: 8 }, () => opened.write([{ origin, points }]));
    expect(await results[7]).toMatchObject({ status: 'retry', reason: '450000 points are waiting to be sent already' });
    await server.close();
    await Promise.all(results);
    expect(server.writes.length).toBeLessThanOrEqual(4);
  });

  it('starts without a server, says so, and takes writes as soon as there is one', async () => {
    await server.close();
    const opened = await open();
    expect(opened.health()).toMatch(/cannot be reached/);
    expect(await write()).toMatchObject({ status: 'retry', reason: expect.stringMatching(/ECONNREFUSED/) });
    await expect(opened.query(query)).rejects.toMatchObject({ name: 'QueryError', reason: 'unavailable' });
    await server.listen();
    expect(await write()).toEqual({ status: 'accepted', refused: [] });
    expect(opened.health()).toBeUndefined();
  });

  describe('does not start', () => {
    it('with an address that is none', async () => {
      await expect(open({ url: 'localhost:8086' })).rejects.toThrow(
        '"localhost:8086" is not the address of an InfluxDB',
      );
    });

    it('with another kind of server', async () => {
      server.ping = { status: 200, body: '<html>' };
      await expect(open()).rejects.toThrow(/what answers at .* is not an InfluxDB/);
    });

    it('with a wrong password', async () => {
      server.onQuery = () => ({ status: 401 });
      await expect(open({ username: 'vg' })).rejects.toThrow(/refuses the password of "vg"/);
    });

    it('without the rights it needs', async () => {
      server.onQuery = () => ({ status: 403 });
      await expect(open({ username: 'vg' })).rejects.toThrow(
        /does not allow this for the user "vg".*grant more rights/,
      );
    });
  });

  it.each<[string, Answer, object]>([
    ['silence', { fault: 'silence' }, { reason: 'too_slow' }],
    ['an answer that breaks off', { body: '{"results":[', fault: 'cut' }, { reason: 'too_slow' }],
    ['an answer that makes no sense', { body: '{"rows":7}' }, { reason: 'unavailable' }],
    [
      'a refusal',
      { body: '{"results":[{"error":"timeout"}]}' },
      { reason: 'unavailable', message: /InfluxDB says: timeout/ },
    ],
  ])('rejects a query on %s', async (_, answer, expected) => {
    const opened = await open();
    server.onQuery = () => answer;
    const { reason, message } = expected as { reason: string; message?: RegExp };
    const error = await opened.query(query).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'QueryError', reason });
    if (message) expect((error as Error).message).toMatch(message);
  });
});

describe('retryAfterMs', () => {
  it('reads seconds and dates, within bounds', () => {
    expect(retryAfterMs('7', now)).toBe(7_000);
    expect(retryAfterMs(new Date(now + 3_000).toUTCString(), now)).toBe(3_000);
    expect(retryAfterMs(new Date(now - 3_000).toUTCString(), now)).toBe(0);
    expect(retryAfterMs('99999', now)).toBe(300_000);
    expect(retryAfterMs('soon', now)).toBeUndefined();
    expect(retryAfterMs(null, now)).toBeUndefined();
  });
});
