import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Point, point } from '@vonggac/shared';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLogger, type Logger } from '../log.ts';
import type { Lane, SpoolRecord } from './record.ts';
import { Spool } from './spool.ts';

const start = Date.UTC(2026, 10, 23);

let folder: string;
let now: number;
let lines: string[];
let logger: Logger;
const opened: Spool[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-spool-'));
  now = start;
  lines = [];
  logger = createLogger({ write: (line) => lines.push(line), pretty: false, level: 'debug', now: () => now });
});

afterEach(() => {
  for (const spool of opened.splice(0)) spool.stop();
  rmSync(folder, { recursive: true });
});

function open(limits: { maxBytes?: number; maxAgeMs?: number; in?: string; collectorTime?: () => number } = {}): Spool {
  const spool = new Spool({
    folder: limits.in ?? folder,
    maxBytes: limits.maxBytes ?? 1_000_000,
    maxAgeMs: limits.maxAgeMs ?? 7 * 86_400_000,
    now: () => now,
    ...(limits.collectorTime && { collectorTime: limits.collectorTime }),
    logger,
  });
  spool.start();
  opened.push(spool);
  return spool;
}

function reading(value: number): Point[] {
  return [point('memory', { time: now, tags: {}, fields: { total_bytes: value } })];
}

/** Appends numbered readings, ten seconds apart. */
function append(spool: Spool, values: readonly number[], lane: Lane = 'metrics'): void {
  for (const value of values) {
    now += 10_000;
    spool.append(lane, { points: reading(value), offset: undefined });
  }
}

function valuesOf(records: readonly SpoolRecord[]): unknown[] {
  return records.flatMap((record) => record.points.map((p) => p.fields.total_bytes ?? p.fields.lost_points));
}

const plenty = { maxPoints: 100, maxBytes: 1_000_000 };

/** What goes next when nothing holds it back. */
function takeNext(spool: Spool, most: { maxPoints: number; maxBytes: number } = plenty): SpoolRecord[] {
  for (const stored of [false, true]) {
    for (const lane of ['events', 'metrics'] as const) {
      const records = spool.take(lane, { stored, ...most });
      if (records.length > 0) return records;
    }
  }
  return [];
}

/** Takes everything there is, one batch after the other, as the uplink does. */
function drain(spool: Spool): unknown[] {
  const values: unknown[] = [];
  for (;;) {
    const records = takeNext(spool);
    if (records.length === 0) return values;
    values.push(...valuesOf(records));
    spool.done(records.map((record) => record.id));
  }
}

