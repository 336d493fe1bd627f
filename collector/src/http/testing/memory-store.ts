import type { Point } from '@vonggac/shared';
import type { Origin, Series, SeriesQuery, SeriesResult, Store, StoreBatch, WriteResult } from '../../stores/store.ts';

interface Row {
  readonly origin: Origin;
  readonly point: Point;
}

/** A store for tests that keeps everything in memory and knows no aggregate but the mean and the last. */
export class MemoryStore implements Store {
  readonly name = 'memory';
  /** Set to make `health` say that the store is away, and `query` fail. */
  away: string | undefined;
  readonly #rows: Row[] = [];

  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  async write(batches: readonly StoreBatch[]): Promise<WriteResult> {
    for (const { origin, points } of batches) for (const point of points) this.#rows.push({ origin, point });
    return { status: 'accepted', refused: [] };
  }

  async query(query: SeriesQuery): Promise<SeriesResult> {
    if (this.away !== undefined) throw new Error('connection refused');
    const groups = new Map<string, Row[]>();
    for (const row of this.#rows) {
      const { measurement, time, fields } = row.point;
      if (measurement !== query.measurement || time < query.from || time >= query.to || !(query.field in fields))
        continue;
      const tags = tagsOf(row);
      if (Object.entries(query.tags ?? {}).some(([name, value]) => tags[name] !== value)) continue;
      const key = JSON.stringify(tags);
      groups.set(key, [...(groups.get(key) ?? []), row]);
    }
    const series = [...groups.values()].map((rows) => toSeries(rows, query));
    let left = query.limit;
    const total = series.reduce((sum, { points }) => sum + points.length, 0);
    const limited = series.map(({ tags, points }) => {
      const taken = points.slice(0, left);
      left -= taken.length;
      return { tags, points: taken };
    });
    return { series: limited.filter(({ points }) => points.length > 0), truncated: total > query.limit };
  }

  health(): string | undefined {
    return this.away;
  }
}

function tagsOf({ origin, point }: Row): Record<string, string> {
  return { ...point.tags, agent: origin.agent, host: origin.host, unit: origin.unit, class: origin.class };
}

function toSeries(rows: readonly Row[], { field, step, aggregate }: SeriesQuery): Series {
  const windows = new Map<number, (number | string)[]>();
  for (const { point } of rows) {
    const time = step === undefined ? point.time : Math.floor(point.time / step) * step;
    const value = point.fields[field] ?? '';
    windows.set(time, [...(windows.get(time) ?? []), typeof value === 'boolean' ? Number(value) : value]);
  }
  const points = [...windows].sort(([a], [b]) => a - b);
  const [first] = rows;
  return {
    tags: first ? tagsOf(first) : {},
    points: points.map(([time, values]) => [time, aggregate === 'mean' ? mean(values) : (values.at(-1) ?? '')]),
  };
}

function mean(values: readonly (number | string)[]): number {
  return values.reduce<number>((sum, value) => sum + Number(value), 0) / values.length;
}
