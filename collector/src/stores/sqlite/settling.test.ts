/**
 * The writer and the reader against a plain map: whatever is written, settled in part, interrupted or repeated, a query
 * gives what the points alone would give, from whichever tiers it is answered.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FieldValue, measurementByName, type Point } from '@vonggac/shared';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkQuery } from '../check-query.ts';
import type { Aggregate, Origin, SeriesQuery } from '../store.ts';
import { Flattener } from './flatten.ts';
import { SqliteReader } from './reader.ts';
import { defaultRetention } from './tiers.ts';
import { SqliteWriter } from './writer.ts';

const minute = 60_000;
const hour = 60 * minute;
/** Midnight, so that hours of the test are also hours of the store. */
const base = Date.UTC(2026, 2, 1);
const span = 8 * hour;

const measurement = measurementByName('inventory');
if (!measurement) throw new Error('the catalogue has no inventory');
const catalogue = new Map([[measurement.name, measurement]]);
const fields = Object.entries(measurement.definition.fields).map(([name, { type }]) => ({ name, type }));
const spec = { name: measurement.name, fields };

const fieldNames = ['cpu_cores', 'virtual', 'os_name'] as const;
type Field = (typeof fieldNames)[number];
type Fields = Partial<Record<Field, FieldValue>>;

function origin(agent: number): Origin {
  return { agent: `a-${agent}`, host: 'h', unit: 'u', class: 'pc' };
}

/** The store's two sides without their threads, and the map that they must agree with. */
class Pair {
  readonly #settings;
  readonly #flattener = new Flattener([...catalogue.values()]);
  readonly #values = new Map<string, Map<number, Fields>>();
  readonly #reader: SqliteReader;
  #writer: SqliteWriter;

  constructor(folder: string) {
    const file = join(folder, 'series.db');
    this.#settings = { file, specs: [spec], retention: defaultRetention, maxBytes: undefined, rowsPerSlice: 7 };
    this.#writer = new SqliteWriter(this.#settings);
    const cancelled = new Int32Array(new SharedArrayBuffer(4));
    this.#reader = new SqliteReader({ file, specs: [spec], budgetMs: 60_000, cancelled });
  }

  write(agent: number, readings: readonly { readonly at: number; readonly fields: Fields }[]): void {
    const points = readings.map(
      ({ at, fields }): Point => ({ measurement: 'inventory', tags: {}, fields, time: base + at }),
    );
    const flattened = this.#flattener.flatten([{ origin: origin(agent), points }], { now: base, oldest: 0 });
    const { generation, columns, newSeries } = flattened;
    const reply = this.#writer.handle({ kind: 'write', generation, now: base, columns, newSeries });
    expect(reply.status).toBe('done');
    const name = `a-${agent}`;
    const known = this.#values.get(name) ?? new Map<number, Fields>();
    this.#values.set(name, known);
    for (const { time, fields } of points) known.set(time, { ...known.get(time), ...fields });
  }

  /** Settles for `slices` slices, then stops wherever that is. */
  maintain(at: number, slices: number): void {
    for (let slice = 0; slice < slices; slice += 1) {
      const { status } = this.#writer.handle({ kind: 'maintain', now: base + at });
      if (status === 'done') return;
      expect(status).toBe('more');
    }
  }

  /** As after a crash: what was half done in memory is gone. */
  restart(): void {
    this.#writer.handle({ kind: 'close' });
    this.#writer = new SqliteWriter(this.#settings);
    this.#flattener.nextGeneration();
  }

