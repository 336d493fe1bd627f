/** The store on InfluxDB against a real server; scripted answers are in collector/src/stores/influx-store.test.ts. */
import type { Point } from '@vonggac/shared';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InfluxStore } from '../../collector/src/stores/influx-store.ts';
import type { Origin, Store } from '../../collector/src/stores/store.ts';
import { describeStore } from '../../collector/src/stores/store-contract.ts';
import { findInfluxd, Influxd } from '../harness/influxd.ts';
import { until } from '../harness/program.ts';

const program = findInfluxd();
if ('missing' in program) console.warn(`InfluxDB tests are skipped: ${program.missing}`);

const origin: Origin = { agent: 'a-1', host: 'h', unit: 'u', class: 'pc' };
const base = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 6 * 3_600_000;

function cpu(at: number, usage: number): Point {
  return { measurement: 'cpu', tags: {}, fields: { usage_percent: usage }, time: base + at };
}

const query = { measurement: 'cpu', field: 'usage_percent', from: base, to: base + 3_600_000, limit: 100_000 } as const;

describe.skipIf('missing' in program)('InfluxStore on a real server', () => {
  let server: Influxd;
  let databases = 0;
  let database: string;
  let warnings: unknown[];

  beforeAll(async () => {
    if ('path' in program) server = await Influxd.start(program.path);
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    databases += 1;
    database = `test ${databases}`;
    warnings = [];
  });

  async function open(): Promise<InfluxStore> {
    const warn = (details: Readonly<Record<string, unknown>>) => void warnings.push(details);
    const store = new InfluxStore({ url: server.url, database, warn });
    await store.start();
    return store;
  }

  describeStore('influxdb', async () => {
    const name = `contract ${databases}`;
    let current: Store | undefined;
    return {
      async open() {
        await current?.stop();
        const warn = (details: Readonly<Record<string, unknown>>) => expect(details).toBeUndefined();
        current = new InfluxStore({ url: server.url, database: name, warn });
        await current.start();
        return current;
      },
      async remove() {},
    };
  });

  it('asks to retry while the server is away, and has everything when it is back', async () => {
    const store = await open();
    const first = [{ origin, points: [cpu(0, 1)] }];
    const second = [{ origin, points: [cpu(1, 2)] }];
    expect(await store.write(first)).toMatchObject({ status: 'accepted' });
    await server.kill();
    expect(await store.write(second)).toMatchObject({
      status: 'retry',
      reason: expect.stringMatching(/cannot be reached/),
    });
    expect(store.health()).toMatch(/cannot be reached/);
    await server.resume();
    expect(await store.write(second)).toMatchObject({ status: 'accepted' });
    expect(store.health()).toBeUndefined();
    expect((await store.query(query)).series.map(({ points }) => points.map(([, value]) => value))).toEqual([[1, 2]]);
    await store.stop();
  });

  it('notices by itself that the server is back', async () => {
    await server.kill();
    const store = await open();
    expect(store.health()).toMatch(/cannot be reached/);
    await server.resume();
    await until('health', () => store.health() === undefined);
    await store.stop();
  });

  it('stores the good points of a batch and counts those whose field has another type in the database', async () => {
    const store = await open();
    await store.write([{ origin, points: [cpu(0, 1)] }]);
    const line = `memory,agent=a-1,class=pc,host=h,unit=u total_bytes="text" ${base}`;
    const url = `${server.url}/write?${new URLSearchParams({ db: database, precision: 'ms' })}`;
    expect((await fetch(url, { method: 'POST', body: line })).status).toBe(204);

    const memory: Point = { measurement: 'memory', tags: {}, fields: { total_bytes: 5 }, time: base + 1 };
    const points = [cpu(1, 2), memory, cpu(2, 3), { ...memory, time: base + 2 }, cpu(3, 4)];
    expect(await store.write([{ origin, points }])).toEqual({
      status: 'accepted',
      refused: [{ reason: 'field_type_conflict', points: 2 }],
    });
    expect((await store.query(query)).series[0]?.points.map(([, value]) => value)).toEqual([1, 2, 3, 4]);
    expect(warnings).toHaveLength(2);
    await store.stop();
  });

  it('gives the first points of a large answer, in order', async () => {
    const store = await open();
    const agents = Array.from({ length: 60 }, (_, index) => `a-${String(index).padStart(3, '0')}`);
    for (const [index, agent] of [...agents.entries()].reverse()) {
      const points = Array.from({ length: 1_000 }, (_, at) => cpu(at * 1_000, index));
      expect(await store.write([{ origin: { ...origin, agent }, points }])).toEqual({
        status: 'accepted',
        refused: [],
      });
    }
    const { series, truncated } = await store.query({ ...query, limit: 2_500 });
    expect(series.map(({ tags, points }) => [tags.agent, points.length, points[0]?.[1]])).toEqual([
      ['a-000', 1_000, 0],
      ['a-001', 1_000, 1],
      ['a-002', 500, 2],
    ]);
    expect(truncated).toBe(true);
    expect((await store.query({ ...query, limit: 60_000 })).truncated).toBe(false);
    await store.stop();
  });
});
