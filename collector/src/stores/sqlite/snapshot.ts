/** What one query reads from one state of the file: settled rows, with the points that have yet to settle over them. */
import type { StatementSync } from 'node:sqlite';
import type { CheckedQuery } from '../check-query.ts';
import { type Piece, plan, type Summary, summaryOf, Windows } from './downsampling.ts';
import { headSql, type TableField, type TableSpec, tierSql, tierTable } from './tables.ts';
import { raw, type Tier } from './tiers.ts';

type Value = number | string;
export type TimedValue = readonly [time: number, value: Value];

export interface Connection {
  /** A prepared statement whose rows are arrays. */
  statement(sql: string): StatementSync;
  /** Throws when the query may not go on. */
  check(): void;
}

/** Columns in the order of tierSql. */
type NumberRow = readonly [time: number, min: number, max: number, sum: number, count: number, last: number];
type TextRow = readonly [time: number, count: number, last: string];
const noNumbers = { min: Number.NaN, max: Number.NaN, sum: Number.NaN };

interface Subject {
  readonly query: CheckedQuery;
  readonly spec: TableSpec;
  readonly field: TableField;
  /** Numbers of the series asked for. */
  readonly series: readonly number[] | 'all';
}

export class Snapshot {
  readonly #connection: Connection;
  readonly #subject: Subject;
  /** Unsettled points by series, ascending in time, one a time. */
  readonly #fresh: ReadonlyMap<number, readonly TimedValue[]>;
  readonly #buckets = new Map<Tier, readonly number[]>();

  constructor(connection: Connection, subject: Subject) {
    this.#connection = connection;
    this.#subject = subject;
    this.#fresh = this.#readFresh();
  }

  /** Points of the answer for one series, ascending; raw points end soon after `enough`. */
  pointsOf(series: number, enough: number): readonly TimedValue[] {
    const { query } = this.#subject;
    if (query.step === undefined) return this.#rawPoints(series, { tier: raw, from: query.from, to: query.to }, enough);

    const windows = new Windows(query.step, query.aggregate);
    const fresh = (this.#fresh.get(series) ?? []).map(([time]) => time);
    for (const piece of plan(query, { step: query.step, fresh })) {
      if (piece.tier === raw) {
        for (const [time, value] of this.#rawPoints(series, piece)) windows.add(time, summaryOf(value));
      } else {
        for (const [time, summary] of this.#summaries(series, piece)) windows.add(time, summary);
      }
    }
    return windows.points();
  }

  #readFresh(): ReadonlyMap<number, readonly TimedValue[]> {
    const { query, spec, field, series } = this.#subject;
    const { from, to } = query;
    const rows =
      series === 'all'
        ? this.#connection.statement(headSql(spec, field.name, 'all')).iterate({ from, to })
        : this.#connection
            .statement(headSql(spec, field.name, 'listed'))
            .iterate({ from, to, series: JSON.stringify(series) });
    const bySeries = new Map<number, Map<number, Value>>();
    for (const row of rows as Iterable<unknown>) {
      const [id, time, value] = row as [number, number, Value];
      let points = bySeries.get(id);
      if (!points) {
        points = new Map();
        bySeries.set(id, points);
        this.#connection.check();
      }
      points.set(time, value);
    }
    return new Map([...bySeries].map(([id, points]) => [id, [...points].sort(([a], [b]) => a - b)]));
  }

  #rawPoints(series: number, piece: Piece, enough = Number.POSITIVE_INFINITY): readonly TimedValue[] {
    const settled: TimedValue[] = [];
    for (const rows of this.#rowsByBucket(series, piece)) {
      for (const row of rows as TimedValue[]) settled.push(row);
      if (settled.length >= enough) break;
    }
    const fresh = (this.#fresh.get(series) ?? []).filter(([time]) => time >= piece.from && time < piece.to);
    return fresh.length === 0 ? settled : overlay(settled, fresh);
  }

  *#summaries(series: number, piece: Piece): Generator<readonly [time: number, summary: Summary]> {
    const isText = this.#subject.field.type === 'string';
    for (const rows of this.#rowsByBucket(series, piece)) {
      if (isText) {
        for (const [time, count, last] of rows as TextRow[]) yield [time, { ...noNumbers, count, last }];
      } else {
        for (const [time, min, max, sum, count, last] of rows as NumberRow[]) {
          yield [time, { min, max, sum, count, last }];
        }
      }
    }
  }

  *#rowsByBucket(series: number, { tier, from, to }: Piece): Generator<unknown[]> {
    const { spec, field } = this.#subject;
    const statement = this.#connection.statement(tierSql(spec, field, tier));
    for (const bucket of this.#existing(tier)) {
      if ((bucket + 1) * tier.bucketMs <= from) continue;
      if (bucket * tier.bucketMs >= to) return;
      this.#connection.check();
      yield statement.all({ bucket, series, from, to }) as unknown[];
    }
  }

  /** Buckets of a tier that exist in the range of the query: a daily measurement fills few of the 288 a day. */
  #existing(tier: Tier): readonly number[] {
    const known = this.#buckets.get(tier);
    if (known) return known;
    const { query, spec } = this.#subject;
    const next = this.#connection.statement(`SELECT min(bucket) FROM ${tierTable(spec, tier)} WHERE bucket >= ?`);
    const last = Math.floor((query.to - 1) / tier.bucketMs);
    const found: number[] = [];
    let bucket = Math.floor(query.from / tier.bucketMs);
    for (;;) {
      const [existing] = next.get(bucket) as unknown as [number | null];
      if (existing === null || existing > last) break;
      found.push(existing);
      bucket = existing + 1;
    }
    this.#buckets.set(tier, found);
    return found;
  }
}

/** Both ascending in time; where both have a time, `fresh` has the value. */
function overlay(settled: readonly TimedValue[], fresh: readonly TimedValue[]): readonly TimedValue[] {
  const merged: TimedValue[] = [];
  let next = 0;
  for (const point of fresh) {
    for (let old = settled[next]; old && old[0] <= point[0]; old = settled[++next]) {
      if (old[0] < point[0]) merged.push(old);
    }
    merged.push(point);
  }
  return merged.concat(settled.slice(next));
}
