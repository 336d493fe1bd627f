/** Batches of points to the columns that cross to the writing thread; all that a write costs the collector's own thread. */
import type { Measurement, Point } from '@vonggac/shared';
import { Refusals, refusalOf } from '../check-point.ts';
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

/** Columns being filled: `rows` of them are, of the capacity that the arrays have. */
interface Filling {
  readonly measurement: Measurement;
  readonly table: number;
  rows: number;
  readonly series: Uint32Array<ArrayBuffer>;
  readonly times: Float64Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
  readonly texts: (string | null)[];
}

export class Flattener {
  readonly #tables: ReadonlyMap<string, { readonly measurement: Measurement; readonly index: number }>;
  readonly #cache: SeriesCache<{ readonly number: number }>;
  #generation = 0;
  #numbers = 0;
  #newSeries: NewSeries[] = [];

  /** `measurements` in the order of the writer's tables. */
  constructor(measurements: readonly Measurement[]) {
    this.#tables = new Map(measurements.map((measurement, index) => [measurement.name, { measurement, index }]));
    this.#cache = new SeriesCache((measurement, tags) => {
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
    this.#cache.clear();
  }

  nextGeneration(): void {
    this.enterGeneration(this.#generation + 1);
  }

  /** Points older than `oldest` are refused; milliseconds. What this returns must reach the writer, in order. */
  flatten(batches: readonly StoreBatch[], { now, oldest }: { now: number; oldest: number }): Flattened {
    if (this.#cache.isDue(now)) this.nextGeneration();
    const refused = new Refusals();
    const filling = this.#allocate(batches);
    let points = 0;
    for (const { origin, points: given } of batches) {
      for (const point of given) {
        const target = filling.get(point.measurement);
        const reason = target ? refusalOf(point, target.measurement) : 'unknown_measurement';
        if (!target || reason) refused.add(reason ?? 'unknown_measurement');
        else if (point.time < oldest) refused.add('too_old');
        else {
          const series = this.#cache.find(origin, { measurement: target.measurement, tags: point.tags });
          if (typeof series === 'string') refused.add(series);
          else {
            fill(target, { point, number: series.number });
            points += 1;
          }
        }
      }
    }
    const newSeries = this.#newSeries;
    this.#newSeries = [];
    const columns = [...filling.values()]
      .filter(({ rows }) => rows > 0)
      .map(({ measurement: _, ...column }): PointColumns => column);
    return { generation: this.#generation, columns, newSeries, points, refused: refused.list() };
  }

  #allocate(batches: readonly StoreBatch[]): Map<string, Filling> {
    const counts = new Map<string, number>();
    for (const { points } of batches) {
      for (const { measurement } of points) counts.set(measurement, (counts.get(measurement) ?? 0) + 1);
    }
    const filling = new Map<string, Filling>();
    for (const [name, rows] of counts) {
      const table = this.#tables.get(name);
      if (!table) continue;
      filling.set(name, {
        measurement: table.measurement,
        table: table.index,
        rows: 0,
        series: new Uint32Array(rows),
        times: new Float64Array(rows),
        values: new Float64Array(rows * table.measurement.fieldNames.length),
        texts: [],
      });
    }
    return filling;
  }
}

function fill(target: Filling, { point, number }: { point: Point; number: number }): void {
  const { fieldNames, definition } = target.measurement;
  const row = target.rows++;
  target.series[row] = number;
  target.times[row] = point.time;
  let cell = row * fieldNames.length;
  for (const name of fieldNames) {
    const value = point.fields[name];
    if (definition.fields[name]?.type === 'string') target.texts.push(typeof value === 'string' ? value : null);
    target.values[cell++] = typeof value === 'string' || value === undefined ? Number.NaN : Number(value);
  }
}
