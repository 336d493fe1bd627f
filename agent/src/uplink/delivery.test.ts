import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { type Batch, batchDictionary, catalogue, type Point, point } from '@vonggac/shared';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLogger } from '../log.ts';
import { Spool } from '../spool/spool.ts';
import { Delivery } from './delivery.ts';
import type { Pace } from './spending.ts';
import { TokenBucket } from './token-bucket.ts';

interface Sent {
  readonly at: number;
  readonly bytes: number;
  readonly batch: Batch;
}

const normal: Pace = { state: 'normal', everyMs: 0, history: true };
const gathering: Pace = { state: 'gathering', everyMs: 30_000, history: false };
const spent: Pace = { state: 'spent', everyMs: 900_000, history: false };

let folder: string;
let spool: Spool;
let pace: Pace;
let bytesPerSecond: number;
let ackAfterMs: number | undefined;
/** What the collector answers: with something, that the store is away. */
let retryMs: number | undefined;
let putsOffHistoryOnly: boolean;
let sent: Sent[];
let delivery: Delivery;

beforeEach(() => {
  vi.useFakeTimers();
  folder = mkdtempSync(join(tmpdir(), 'vonggac-delivery-'));
  const logger = createLogger({ write: () => undefined, pretty: false, level: 'error', now: Date.now });
  spool = new Spool({ folder, maxBytes: 10_000_000, maxAgeMs: 86_400_000, now: Date.now, logger });
  spool.start();
  pace = normal;
  bytesPerSecond = 8_000;
  ackAfterMs = 50;
  retryMs = undefined;
  putsOffHistoryOnly = false;
  sent = [];
  const clocks = { now: Date.now, monotonic: Date.now };
  delivery = new Delivery({
    spool,
    pace: () => pace,
    historyShare: new TokenBucket({ bytesPerSecond: () => bytesPerSecond, ...clocks }),
    send: (frame) => {
      const text = typeof frame === 'string' ? frame : inflate(frame);
      const batch = JSON.parse(text) as Batch;
      sent.push({ at: Date.now(), bytes: Buffer.byteLength(frame), batch });
      if (ackAfterMs !== undefined)
        setTimeout(() => delivery.acknowledged({ type: 'ack', seq: batch.seq, ...answerTo(batch) }), ackAfterMs);
    },
    ...clocks,
  });
});

