/**
 * The writing side of `series.db`; runs in a thread of its own. It answers every request and never throws.
 *
 * Series travel as small numbers that the sender gives out; `#ids` maps them to the file's own. When the map may be
 * wrong (rows rolled back, series expired, the file replaced) a new generation of numbers begins: here at once, on the
 * sender's side when it reads it in a reply, and what was sent in between is answered with `stale`.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { DatabaseFileError, inTransaction, openForWriting, setAside, troubleOf } from './database-file.ts';
import type { NewSeries, PointColumns, WriterOutcome, WriterReply, WriterRequest, WriterSettings } from './messages.ts';
import { expire, expiryTime } from './retention.ts';
import { forgetBefore, oldestInHead, settle, settlingTime } from './settling.ts';
import { appendSql, rowsPerInsert, type TableSpec } from './tables.ts';
import { raw } from './tiers.ts';

interface Table {
  readonly spec: TableSpec;
  readonly appendMany: StatementSync;
  readonly appendOne: StatementSync;
  /** Time of the oldest point in the head. */
  oldest: number;
}

interface OpenFile {
  readonly database: DatabaseSync;
  readonly tables: readonly Table[];
}

type WriteRequest = Extract<WriterRequest, { kind: 'write' }>;
type Parameter = number | string | null;

export class SqliteWriter {
  readonly #settings: WriterSettings;
  #open: OpenFile | undefined;
  #generation = 0;
  #ids: number[] = [];
  #maintenance: Generator<undefined, void> | undefined;

  constructor(settings: WriterSettings) {
    this.#settings = settings;
  }

  handle(request: WriterRequest): WriterReply {
    const outcome = this.#attempt(request);
    return { ...outcome, generation: this.#generation };
  }

  #attempt(request: WriterRequest): WriterOutcome {
    try {
      switch (request.kind) {
        case 'open':
          this.#file();
          return { status: 'done' };
        case 'write':
          return this.#write(request);
        case 'maintain':
          return this.#maintain(request.now);
        case 'set-aside':
          this.#close();
          return { status: 'set-aside', file: setAside(this.#settings.file, request.now) };
        case 'close':
          this.#close();
          return { status: 'done' };
      }
    } catch (error) {
      return this.#failed(error);
    }
  }

  #beginGeneration(generation: number): void {
    this.#generation = generation;
    this.#ids = [];
  }

  #file(): OpenFile {
    if (!this.#open) {
      const { file, specs, maxBytes } = this.#settings;
      const database = openForWriting(file, { specs, maxBytes });
      const tables = specs.map((spec) => ({
        spec,
        appendMany: database.prepare(appendSql(spec, rowsPerInsert)),
        appendOne: database.prepare(appendSql(spec, 1)),
        oldest: oldestInHead(database, spec),
      }));
      this.#open = { database, tables };
    }
    return this.#open;
  }

  #close(): void {
    const database = this.#open?.database;
    this.#open = undefined;
    this.#maintenance = undefined;
    database?.close();
  }

  #failed(error: unknown): WriterOutcome {
    const trouble = error instanceof DatabaseFileError ? 'refused' : troubleOf(error);
    this.#beginGeneration(this.#generation + 1);
    this.#maintenance = undefined;
    // After an I/O error what the connection believes of the file may be wrong; the next request opens it anew.
    if (trouble !== 'full') {
      try {
        this.#close();
      } catch {
        // The first error is the one to report.
      }
    }
    return { status: 'failed', trouble, reason: (error as Error).message };
  }

  #write(request: WriteRequest): WriterOutcome {
    if (request.generation < this.#generation) {
      return { status: 'failed', trouble: 'stale', reason: 'an earlier write failed' };
    }
    if (request.generation > this.#generation) this.#beginGeneration(request.generation);
    const { database, tables } = this.#file();
    inTransaction(database, () => {
      this.#addSeries(database, request);
      for (const columns of request.columns) append(columns, { table: tables[columns.table], ids: this.#ids });
    });
    for (const { table, rows, times } of request.columns) {
      const written = tables[table];
      if (!written) continue;
      for (let row = 0; row < rows; row += 1) written.oldest = Math.min(written.oldest, times[row] ?? written.oldest);
    }
    return { status: 'done' };
  }

  #addSeries(database: DatabaseSync, { newSeries, now }: { newSeries: readonly NewSeries[]; now: number }): void {
    if (newSeries.length === 0) return;
    const find = database.prepare('SELECT id FROM series WHERE measurement = ? AND tags = ?');
    const add = database.prepare('INSERT INTO series (measurement, tags, seen) VALUES (?, ?, ?)');
    for (const { number, measurement, tags } of newSeries) {
      const id = find.get(measurement, tags)?.id ?? add.run(measurement, tags, now).lastInsertRowid;
      this.#ids[number] = Number(id);
    }
  }

  #maintain(now: number): WriterOutcome {
    this.#maintenance ??= this.#maintenanceSlices(now);
    if (!this.#maintenance.next().done) return { status: 'more' };
    this.#maintenance = undefined;
    return { status: 'done' };
  }

  *#maintenanceSlices(now: number): Generator<undefined, void> {
    const { database, tables } = this.#file();
    let failure: unknown;
    try {
      for (const table of tables) yield* this.#settle(database, { table, now });
    } catch (error) {
      failure = error;
    }
    // Also when nothing could settle: on a full disk this is what makes room.
    const goneSeries = yield* expire(database, { ...this.#settings, now });
    if (goneSeries > 0) this.#beginGeneration(this.#generation + 1);
    if (failure === undefined) return;
    const time = expiryTime(now, { retention: this.#settings.retention, tier: raw });
    for (const { spec } of tables) forgetBefore(database, { spec, time });
    throw failure;
  }

  *#settle(database: DatabaseSync, { table, now }: { table: Table; now: number }): Generator<undefined, void> {
    const before = settlingTime(now);
    if (table.oldest >= before) return;
    yield* settle(database, { spec: table.spec, before, now, rowsPerSlice: this.#settings.rowsPerSlice });
    table.oldest = oldestInHead(database, table.spec);
  }
}

/** Appends the rows to the head of their table. */
function append(columns: PointColumns, { table, ids }: { table: Table | undefined; ids: readonly number[] }): void {
  if (!table) throw new Error(`no table ${columns.table}`);
  const { fields } = table.spec;
  const { rows, series, times, values, texts } = columns;
  const isText = fields.map((field) => field.type === 'string');
  let parameters: Parameter[] = [];
  let value = 0;
  let text = 0;
  for (let row = 0; row < rows; row += 1) {
    parameters.push(ids[series[row] ?? -1] ?? null, times[row] ?? null);
    for (let field = 0; field < fields.length; field += 1) {
      const number = values[value++] ?? Number.NaN;
      if (isText[field]) parameters.push(texts[text++] ?? null);
      else parameters.push(Number.isNaN(number) ? null : number);
    }
    if ((row + 1) % rowsPerInsert === 0) {
      table.appendMany.run(...parameters);
      parameters = [];
    }
  }
  const width = fields.length + 2;
  for (let start = 0; start < parameters.length; start += width) {
    table.appendOne.run(...parameters.slice(start, start + width));
  }
}
