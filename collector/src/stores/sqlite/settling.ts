/**
 * Settling moves points from the head of a measurement to where queries find them quickly, and keeps the coarser tiers.
 *
 * Invariant: a window (bucket, series) of which the head holds no row has its exact aggregate in the next tier. So the
 * head is also the list of what is out of date, late points included, and queries look there first. The rows leave the
 * head last; whatever happens before, a crash or a full disk, the work is simply done again with the same outcome.
 *
 * It runs in slices, a few tens of milliseconds each, so that a write never waits long.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { headTable, settlingSql, type TableSpec, temporaryTables } from './tables.ts';
import { dayMs, raw } from './tiers.ts';

/** Slices whose rows are in memory at the same time: 1.5 million rows, about 100 bytes each. */
const slicesInMemory = 75;
/** A bucket settles this long after its end, to find most of its points there. */
const graceMs = 30_000;

/** Points before this time may settle. */
export function settlingTime(now: number): number {
  return Math.floor((now - graceMs) / raw.bucketMs) * raw.bucketMs;
}

/** The only row of a query, as numbers. */
function numbers(database: DatabaseSync, sql: string, ...parameters: number[]): (number | null)[] {
  return Object.values(database.prepare(sql).get(...parameters) ?? {}) as (number | null)[];
}

/** The time of the oldest point in the head; Infinity when it is empty. */
export function oldestInHead(database: DatabaseSync, spec: TableSpec): number {
  return numbers(database, `SELECT min(time) FROM ${headTable(spec)}`)[0] ?? Number.POSITIVE_INFINITY;
}

/** Drops points before `time` that could not settle: on a full disk they would keep the room that settling needs. */
export function forgetBefore(database: DatabaseSync, { spec, time }: { spec: TableSpec; time: number }): void {
  database.prepare(`DELETE FROM ${headTable(spec)} WHERE time < ?`).run(time);
}

type Statements = Readonly<Record<keyof ReturnType<typeof settlingSql>, StatementSync>>;

function prepareStatements(database: DatabaseSync, spec: TableSpec): Statements {
  const sql = settlingSql(spec);
  const prepared = Object.entries(sql).map(([name, text]) => [name, database.prepare(text)]);
  return Object.fromEntries(prepared) as Statements;
}

/** Settles the points of one measurement that are older than `before`; yields between slices. Throws SQLite's errors. */
export function* settle(
  database: DatabaseSync,
  { spec, before, now, rowsPerSlice }: { spec: TableSpec; before: number; now: number; rowsPerSlice: number },
): Generator<undefined, void> {
  const [first, last] = numbers(database, `SELECT min(rowid), max(rowid) FROM ${headTable(spec)}`);
  if (first == null || last == null) return;
  database.exec(temporaryTables(spec));
  const statements = prepareStatements(database, spec);
  for (const rows of ranges({ first, last }, rowsPerSlice * slicesInMemory)) {
    statements.clearMoving.run();
    for (const slice of ranges(rows, rowsPerSlice)) {
      statements.take.run({ ...slice, before });
      yield;
    }
    yield* place(statements, { now, rowsPerSlice });
    // Ascending, so that the newest row goes last: SQLite numbers the next row after the newest it finds.
    for (const slice of ranges(rows, rowsPerSlice)) {
      statements.forget.run({ ...slice, before });
      yield;
    }
  }
  statements.clearMoving.run();
}

/** Puts what was taken where it belongs and makes the windows it touches anew. */
function* place(
  statements: Statements,
  { now, rowsPerSlice }: { now: number; rowsPerSlice: number },
): Generator<undefined, void> {
  for (const slice of slicesOfMoving(statements, rowsPerSlice)) {
    statements.clearRaw.run();
    statements.clearFiveMinutes.run();
    statements.touchRaw.run(slice);
    statements.move.run(slice);
    yield;
    statements.toFiveMinutes.run();
    statements.noteSeen.run({ now, yesterday: now - dayMs });
    yield;
    statements.touchFiveMinutes.run();
    statements.toHour.run();
    yield;
  }
}

interface RowRange {
  readonly first: number;
  readonly last: number;
}

function* ranges({ first, last }: RowRange, size: number): Generator<RowRange, void> {
  for (let from = first; from <= last; from += size) yield { first: from, last: Math.min(from + size - 1, last) };
}

/** Ranges of (bucket, series), open below, with about as many points each; all points of a window are in one. */
function* slicesOfMoving({ endOfSlice }: Statements, rowsPerSlice: number) {
  let afterBucket = -1;
  let afterSeries = -1;
  for (;;) {
    const end = endOfSlice.get(afterBucket, afterSeries, rowsPerSlice) as
      | { bucket: number; series: number }
      | undefined;
    const { bucket, series } = end ?? { bucket: Number.MAX_SAFE_INTEGER, series: 0 };
    yield { afterBucket, afterSeries, bucket, series };
    if (!end) return;
    afterBucket = bucket;
    afterSeries = series;
  }
}