/** Takes everything and counts: readings that are there, and those that the gap records say are not. */
function books(spool: Spool): { kept: number; lost: number } {
  let kept = 0;
  let lost = 0;
  for (;;) {
    const records = takeNext(spool);
    if (records.length === 0) return { kept, lost };
    for (const { fields, measurement } of records.flatMap((record) => record.points)) {
      if (measurement === 'spool_gap') lost += Number(fields.lost_points);
      else kept += 1;
    }
    spool.done(records.map(({ id }) => id));
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

describe('order of sending', () => {
  test('what was just measured goes in batches from the newest, what is only stored from the oldest', () => {
    const spool = open();
    append(spool, range(1, 50));
    const few = { maxPoints: 3, maxBytes: 1_000_000 };
    const take = (stored: boolean) => valuesOf(spool.take('metrics', { stored, ...few }));
    expect([take(false), take(true), take(false)]).toEqual([
      [47, 48, 49],
      [1, 2, 3],
      [44, 45, 46],
    ]);
  });

  test('what was just measured is not read back from the disk as well', () => {
    const spool = open();
    append(spool, range(1, 40));
    const stored = valuesOf(spool.take('metrics', { stored: true, ...plenty }));
    const fresh = valuesOf(spool.take('metrics', { stored: false, ...plenty }));
    expect([...stored, ...fresh]).toEqual(range(1, 40));
    expect(takeNext(spool)).toEqual([]);
  });

  test('events and metrics do not wait for each other', () => {
    const spool = open();
    append(spool, [1]);
    append(spool, [100], 'events');
    append(spool, [2]);
    expect(valuesOf(spool.take('metrics', { stored: false, ...plenty }))).toEqual([1, 2]);
    expect(valuesOf(spool.take('events', { stored: false, ...plenty }))).toEqual([100]);
  });

  test('stored events are found behind any number of metrics', () => {
    const spool = open();
    append(spool, [100], 'events');
    append(spool, range(1, 400));
    expect(valuesOf(spool.take('events', { stored: true, ...plenty }))).toEqual([100]);
    expect(spool.take('events', { stored: true, ...plenty })).toEqual([]);
  });

  test('a gap is told of even when the stored events were all taken before', () => {
    const spool = open({ maxBytes: 20_000 });
    expect(spool.take('events', { stored: true, ...plenty })).toEqual([]);
    append(spool, range(1, 400));
    const [gap] = spool.take('events', { stored: true, ...plenty });
    expect(gap?.points[0]?.measurement).toBe('spool_gap');
  });

  test('records with another clock offset go in a batch of their own', () => {
    const spool = open();
    spool.append('metrics', { points: reading(1), offset: 5 });
    spool.append('metrics', { points: reading(2), offset: 7 });
    spool.release([]);
    expect(takeNext(spool).map(({ offset }) => offset)).toEqual([7]);
    expect(takeNext(spool).map(({ offset }) => offset)).toEqual([5]);
  });
});

describe('what is in flight', () => {
  test('what was kept before the clock of the collector was known is dated when it is; what is older stays', () => {
    const before = open();
    append(before, [1]);
    before.stop();
    const spool = open();
    append(spool, [2, 3]);
    spool.clockKnown(-5_000);
    append(spool, [4]);
    const offsets = new Map<unknown, number | undefined>();
    for (;;) {
      const records = takeNext(spool, { maxPoints: 1, maxBytes: 1 });
      if (records.length === 0) break;
      for (const record of records) offsets.set(valuesOf([record])[0], record.offset);
      spool.done(records.map((record) => record.id));
    }
    expect(offsets).toEqual(
      new Map<unknown, number | undefined>([
        [1, undefined],
        [2, -5_000],
        [3, -5_000],
        [4, undefined],
      ]),
    );
  });

  test('what was kept before the clock was known may have been dated by another', () => {
    const spool = open();
    append(spool, [1]);
    spool.clockKnown(-5_000, 95_000);
    expect(takeNext(spool).map(({ offset }) => offset)).toEqual([95_000]);
  });

  test('is not sent twice, and again after a release', () => {
    const spool = open();
    append(spool, [1]);
    const records = takeNext(spool);
    expect(takeNext(spool)).toEqual([]);
    spool.release(records.map(({ id }) => id));
    expect(drain(spool)).toEqual([1]);
    expect(spool.status().records).toBe(0);
    append(spool, [2]);
    expect(spool.status().records).toBe(1);
  });

  test('survives the process: what was not acknowledged is there again', () => {
    const first = open();
    append(first, range(1, 6));
    takeNext(first);
    first.stop();
    const second = open();
    expect(second.epoch).toBe(first.epoch);
    expect(drain(second)).toEqual([1, 2, 3, 4, 5]);
  });

  test('what was acknowledged is gone after a clean stop', () => {
    const first = open();
    append(first, range(1, 6));
    drain(first);
    first.stop();
    expect(drain(open())).toEqual([]);
  });
});

describe('bounds', () => {
  test('a full spool thins the oldest metrics, then drops them; events stay', () => {
    const spool = open({ maxBytes: 40_000 });
    append(spool, [7_777], 'events');
    append(spool, range(0, 1_000));
    const status = spool.status();
    expect(status.bytes).toBeLessThanOrEqual(40_000);
    expect(status.state).toBe(2);
    const left = drain(spool);
    expect(left).toContain(7_777);
    expect(left).toContain(999);
    expect(status.lostPoints).toBeGreaterThan(0);
    expect(lines.some((line) => line.includes('the spool is full'))).toBe(true);
  });

  test('collected = kept + lost', () => {
    const spool = open({ maxBytes: 30_000 });
    append(spool, range(0, 1_500));
    const { kept, lost } = books(spool);
    expect(kept + lost).toBe(1_500);
    expect(lost).toBe(spool.status().lostPoints);
  });

  test('says when it is almost full and when it is back to normal', () => {
    const spool = open({ maxBytes: 40_000 });
    let value = 0;
    while (spool.status().state === 0) append(spool, [value++]);
    expect(spool.status().state).toBe(1);
    drain(spool);
    append(spool, [1]);
    expect(spool.status().state).toBe(0);
    expect(lines.filter((line) => /almost full|back to normal/.test(line))).toHaveLength(2);
  });

  test('what may have arrived is given up after all other readings', () => {
    const spool = open({ maxBytes: 20_000 });
    append(spool, [1, 2]);
    const sent = takeNext(spool);
    expect(valuesOf(sent)).toEqual([1, 2]);
    spool.release(sent.map(({ id }) => id));
    append(spool, range(3, 500));
    expect(spool.status().lostPoints).toBeGreaterThan(100);
    expect(drain(spool)).toEqual(expect.arrayContaining([1, 2]));
  });

  test('a clock that is set ages nothing', () => {
    let offset = 0;
    const spool = open({ maxAgeMs: 3_600_000, collectorTime: () => now + offset });
    const keep = (value: number) => spool.append('metrics', { points: reading(value), offset });
    for (const value of [1, 2, 3]) {
      keep(value);
      now += 86_400_000;
      offset -= 86_400_000;
    }
    keep(4);
    expect(spool.status().lostPoints).toBe(0);
    now += 7_200_000;
    keep(5);
    expect(spool.status().lostPoints).toBe(4);
  });

  test('what is too old is given up and counted', () => {
    const spool = open({ maxAgeMs: 3_600_000 });
    append(spool, range(0, 10));
    now += 2 * 3_600_000;
    append(spool, [99]);
    const left = drain(spool);
    expect(left).toContain(99);
    expect(left).not.toContain(5);
    expect(spool.status().lostPoints).toBe(10);
  });
});

describe('a disk that does not play along', () => {
  test('data stays in memory and is written down when the disk is back', () => {
    const blocked = join(folder, 'later');
    writeFileSync(blocked, 'a file where the folder should be');
    const spool = open({ in: blocked });
    append(spool, [1, 2]);
    expect(spool.status()).toMatchObject({ state: 3, records: 2 });
    rmSync(blocked);
    mkdirSync(blocked);
    append(spool, [3]);
    expect(spool.status()).toMatchObject({ state: 0, records: 3 });
    spool.stop();
    expect(drain(open({ in: blocked }))).toEqual(expect.arrayContaining([1, 2, 3]));
  });

  test('what is in memory can be sent while the disk is away', () => {
    const blocked = join(folder, 'later');
    writeFileSync(blocked, '');
    const spool = open({ in: blocked });
    append(spool, range(0, 8));
    expect(drain(spool).sort()).toEqual(range(0, 8));
  });

  test('memory is bounded, and what fell out is counted', () => {
    const blocked = join(folder, 'later');
    writeFileSync(blocked, '');
    const spool = open({ in: blocked });
    append(spool, range(0, 2_100));
    expect(spool.status().records).toBeLessThanOrEqual(2_000);
    const { kept, lost } = books(spool);
    expect(lost).toBeGreaterThan(0);
    expect(kept + lost).toBe(2_100);
  });
});
