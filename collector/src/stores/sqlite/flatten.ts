/** Batches of points to the columns that cross to the writing thread; all that a write costs the collector's own thread. */
import type { Measurement } from '@vonggac/shared';
import { type AcceptedPoint, acceptPoints } from '../accept-points.ts';
import { Refusals } from '../check-point.ts';
import { SeriesCache } from '../series-cache.ts';
import type { StoreBatch } from '../store.ts';
import type { NewSeries, PointColumns } from './messages.ts';

export interface Flattened {
  readonly generation: number;
  readonly columns: readonly PointColumns[];
  readonly newSeries: readonly NewSeries[];
  readonly points: number;
  readonly refused: readonly { readonly reason: string; readonly points: number }[];
}

interface Filling extends Omit<PointColumns, 'rows' | 'texts'> {
  rows: number;
  readonly texts: (string | null)[];
}

export class Flattener {
  readonly #catalogue: ReadonlyMap<string, Measurement>;
  /** Index of each measurement's table. */
  readonly #tables: ReadonlyMap<string, number>;
  readonly #series: SeriesCache<{ readonly number: number }>;
  #generation = 0;
  #numbers = 0;
  #newSeries: NewSeries[] = [];

  /** `measurements` in the order of the writer's tables. */
  constructor(measurements: readonly Measurement[]) {
    this.#catalogue = new Map(measurements.map((measurement) => [measurement.name, measurement]));
    this.#tables = new Map(measurements.map((measurement, index) => [measurement.name, index]));
    this.#series = new SeriesCache((measurement, tags) => {
      const number = this.#numbers++;
      this.#newSeries.push({ number, measurement: measurement.name, tags: JSON.stringify(tags) });
      return { number };
    });
  }

  /** Numbers of series begin anew, unless they have already for this generation. */
  enterGeneration(generation: number): void {
    if (generation <= this.#generation) return;
    this.#generation = generation;
    this.#numbers = 0;
    this.#newSeries = [];
    this.#series.clear();
  }

  nextGeneration(): void {
    this.enterGeneration(this.#generation + 1);
  }

  /** Points older than `oldest` are refused; milliseconds. What this returns must reach the writer, in order. */
  flatten(batches: readonly StoreBatch[], { now, oldest }: { now: number; oldest: number }): Flattened {
    if (this.#series.isDue(now)) this.nextGeneration();
    const columns = this.#allocate(batches);
    let points = 0;
    const refusals = new Refusals();
    acceptPoints(batches, {
      catalogue: this.#catalogue,
      series: this.#series,
      oldest,
      refusals,
      take: (accepted) => {
        points += 1;
        const target = columns.get(accepted.measurement.name);
        if (target) fill(target, accepted);
      },
    });
    const newSeries = this.#newSeries;
    this.#newSeries = [];
    const filled = [...columns.values()].filter(({ rows }) => rows > 0);
    return { generation: this.#generation, columns: filled, newSeries, points, refused: refusals.list() };
  }

  /** Columns with room for all points, refused ones included. */
  #allocate(batches: readonly StoreBatch[]): Map<string, Filling> {
    const counts = new Map<string, number>();
    for (const { points } of batches) {
      for (const { measurement } of points) counts.set(measurement, (counts.get(measurement) ?? 0) + 1);
    }
    const columns = new Map<string, Filling>();
    for (const [name, rows] of counts) {
      const table = this.#tables.get(name);
      const width = this.#catalogue.get(name)?.fieldNames.length;
      if (table === undefined || width === undefined) continue;
      columns.set(name, {
        table,
        rows: 0,
        series: new Uint32Array(rows),
        times: new Float64Array(rows),
        values: new Float64Array(rows * width),
        texts: [],
      });
    }
    return columns;
  }
}

function fill(target: Filling, { measurement, point, series }: AcceptedPoint<{ readonly number: number }>): void {
  const { fieldNames, definition } = measurement;
  const row = target.rows++;
  target.series[row] = series.number;
  target.times[row] = point.time;
  let cell = row * fieldNames.length;
  for (const name of fieldNames) {
    const value = point.fields[name];
    if (definition.fields[name]?.type === 'string') target.texts.push(typeof value === 'string' ? value : null);
    target.values[cell++] = typeof value === 'string' || value === undefined ? Number.NaN : Number(value);
  }
}