  check(query: SeriesQuery): void {
    const { series } = this.#reader.query(checkQuery(query, catalogue));
    expect(series.map(({ tags, points }) => [tags.agent, points])).toEqual(this.#expected(query));
  }

  close(): void {
    this.#reader.close();
    this.#writer.handle({ kind: 'close' });
  }

  #expected({ field, from, to, step, aggregate }: SeriesQuery): unknown[] {
    const answer: unknown[] = [];
    for (const [agent, known] of [...this.#values].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const points = [...known]
        .sort(([a], [b]) => a - b)
        .flatMap(([time, fields]) => {
          const value = fields[field as Field];
          return time < from || time >= to || value === undefined ? [] : [[time, plain(value)] as const];
        });
      if (points.length === 0) continue;
      if (step === undefined) answer.push([agent, points]);
      else {
        const windows = Map.groupBy(points, ([time]) => Math.floor(time / step) * step);
        answer.push([
          agent,
          [...windows].map(([start, inside]) => [
            start,
            fold(
              inside.map(([, v]) => v),
              aggregate ?? 'mean',
            ),
          ]),
        ]);
      }
    }
    return answer;
  }
}

function plain(value: FieldValue): number | string {
  return typeof value === 'boolean' ? Number(value) : value;
}

function fold(values: readonly (number | string)[], aggregate: Aggregate): number | string | undefined {
  const numbers = values as number[];
  const sum = () => numbers.reduce((total, value) => total + value, 0);
  switch (aggregate) {
    case 'count':
      return values.length;
    case 'last':
      return values.at(-1);
    case 'min':
      return Math.min(...numbers);
    case 'max':
      return Math.max(...numbers);
    case 'sum':
      return sum();
    case 'mean':
      return sum() / values.length;
  }
}

/** Times that often meet each other and the edges of windows. */
const at = fc.oneof(
  fc.nat(span / (5 * minute)).map((n) => n * 5 * minute),
  fc.nat(span / minute).map((n) => n * minute),
  fc.nat(span).map((n) => n + 1),
  fc.nat(20).map((n) => 2 * hour - 10 + n),
);
const someFields: fc.Arbitrary<Fields> = fc
  .record(
    { cpu_cores: fc.integer({ min: -50, max: 50 }), virtual: fc.boolean(), os_name: fc.constantFrom('a', 'b', '') },
    { requiredKeys: [] },
  )
  .filter((some) => Object.keys(some).length > 0);

const write = fc.tuple(fc.nat(2), fc.array(fc.record({ at, fields: someFields }), { minLength: 1, maxLength: 30 })).map(
  ([agent, readings]) =>
    (pair: Pair) =>
      pair.write(agent, readings),
);
const maintain = fc.tuple(at, fc.oneof(fc.nat(40), fc.constant(1_000))).map(
  ([now, slices]) =>
    (pair: Pair) =>
      pair.maintain(now, slices),
);
const restart = fc.constant((pair: Pair) => pair.restart());
const query = fc
  .record({
    field: fc.constantFrom(...fieldNames),
    ends: fc.tuple(at, at),
    step: fc.constantFrom(undefined, minute, 5 * minute, 7 * minute, 15 * minute, hour, 2 * hour, 24 * hour),
    aggregate: fc.constantFrom<Aggregate[]>('mean', 'min', 'max', 'sum', 'count', 'last'),
  })
  .map(({ field, ends, step, aggregate }) => (pair: Pair) => {
    const textual = field === 'os_name' && aggregate !== 'count' ? 'last' : aggregate;
    const [from, to] = [Math.min(...ends) + base, Math.max(...ends) + base];
    const rest = step === undefined ? {} : { step, aggregate: textual };
    pair.check({ measurement: 'inventory', field, from, to, limit: 100_000, ...rest });
  });

it('answers from all tiers what the points alone would', () => {
  const actions = fc.array(
    fc.oneof({ weight: 3, arbitrary: write }, maintain, restart, { weight: 5, arbitrary: query }),
    {
      size: '+1',
      maxLength: 60,
    },
  );
  fc.assert(
    fc.property(actions, (all) => {
      const folder = mkdtempSync(join(tmpdir(), 'vonggac-settling-'));
      const pair = new Pair(folder);
      try {
        pair.write(0, [{ at: 0, fields: { cpu_cores: 1 } }]);
        for (const action of all) action(pair);
      } finally {
        pair.close();
        rmSync(folder, { recursive: true });
      }
    }),
    { numRuns: 100 },
  );
}, 60_000);
