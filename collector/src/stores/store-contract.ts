/** What every store must do, as one suite; see Store. It needs nothing of the clock: its points are hours old. */
import type { FieldValue, Point } from '@vonggac/shared';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Origin, Series, SeriesQuery, Store } from './store.ts';

/** A place that keeps one store's data, empty at first. */
export interface StoreHome {
  /** Starts a store on the data; the one before is stopped. */
  open(): Promise<Store>;
  remove(): Promise<void>;
}

const minute = 60_000;
const hour = 60 * minute;
/** The start of an hour that is over by now. */
const base = Math.floor((Date.now() - 6 * hour) / hour) * hour;

const server: Origin = { agent: 'a-1', host: 'sv-web-01', unit: 'so-tttt', class: 'server' };
const desktop: Origin = { agent: 'a-2', host: 'PC-Kế-Toán', unit: 'xa-bắc-trạch', class: 'pc' };

interface Reading {
  readonly at: number;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly tags?: Readonly<Record<string, string>>;
}

function reading(measurement: Point['measurement'], { at, fields, tags = {} }: Reading): Point {
  return { measurement, tags, fields, time: base + at };
}

function cpu(at: number, usage: number): Point {
  return reading('cpu', { at, fields: { usage_percent: usage } });
}

function disk(mount: string, used: number): Point {
  return reading('filesystem', { at: 0, tags: { mount, type: 'ext4' }, fields: { used_percent: used } });
}

/** Times relative to `base`. */
function relative(series: readonly Series[]): (readonly [number, number | string])[][] {
  return series.map(({ points }) => points.map(([time, value]) => [time - base, value] as const));
}

/** Texts that break a careless writer of line protocol, InfluxQL or SQL. */
const hostileTexts = [
  'Sở Thông tin và Truyền thông',
  'quote " and \' and `',
  'back\\slash, trailing\\',
  '\\',
  '\\"',
  'a,b=c d',
  'a\\,b\\=c\\ d',
  '🖥️ 中文 ﷽',
  "'; DROP TABLE series; --",
  '$tag :name ?1 %s',
  ' leading and trailing ',
  'C:\\',
  'C:\\ ',
  '# not a comment',
];
const hostileFieldTexts = [
  ...hostileTexts,
  'two\nlines',
  'cpu usage_percent=1 1\ncpu usage_percent=2 2',
  'tab\there',
  '',
];