afterEach(() => {
  delivery.stop();
  spool.stop();
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

function answerTo(batch: Batch): { retry?: number } {
  const isNew = ageOf({ at: 0, bytes: 0, batch }) < 1_000;
  return retryMs === undefined || (putsOffHistoryOnly && isNew) ? {} : { retry: retryMs };
}

function inflate(frame: Buffer): string {
  return inflateRawSync(frame, { dictionary: Buffer.from(batchDictionary) }).toString();
}

/** Values that do not repeat, so that deflating finds as little in them as in real ones. */
function readings(count: number): Point[] {
  return Array.from({ length: count }, (_, index) =>
    point('network', {
      time: Date.now(),
      tags: { interface: `eth${index}` },
      fields: { receive_bytes_per_second: noise(), transmit_bytes_per_second: noise() },
    }),
  );
}

let seed = 1;
function noise(): number {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % 1_000_000;
}

function measure(count = 1): void {
  spool.append('metrics', { points: readings(count), offset: undefined });
  delivery.pump();
}

function happen(): void {
  const fields = { lost_points: 1, from_seconds: 1, to_seconds: 2 };
  const gap = point('spool_gap', { time: Date.now(), tags: { reason: 'expired', lane: 'metrics' }, fields });
  spool.append('events', { points: [gap], offset: undefined });
  delivery.pump();
}

/** A machine without a connection. */
function outage(records: number, pointsEach = 8): void {
  for (let index = 0; index < records; index += 1) {
    spool.append('metrics', { points: readings(pointsEach), offset: undefined });
    vi.advanceTimersByTime(10_000);
  }
}

/** Readings every ten seconds, and the look into the spool every five that an uplink takes. */
function goOn(seconds: number, pointsEach = 1): void {
  for (let passed = 0; passed < seconds; passed += 5) {
    vi.advanceTimersByTime(5_000);
    if (passed % 10 === 0) measure(pointsEach);
    else delivery.pump();
  }
}

function pointsOf({ batch }: Sent): number {
  return batch.data.reduce((sum, [, , , times]) => sum + times.length, 0);
}

/** Age of the newest point when it was sent. */
function ageOf({ batch }: Sent): number {
  return Math.min(...batch.data.map(([, , , [first = 0, ...steps]]) => first - steps.reduce((a, b) => a + b, 0)));
}

const isEvent = ({ batch }: Sent) => batch.data.some(([number]) => number === catalogue.spool_gap.number);

describe('the pace', () => {
  test('normal: each reading goes at once', () => {
    delivery.start(8);
    goOn(60);
    expect(sent.map(pointsOf)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('gathering: the first at once, then all of half a minute together', () => {
    pace = gathering;
    delivery.start(8);
    goOn(130);
    expect(sent.map(pointsOf)).toEqual([1, 3, 3, 3, 3]);
    expect(sent.map(ageOf)).toEqual([0, 0, 0, 0, 0]);
  });

  test('spent: the newest state every quarter of an hour, the rest stays until there is budget again', () => {
    pace = spent;
    delivery.start(8);
    goOn(1_900, 30);
    expect(sent.map(pointsOf)).toEqual([30, 90, 90]);
    expect(spool.status().records).toBe(190 - 7);
    pace = normal;
    goOn(600);
    expect(spool.status().records).toBe(0);
  });

  test.each([normal, gathering, spent])('an event does not wait: $state', (now) => {
    pace = now;
    delivery.start(8);
    goOn(20);
    sent.length = 0;
    happen();
    expect(sent.map(isEvent)).toEqual([true]);
  });

  test('an event of before the connection does not wait either', () => {
    happen();
    outage(40);
    pace = spent;
    delivery.start(8);
    expect(sent.map(isEvent)).toEqual([false, true]);
  });
});

describe('history', () => {
  test('takes its share of the line and no more, and what is new goes at once all the time', () => {
    bytesPerSecond = 2_000;
    outage(400, 30);
    delivery.start(8);
    sent.length = 0;
    const begun = Date.now();
    goOn(30);
    expect(spool.status().records).toBeGreaterThan(50);
    const isHistory = (one: Sent) => ageOf(one) > 60_000;
    const bitsPerSecond = sum(sent.filter(isHistory).map(({ bytes }) => bytes * 8)) / ((Date.now() - begun) / 1_000);
    expect(bitsPerSecond).toBeGreaterThan(0.8 * 16_000);
    expect(bitsPerSecond).toBeLessThan(1.05 * 16_000);
    expect(sent.filter((one) => ageOf(one) === 0)).toHaveLength(3);
  });

  test('goes one batch at a time, so that nothing new waits behind more than one', () => {
    outage(200, 20);
    bytesPerSecond = 1_000_000;
    ackAfterMs = undefined;
    delivery.start(8);
    expect(sent.map((one) => ageOf(one) > 60_000)).toEqual([false, true]);
    measure();
    expect(sent.map(ageOf).at(-1)).toBe(0);
  });

  test('of a record larger than the line carries in a second is sent at the slowest rate too', () => {
    bytesPerSecond = 125;
    outage(40, 400);
    delivery.start(8);
    goOn(3_600);
    expect(spool.status().records).toBe(0);
    const bitsPerSecond = sum(sent.filter((one) => ageOf(one) > 60_000).map(({ bytes }) => bytes * 8)) / 3_600;
    expect(bitsPerSecond).toBeLessThan(1.2 * 1_000);
  });

  test('waits while the budget says so', () => {
    outage(100);
    pace = { ...gathering };
    delivery.start(8);
    goOn(300);
    const left = spool.status().records;
    expect(left).toBeGreaterThanOrEqual(60);
    pace = { ...gathering, history: true };
    goOn(60);
    expect(spool.status().records).toBeLessThan(left - 50);
  });

  test('and stored events wait for as long as the collector asks, new readings do not', () => {
    happen();
    outage(100);
    ackAfterMs = undefined;
    delivery.start(8);
    for (const { batch } of [...sent]) delivery.acknowledged({ type: 'ack', seq: batch.seq, retry: 30_000 });
    sent.length = 0;
    ackAfterMs = 50;
    goOn(25);
    expect(sent.map(ageOf)).toEqual([0, 0, 0]);
    goOn(30);
    expect(spool.status().records).toBe(0);
  });
});

describe('while the store is away', () => {
  const isOld = (each: Sent) => ageOf(each) >= 1_000;

  test('history is tried less and less often, what is new goes all the time', () => {
    retryMs = 5_000;
    outage(50);
    delivery.start(8);
    goOn(3_600);
    expect(sent.filter((each) => !isOld(each))).toHaveLength(360);
    // What is new says often enough that there is nobody to take anything.
    expect(sent.filter(isOld).length).toBeLessThan(15);
  });

  test('the first new reading that it takes again brings history back', () => {
    retryMs = 5_000;
    outage(50);
    delivery.start(8);
    goOn(1_800);
    retryMs = undefined;
    goOn(60);
    expect(spool.status().records).toBe(0);
  });

  test('a collector that has room for new readings only is asked each minute', () => {
    retryMs = 5_000;
    putsOffHistoryOnly = true;
    outage(50);
    delivery.start(8);
    goOn(1_800);
    const tried = sent.filter(isOld).length;
    expect(tried).toBeGreaterThan(25);
    expect(tried).toBeLessThan(40);
    retryMs = undefined;
    goOn(90);
    expect(spool.status().records).toBe(0);
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
