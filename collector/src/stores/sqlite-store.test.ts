import {
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Measurement, measurementByName, type Point } from '@vonggac/shared';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqliteStore, type SqliteStoreOptions } from './sqlite-store.ts';
import type { Origin, SeriesQuery, SeriesResult, Store, WriteResult } from './store.ts';
import { describeStore, type StoreHome } from './store-contract.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

// Each test starts two threads; with this they compile their scripts once.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '../../../.cache/compile');

/** Answers every query twice, before and after everything has settled, and the same. */
class TwiceAskedStore extends SqliteStore {
  override async query(query: SeriesQuery, signal?: AbortSignal): Promise<SeriesResult> {
    const fresh = await super.query(query, signal);
    await this.maintain();
    const settled = await super.query(query, signal);
    expect(settled).toEqual(fresh);
    return settled;
  }
}

async function createHome(): Promise<StoreHome> {
  const folder = mkdtempSync(join(tmpdir(), 'vonggac-store-'));
  let current: Store | undefined;
  return {
    async open() {
      await current?.stop();
      current = new TwiceAskedStore({ folder, warn: refuseWarnings });
      await current.start();
      return current;
    },
    async remove() {
      rmSync(folder, { recursive: true });
    },
  };
}

function refuseWarnings(details: Readonly<Record<string, unknown>>, message: string): void {
  throw new Error(`${message} ${JSON.stringify(details)}`);
}

describeStore('sqlite', createHome);

const origin: Origin = { agent: 'a-1', host: 'h', unit: 'u', class: 'server' };
const base = Date.UTC(2026, 2, 1);

function cpu(at: number, usage: number): Point {
  return { measurement: 'cpu', tags: {}, fields: { usage_percent: usage }, time: base + at };
}