export function describeStore(name: string, createHome: () => Promise<StoreHome>): void {
  describe(`${name}: the contract of stores`, () => {
    let home: StoreHome;
    let store: Store;

    beforeEach(async () => {
      home = await createHome();
      store = await home.open();
    });
    afterEach(async () => {
      await store.stop();
      await home.remove();
    });

    async function write(origin: Origin, ...points: Point[]): Promise<void> {
      expect(await store.write([{ origin, points }])).toEqual({ status: 'accepted', refused: [] });
    }

    async function ask(query: Partial<SeriesQuery>): Promise<readonly Series[]> {
      const { series } = await store.query({
        measurement: 'cpu',
        field: 'usage_percent',
        from: base,
        to: base + hour,
        limit: 10_000,
        ...query,
      });
      return series;
    }

    async function values(query: Partial<SeriesQuery>): Promise<(readonly [number, number | string])[][]> {
      return relative(await ask(query));
    }

    it('keeps every type of field', async () => {
      const fields = { total_bytes: 2 ** 53 - 1, available_bytes: 0, used_percent: 99.9, read_only: true };
      await write(server, reading('filesystem', { at: 0, tags: { mount: '/', type: 'ext4' }, fields }));
      await write(server, reading('inventory', { at: 0, fields: { os_name: 'Ubuntu', virtual: false } }));

      const of = (field: SeriesQuery['field']) => values({ measurement: 'filesystem', field });
      expect(await of('total_bytes')).toEqual([[[0, 2 ** 53 - 1]]]);
      expect(await of('available_bytes')).toEqual([[[0, 0]]]);
      expect(await of('used_percent')).toEqual([[[0, 99.9]]]);
      expect(await of('read_only')).toEqual([[[0, 1]]]);
      expect(await of('inodes_used_percent')).toEqual([]);
      expect(await values({ measurement: 'inventory', field: 'os_name' })).toEqual([[[0, 'Ubuntu']]]);
      expect(await values({ measurement: 'inventory', field: 'virtual' })).toEqual([[[0, 0]]]);
    });

    it('keeps the extremes of numbers', async () => {
      const floats = [0.1, -0.5, 1e-7, 1.7976931348623157e308, -1.5e300, 1e21, 123456789.125];
      await write(server, ...floats.map((value, index) => cpu(index, value)));
      expect(await values({})).toEqual([floats.map((value, index) => [index, value])]);

      const integers = [-(2 ** 53 - 1), -1, 0, 2 ** 31, 2 ** 32 + 1, 2 ** 53 - 1];
      await write(
        server,
        ...integers.map((value, at) => reading('spool_gap', { at, tags: gap, fields: { lost_points: value } })),
      );
      expect(await values({ measurement: 'spool_gap', field: 'lost_points' })).toEqual([
        integers.map((value, index) => [index, value]),
      ]);
    });
    const gap = { reason: 'overflow', lane: 'metrics' };

    it('returns all tags, those of the origin included', async () => {
      await write(desktop, disk('/', 50));
      const [series] = await ask({ measurement: 'filesystem', field: 'used_percent' });
      expect(series?.tags).toEqual({ ...desktop, mount: '/', type: 'ext4' });
    });

    it('takes the same points twice without a second copy', async () => {
      const points = [cpu(0, 1), cpu(10_000, 2)];
      await write(server, ...points);
      await write(server, ...points);
      await write(server, ...points, ...points);
      expect(await values({})).toEqual([
        [
          [0, 1],
          [10_000, 2],
        ],
      ]);
      expect(await values({ step: hour, aggregate: 'count' })).toEqual([[[0, 2]]]);
    });

    it('overwrites a value that comes again for the same series and time', async () => {
      await write(server, cpu(0, 1), cpu(1, 5));
      await write(server, cpu(0, 2));
      expect(await values({})).toEqual([
        [
          [0, 2],
          [1, 5],
        ],
      ]);
    });

    it('merges fields that come separately for the same series and time', async () => {
      await write(server, reading('cpu', { at: 0, fields: { usage_percent: 10, user_percent: 7 } }));
      await write(server, reading('cpu', { at: 0, fields: { user_percent: 8, cores: 4 } }));
      expect(await values({ field: 'usage_percent' })).toEqual([[[0, 10]]]);
      expect(await values({ field: 'user_percent' })).toEqual([[[0, 8]]]);
      expect(await values({ field: 'cores' })).toEqual([[[0, 4]]]);
    });

    it('gives only series that have all tags asked for', async () => {
      await write(server, disk('/', 1), disk('/srv', 2));
      await write(desktop, disk('/', 3));
      const used = (tags: Record<string, string>) =>
        values({ measurement: 'filesystem', field: 'used_percent', tags }).then((all) => all.flat().map(([, v]) => v));
      expect(await used({})).toEqual([1, 2, 3]);
      expect(await used({ mount: '/' })).toEqual([1, 3]);
      expect(await used({ mount: '/', host: 'PC-Kế-Toán' })).toEqual([3]);
      expect(await used({ class: 'server' })).toEqual([1, 2]);
      expect(await used({ unit: 'no-such-unit' })).toEqual([]);
    });

    it('keeps a machine that moved to another unit as another series', async () => {
      await write(server, cpu(0, 1));
      await write({ ...server, unit: 'so-khcn' }, cpu(1, 2));
      expect((await ask({})).map(({ tags }) => tags.unit)).toEqual(['so-khcn', 'so-tttt']);
    });

    it('takes the range as half-open', async () => {
      await write(server, cpu(0, 1), cpu(1, 2), cpu(2, 3));
      expect(await values({ from: base + 1, to: base + 2 })).toEqual([[[1, 2]]]);
      expect(await values({ from: base + 1, to: base + 1 })).toEqual([]);
      expect(await values({ from: base + 2, to: base + 1 })).toEqual([]);
    });

    it('aggregates into windows that begin at multiples of the step', async () => {
      await write(server, cpu(59_999, 1), cpu(minute, 2), cpu(minute + 1, 4), cpu(3 * minute, 8));
      const windows = (aggregate: SeriesQuery['aggregate']) =>
        values({ step: minute, ...(aggregate ? { aggregate } : {}) }).then(([only]) => only);
      const at = (first: number, second: number, third: number) => [
        [0, first],
        [minute, second],
        [3 * minute, third],
      ];
      expect(await windows(undefined)).toEqual(at(1, 3, 8));
      expect(await windows('mean')).toEqual(at(1, 3, 8));
      expect(await windows('min')).toEqual(at(1, 2, 8));
      expect(await windows('max')).toEqual(at(1, 4, 8));
      expect(await windows('sum')).toEqual(at(1, 6, 8));
      expect(await windows('count')).toEqual(at(1, 2, 1));
      expect(await windows('last')).toEqual(at(1, 4, 8));
    });

    it('counts only points of the range in the windows at its ends', async () => {
      await write(server, cpu(0, 1), cpu(6 * minute, 2), cpu(8 * minute, 4), cpu(12 * minute, 8), cpu(14 * minute, 16));
      const range = { from: base + 7 * minute, to: base + 13 * minute };
      expect(await values({ ...range, step: 5 * minute, aggregate: 'sum' })).toEqual([
        [
          [5 * minute, 4],
          [10 * minute, 8],
        ],
      ]);
    });

    it('aggregates booleans as 0 and 1, integers as numbers', async () => {
      const up = [true, false, true, true];
      const tags = { interface: 'eth0' };
      await write(server, ...up.map((value, at) => reading('network', { at, tags, fields: { up: value } })));
      const of = (aggregate: SeriesQuery['aggregate'] & string) =>
        values({ measurement: 'network', field: 'up', step: hour, aggregate });
      expect(await of('mean')).toEqual([[[0, 0.75]]]);
      expect(await of('min')).toEqual([[[0, 0]]]);
      expect(await of('sum')).toEqual([[[0, 3]]]);
      expect(await of('last')).toEqual([[[0, 1]]]);

      await write(server, ...[3, 4].map((cores, at) => reading('cpu', { at, fields: { cores } })));
      expect(await values({ field: 'cores', step: hour })).toEqual([[[0, 3.5]]]);
    });

    it('gives the last text and the number of texts in a window, and no mean', async () => {
      const kernels = ['6.1', '6.12', '6.8'];
      await write(server, ...kernels.map((kernel, at) => reading('inventory', { at, fields: { kernel } })));
      const texts = { measurement: 'inventory', field: 'kernel', step: hour } as const;
      expect(await values(texts)).toEqual([[[0, '6.8']]]);
      expect(await values({ ...texts, aggregate: 'count' })).toEqual([[[0, 3]]]);
      await expect(ask({ ...texts, aggregate: 'mean' })).rejects.toThrow('kernel');
    });

    it('returns at most `limit` points, of the first series, and says when there are more', async () => {
      await write(server, cpu(0, 1), cpu(minute, 2), cpu(2 * minute, 3));
      await write(desktop, cpu(0, 4), cpu(minute, 5));
      const limited = async (limit: number, step?: number) => {
        const query = { measurement: 'cpu', field: 'usage_percent', from: base, to: base + hour, limit } as const;
        const result = await store.query(step === undefined ? query : { ...query, step });
        return [result.series.map(({ points }) => points.map(([, value]) => value)), result.truncated];
      };
      for (const step of [undefined, minute]) {
        expect(await limited(5, step)).toEqual([
          [
            [1, 2, 3],
            [4, 5],
          ],
          false,
        ]);
        expect(await limited(4, step)).toEqual([[[1, 2, 3], [4]], true]);
        expect(await limited(3, step)).toEqual([[[1, 2, 3]], true]);
        expect(await limited(2, step)).toEqual([[[1, 2]], true]);
      }
    });

    it('keeps texts as they are', async () => {
      await write(
        server,
        ...hostileFieldTexts.map((model, at) => reading('inventory', { at, fields: { model, vendor: 'x' } })),
      );
      expect(await values({ measurement: 'inventory', field: 'model' })).toEqual([
        hostileFieldTexts.map((text, at) => [at, text]),
      ]);
      expect(await values({ measurement: 'inventory', field: 'vendor', step: hour, aggregate: 'count' })).toEqual([
        [[0, hostileFieldTexts.length]],
      ]);
    });

    it('keeps tags as they are, each a series of its own that can be asked for', async () => {
      await write(server, ...hostileTexts.map((mount, index) => disk(mount, index)));
      const all = await ask({ measurement: 'filesystem', field: 'used_percent' });
      expect(all.map(({ tags }) => tags.mount).sort()).toEqual([...hostileTexts].sort());
      expect(all.every(({ tags }) => tags.type === 'ext4' && tags.host === server.host)).toBe(true);
      for (const [index, mount] of hostileTexts.entries()) {
        const found = await ask({ measurement: 'filesystem', field: 'used_percent', tags: { mount } });
        expect([mount, relative(found)]).toEqual([mount, [[[0, index]]]]);
      }
    });

    it('takes late points at their own time', async () => {
      await write(server, cpu(2 * minute, 3));
      await write(server, cpu(minute, 2));
      await write(server, cpu(0, 1), cpu(-6 * 24 * hour, 9));
      expect(await values({})).toEqual([
        [
          [0, 1],
          [minute, 2],
          [2 * minute, 3],
        ],
      ]);
      expect(await values({ from: base - 7 * 24 * hour, to: base })).toEqual([[[-6 * 24 * hour, 9]]]);
    });

    it('keeps the series of many agents apart, in order', async () => {
      const origins = Array.from({ length: 300 }, (_, index) => ({
        ...server,
        agent: `a-${String(index).padStart(4, '0')}`,
      }));
      const result = await store.write(
        origins.map((origin, index) => ({ origin, points: [cpu(0, index), cpu(minute, index + 0.5)] })),
      );
      expect(result).toEqual({ status: 'accepted', refused: [] });
      const series = await ask({});
      expect(series.map(({ tags }) => tags.agent)).toEqual(origins.map(({ agent }) => agent));
      expect(relative(series)[123]).toEqual([
        [0, 123],
        [minute, 123.5],
      ]);
    });

    it('takes nothing as well', async () => {
      expect(await store.write([])).toEqual({ status: 'accepted', refused: [] });
      expect(await store.write([{ origin: server, points: [] }])).toEqual({ status: 'accepted', refused: [] });
    });

    it('refuses what the catalogue does not have and keeps the rest', async () => {
      const strange = [
        reading('cpu', { at: 1, fields: { colour: 'red' } }),
        reading('cpu', { at: 2, fields: { usage_percent: 'high' } }),
        reading('cpu', { at: 3, fields: { usage_percent: Number.NaN } }),
        reading('cpu', { at: 4, fields: { cores: 1.5 } }),
        reading('cpu', { at: 5, fields: {} }),
        reading('colours' as 'cpu', { at: 6, fields: { usage_percent: 1 } }),
        { ...cpu(0, 1), time: Number.NaN },
        disk('', 1),
        disk('two\nlines', 1),
      ];
      const result = await store.write([{ origin: server, points: [cpu(0, 1), ...strange, cpu(10, 2)] }]);
      expect(result.status).toBe('accepted');
      const refused = result.status === 'accepted' ? result.refused : [];
      expect(Object.fromEntries(refused.map(({ reason, points }) => [reason, points]))).toEqual({
        unknown_field: 1,
        bad_value: 3,
        no_fields: 1,
        unknown_measurement: 1,
        bad_time: 1,
        bad_tags: 2,
      });
      expect(await values({})).toEqual([
        [
          [0, 1],
          [10, 2],
        ],
      ]);
    });

    it('says what is wrong with a query', async () => {
      await expect(ask({ measurement: 'colours' as 'cpu' })).rejects.toThrow('colours');
      await expect(ask({ field: 'colour' as 'cores' })).rejects.toThrow('colour');
      await expect(ask({ tags: { colour: 'red' } })).rejects.toThrow('colour');
      await expect(ask({ step: 0 })).rejects.toThrow('step');
      await expect(ask({ limit: 0 })).rejects.toThrow('limit');
      await expect(ask({ from: Number.NaN })).rejects.toThrow('from');
      await expect(ask({ from: 0.5 })).rejects.toMatchObject({ name: 'QueryError', reason: 'invalid' });
    });

    it('rejects a query with the reason of its signal', async () => {
      await write(server, cpu(0, 1));
      const reason = new Error('the browser went away');
      const query = { measurement: 'cpu', field: 'usage_percent', from: base, to: base + 1, limit: 1 } as const;
      await expect(store.query(query, AbortSignal.abort(reason))).rejects.toBe(reason);
      const controller = new AbortController();
      const answer = store.query(query, controller.signal);
      controller.abort(reason);
      await expect(answer).rejects.toBe(reason);
    });

    it('has its data after it was closed and opened again', async () => {
      await write(server, cpu(0, 1), disk('/', 7));
      store = await home.open();
      await write(server, cpu(minute, 2));
      expect(await values({})).toEqual([
        [
          [0, 1],
          [minute, 2],
        ],
      ]);
      expect(await values({ measurement: 'filesystem', field: 'used_percent' })).toEqual([[[0, 7]]]);
    });

    it('is healthy, stops twice and then takes nothing', async () => {
      expect(store.health()).toBeUndefined();
      await store.stop();
      await store.stop();
      expect(await store.write([{ origin: server, points: [cpu(0, 1)] }])).toMatchObject({ status: 'retry' });
      await expect(ask({})).rejects.toMatchObject({ name: 'QueryError', reason: 'unavailable' });
    });
  });
}
