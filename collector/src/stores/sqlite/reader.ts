/**
 * The reading side of `series.db`; runs in a thread of its own, on a connection that cannot write. Series are read one
 * after the other in the order of the answer, so that `limit`, the time budget and a cancellation end a query early.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { CheckedQuery } from '../check-query.ts';
import { compareTags, type SeriesTags } from '../series-tags.ts';
import { QueryError, type Series, type SeriesResult } from '../store.ts';
import type { ReaderSettings } from './messages.ts';
import { Snapshot } from './snapshot.ts';

/** Prepared statements kept; a dashboard uses a few dozen. */
const maxStatements = 500;

interface KnownSeries {
  readonly id: number;
  readonly tags: SeriesTags;
}

export class SqliteReader {
  readonly #settings: ReaderSettings;
  #database: DatabaseSync | undefined;
  readonly #statements = new Map<string, StatementSync>();
  /** By measurement, in the order of the answers. */
  readonly #series = new Map<string, KnownSeries[]>();
  #newestSeries = 0;

  constructor(settings: ReaderSettings) {
    this.#settings = settings;
  }

  close(): void {
    const database = this.#database;
    this.#database = undefined;
    this.#statements.clear();
    this.#series.clear();
    this.#newestSeries = 0;
    database?.close();
  }

  /** Throws QueryError when it takes too long or is cancelled, and SQLite's errors. */
  query(query: CheckedQuery): SeriesResult {
    const database = this.#database ?? new DatabaseSync(this.#settings.file, { readOnly: true, timeout: 5_000 });
    this.#database = database;
    // One transaction sees one state of the file, whatever settles meanwhile.
    database.exec('BEGIN');
    try {
      return this.#answer(database, query);
    } finally {
      database.exec('COMMIT');
    }
  }

  #answer(database: DatabaseSync, query: CheckedQuery): SeriesResult {
    const spec = this.#settings.specs.find((candidate) => candidate.name === query.measurement);
    const field = spec?.fields.find((candidate) => candidate.name === query.field);
    if (!spec || !field) throw new QueryError('invalid', `no field ${query.measurement}.${query.field}`);
    const listed = this.#seriesOf(database, query);
    const snapshot = new Snapshot(
      { statement: (sql) => this.#statement(database, sql), check: this.#budget() },
      { query, spec, field, series: query.tags.length === 0 ? 'all' : listed.map(({ id }) => id) },
    );

    const series: Series[] = [];
    let left = query.limit;
    for (const { id, tags } of listed) {
      const found = snapshot.pointsOf(id, left + 1);
      if (found.length > 0 && left > 0) series.push({ tags, points: found.slice(0, left) });
      left -= found.length;
      if (left < 0) return { series, truncated: true };
    }
    return { series, truncated: false };
  }

  /** The series that have all tags of the query. */
  #seriesOf(database: DatabaseSync, query: CheckedQuery): KnownSeries[] {
    const added = this.#statement(database, 'SELECT id, measurement, tags FROM series WHERE id > ? ORDER BY id').all(
      this.#newestSeries,
    ) as unknown as [id: number, measurement: string, tags: string][];
    const changed = new Set<KnownSeries[]>();
    for (const [id, measurement, tags] of added) {
      const list = this.#series.get(measurement) ?? [];
      list.push({ id, tags: JSON.parse(tags) as SeriesTags });
      this.#series.set(measurement, list);
      changed.add(list);
      this.#newestSeries = id;
    }
    for (const list of changed) list.sort((a, b) => compareTags(a.tags, b.tags));
    const all = this.#series.get(query.measurement) ?? [];
    return all.filter(({ tags }) => query.tags.every(([name, value]) => tags[name] === value));
  }

  /** A function that throws QueryError once the query may not go on. */
  #budget(): () => void {
    const { budgetMs, cancelled } = this.#settings;
    const deadline = performance.now() + budgetMs;
    return () => {
      if (Atomics.load(cancelled, 0) !== 0) throw new QueryError('unavailable', 'the query was cancelled');
      if (performance.now() <= deadline) return;
      throw new QueryError(
        'too_slow',
        `the query takes more than ${budgetMs / 1000} s: ask for fewer series, a shorter range or a longer step`,
      );
    };
  }

  #statement(database: DatabaseSync, sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    if (this.#statements.size >= maxStatements) this.#statements.clear();
    const statement = database.prepare(sql);
    statement.setReturnArrays(true);
    this.#statements.set(sql, statement);
    return statement;
  }
}