describe('SqliteStore', () => {
  let folder: string;
  let file: string;
  let clock: number;
  let warnings: string[];
  let stores: SqliteStore[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vonggac-store-'));
    file = join(folder, 'series.db');
    clock = base + hour;
    warnings = [];
    stores = [];
  });
  afterEach(async () => {
    for (const store of stores) await store.stop();
    rmSync(folder, { recursive: true });
  });

  function build(options: Partial<SqliteStoreOptions> = {}): SqliteStore {
    const warn = (_: unknown, message: string) => void warnings.push(message);
    const store = new SqliteStore({ folder, warn, now: () => clock, ...options });
    stores.push(store);
    return store;
  }

  async function open(options: Partial<SqliteStoreOptions> = {}): Promise<SqliteStore> {
    for (const store of stores) await store.stop();
    const store = build(options);
    await store.start();
    return store;
  }

  function write(store: Store, ...points: Point[]): Promise<WriteResult> {
    return store.write([{ origin, points }]);
  }

  /** Points of `cpu.usage_percent`, times relative to `base`. */
  async function read(store: Store, query: { step?: number; field?: 'usage_percent' | 'cores' } = {}) {
    const { series } = await store.query({
      measurement: 'cpu',
      field: 'usage_percent',
      from: 0,
      to: base + 10_000 * day,
      limit: 100_000,
      ...query,
    });
    return series.flatMap(({ points }) => points.map(([time, value]) => [time - base, value]));
  }

  describe('a file it cannot use', () => {
    /** A file with a settled point, a fresh one, and no journal. */
    async function makeFile(): Promise<void> {
      const store = await open();
      await write(store, cpu(0, 1));
      await store.maintain();
      await write(store, cpu(minute, 2));
      await store.stop();
    }

    function overwrite(position: number, bytes: Buffer): void {
      const handle = openSync(file, 'r+');
      writeSync(handle, bytes, 0, bytes.length, position);
      closeSync(handle);
    }

    it.each([
      [
        'a text',
        () => writeFileSync(file, 'this is not a database, and it is longer than a header of 100 bytes'.repeat(9)),
      ],
      ['nothing but zeros', () => writeFileSync(file, Buffer.alloc(65_536))],
      ['a header overwritten', () => overwrite(0, Buffer.alloc(100, 0xff))],
      ['a list of tables overwritten', () => overwrite(100, Buffer.alloc(3_900, 0x5a))],
      ['the second half cut off', () => truncateSync(file, Math.floor(statSync(file).size / 8192) * 4096)],
    ])('sets aside %s, says so and begins anew', async (_, damage) => {
      await makeFile();
      damage();
      const store = await open();
      expect(warnings).toEqual(['the time series file was damaged: it is set aside and a new one begun']);
      expect(readdirSync(folder)).toContain('series.db.damaged-2026-03-01T01-00-00.000Z');
      expect(store.health()).toBeUndefined();
      expect(await write(store, cpu(2 * minute, 3))).toMatchObject({ status: 'accepted' });
      expect(await read(store)).toEqual([[2 * minute, 3]]);
    });

    it('takes an empty file as its own', async () => {
      writeFileSync(file, '');
      const store = await open();
      await write(store, cpu(0, 1));
      expect(await read(store)).toEqual([[0, 1]]);
      expect(warnings).toEqual([]);
    });

    it('keeps what was committed when the journal ends in the middle of a write', async () => {
      const store = await open();
      await write(store, cpu(0, 1));
      const copy = join(folder, 'copy');
      mkdirSync(copy);
      copyFileSync(file, join(copy, 'series.db'));
      copyFileSync(`${file}-wal`, join(copy, 'series.db-wal'));
      await write(store, cpu(1, 2));
      const journal = readFileSync(`${file}-wal`);
      writeFileSync(join(copy, 'series.db-wal'), journal.subarray(0, journal.length - 100));

      const afterCrash = await open({ folder: copy });
      expect(await read(afterCrash)).toEqual([[0, 1]]);
      expect(await write(afterCrash, cpu(1, 2))).toMatchObject({ status: 'accepted' });
      expect(warnings).toEqual([]);
    });

    it('refuses a file of a newer version and leaves it alone', async () => {
      await makeFile();
      const database = new DatabaseSync(file);
      database.exec('PRAGMA user_version = 99');
      database.close();
      const before = readFileSync(file);
      await expect(open()).rejects.toThrow(/newer version of Vọng Gác \(format 99, .*install the newer version/);
      expect(readFileSync(file).equals(before)).toBe(true);
    });

    it('refuses a database that something else made and leaves it alone', async () => {
      const database = new DatabaseSync(file);
      database.exec('CREATE TABLE books (title TEXT)');
      database.close();
      const before = readFileSync(file);
      await expect(open()).rejects.toThrow(/not made by Vọng Gác/);
      expect(readFileSync(file).equals(before)).toBe(true);
    });

    it('says what to do when the file or its folder cannot be opened', async () => {
      mkdirSync(file);
      await expect(open()).rejects.toThrow(/cannot open .*series\.db .*: check that the folder is writable/);
      await expect(open({ folder: join(folder, 'file', 'x') })).resolves.toBeDefined();
      writeFileSync(join(folder, 'plain'), '');
      await expect(open({ folder: join(folder, 'plain') })).rejects.toThrow(/cannot create .*plain/);
    });

    /** Overwrites every page of a table while nobody has the file open. */
    function overwriteTable(name: string): void {
      const database = new DatabaseSync(file);
      const pages = database.prepare('SELECT pageno FROM dbstat WHERE name = ?').all(name);
      database.close();
      for (const { pageno } of pages) overwrite((Number(pageno) - 1) * 4_096, Buffer.alloc(4_096, 0x5a));
    }

    it('replaces a file when a write meets damage, and takes the same write again', async () => {
      await makeFile();
      for (const name of ['series', 'sqlite_autoindex_series_1']) overwriteTable(name);
      const store = await open();
      expect(await write(store, cpu(2 * minute, 3))).toMatchObject({
        status: 'retry',
        reason: expect.stringMatching(/malformed/),
      });
      expect(warnings).toEqual(['the time series file was damaged: it is set aside and a new one begun']);
      expect(await write(store, cpu(2 * minute, 3))).toMatchObject({ status: 'accepted' });
      expect(await read(store)).toEqual([[2 * minute, 3]]);
      expect(store.health()).toBeUndefined();
    });

    it('replaces a file when settling meets damage', async () => {
      await makeFile();
      overwriteTable('raw_cpu');
      const store = await open();
      await store.maintain();
      expect(warnings).toEqual(['the time series file was damaged: it is set aside and a new one begun']);
      expect(await write(store, cpu(2 * minute, 3))).toMatchObject({ status: 'accepted' });
      expect(await read(store)).toEqual([[2 * minute, 3]]);
    });

    it('says so when a query meets damage, and goes on taking writes', async () => {
      await makeFile();
      overwriteTable('raw_cpu');
      const store = await open();
      await expect(read(store)).rejects.toMatchObject({ name: 'QueryError', reason: 'unavailable' });
      expect(warnings).toEqual(['a query met a damaged part of the time series']);
      expect(await write(store, cpu(2 * minute, 3))).toMatchObject({ status: 'accepted' });
    });
  });

  describe('a full disk', () => {
    it('keeps nothing half, says why, and recovers when old points have gone', async () => {
      const store = await open({ maxBytes: 1_500_000, retention: { raw: 1, fiveMinutes: 1, hour: 1 } });
      let next = 0;
      let result: WriteResult;
      do {
        const points = Array.from({ length: 500 }, (_, index) => cpu(next + index, 1));
        result = await write(store, ...points);
        if (result.status === 'accepted') next += 500;
      } while (result.status === 'accepted');

      expect(result).toEqual({ status: 'retry', afterMs: 15_000, reason: expect.stringMatching(/full/) });
      expect(store.health()).toMatch(/cannot write .*series\.db: database or disk is full/);
      expect(await read(store)).toHaveLength(next);
      // What was sent before the failure was known is put off, too.
      const points = Array.from({ length: 500 }, (_, index) => cpu(next + index, 1));
      const together = await Promise.all([1, 2, 3].map(() => write(store, ...points)));
      expect(together.map(({ status }) => status)).toEqual(['retry', 'retry', 'retry']);
      await store.maintain();
      expect(await read(store)).toHaveLength(next);

      clock += 2 * day;
      await store.maintain();
      await store.maintain();
      expect(await write(store, cpu(2 * day, 7))).toEqual({ status: 'accepted', refused: [] });
      expect(store.health()).toBeUndefined();
      expect(await read(store)).toEqual([[2 * day, 7]]);
      expect(warnings).toEqual([]);
    });
  });

  describe('retention', () => {
    const wave = (at: number) => Math.round(50 * Math.sin(at / hour)) + 50;
    const times = Array.from({ length: 2 * 24 * 60 }, (_, index) => index * minute);

    it('keeps raw points, five minutes and hours each for their time, and hours say the same at the end', async () => {
      const store = await open({ retention: { raw: 14, fiveMinutes: 180, hour: 1_000 } });
      clock = base + 2 * day;
      for (let first = 0; first < times.length; first += 500) {
        await write(store, ...times.slice(first, first + 500).map((at) => cpu(at, wave(at))));
      }
      const fromRaw = times.map((at) => [at, wave(at)]);
      const byFiveMinutes = await read(store, { step: 5 * minute });
      const byHour = await read(store, { step: hour });
      expect(await read(store)).toEqual(fromRaw);

      await store.maintain();
      expect(await read(store)).toEqual(fromRaw);
      expect(await read(store, { step: 5 * minute })).toEqual(byFiveMinutes);
      expect(await read(store, { step: hour })).toEqual(byHour);

      clock = base + 17 * day;
      await store.maintain();
      expect(await read(store)).toEqual([]);
      expect(await read(store, { step: 5 * minute })).toEqual(byFiveMinutes);
      expect(await read(store, { step: hour })).toEqual(byHour);

      clock = base + 183 * day;
      await store.maintain();
      expect(await read(store, { step: 5 * minute })).toEqual([]);
      expect(await read(store, { step: hour })).toEqual(byHour);

      clock = base + 1_005 * day;
      await store.maintain();
      expect(await read(store, { step: hour })).toEqual([]);
      // The series went with its last values, and comes again as a new one.
      await write(store, { ...cpu(0, 5), time: clock });
      expect(await read(store)).toEqual([[1_005 * day, 5]]);
    });

    it('refuses points that would be deleted at once', async () => {
      const store = await open();
      clock = base + 20 * day;
      const result = await write(store, cpu(0, 1), cpu(10 * day, 2));
      expect(result).toEqual({ status: 'accepted', refused: [{ reason: 'too_old', points: 1 }] });
      expect(await read(store)).toEqual([[10 * day, 2]]);
    });

    it('says which figures make no sense', () => {
      expect(() => build({ retention: { raw: 14, fiveMinutes: 7, hour: 30 } })).toThrow(
        'retention of 14, 7 and 30 days',
      );
      expect(() => build({ retention: { raw: 0.5, fiveMinutes: 7, hour: 30 } })).toThrow('at least 1 day');
    });
  });

  it('adds the fields that a newer catalogue has', async () => {
    const full = measurementByName('cpu');
    if (!full) throw new Error('the catalogue has no cpu');
    const { cores, ...olderFields } = full.definition.fields;
    const older: Measurement = {
      ...full,
      definition: { ...full.definition, fields: olderFields },
      fieldNames: Object.keys(olderFields),
    };
    const before = await open({ measurements: [older] });
    await write(before, cpu(0, 1));
    await before.maintain();

    const store = await open();
    await write(store, { ...cpu(0, 2), fields: { cores: 4 } }, { ...cpu(minute, 2), fields: { cores: 8 } });
    await store.maintain();
    expect(await read(store)).toEqual([[0, 1]]);
    expect(await read(store, { field: 'cores', step: hour })).toEqual([[0, 6]]);
    expect(cores?.type).toBe('integer');
  });

  describe('queries', () => {
    it('are answered from committed points while writes go on', async () => {
      const store = await open();
      let written = 0;
      let seen = 0;
      const writing = (async () => {
        for (; written < 60; written += 1) await write(store, cpu(written, 1), cpu(written + 0.5 * minute, 1));
      })();
      while (written < 60) {
        const count = (await read(store)).length;
        expect(count).toBeGreaterThanOrEqual(seen);
        expect(count % 2).toBe(0);
        seen = count;
      }
      await writing;
      expect(await read(store)).toHaveLength(120);
    });

    it('end when they take too long', async () => {
      const store = await open({ queryBudgetMs: 0 });
      await write(store, cpu(0, 1));
      await store.maintain();
      await expect(read(store)).rejects.toMatchObject({ name: 'QueryError', reason: 'too_slow' });
    });

    it('are turned away when too many wait', async () => {
      const store = await open();
      const answers = await Promise.allSettled(Array.from({ length: 300 }, () => read(store)));
      const refused = answers.filter((answer) => answer.status === 'rejected');
      expect(refused).toHaveLength(100);
      expect(refused[0]?.reason).toMatchObject({ name: 'QueryError', reason: 'unavailable' });
      await expect(read(store)).resolves.toEqual([]);
    });
  });

  it('asks to retry instead of queueing without end', async () => {
    const store = await open({ maxPendingPoints: 20_000 });
    const points = Array.from({ length: 5_000 }, (_, at) => cpu(at % 1_000, 1));
    const results = await Promise.all(Array.from({ length: 5 }, () => store.write([{ origin, points }])));
    expect(results.filter(({ status }) => status === 'accepted')).toHaveLength(4);
    expect(results.at(-1)).toMatchObject({ status: 'retry', reason: expect.stringMatching(/20000 points/) });
    expect(store.health()).toBeUndefined();
  });

  it('commits what was written before it stops', async () => {
    const store = await open();
    const result = write(store, cpu(0, 1));
    await store.stop();
    expect(await result).toEqual({ status: 'accepted', refused: [] });
    expect(await read(await open())).toEqual([[0, 1]]);
  });

  it('stops before it has started', async () => {
    await build().stop();
    expect(readdirSync(folder)).toEqual([]);
  });
});
