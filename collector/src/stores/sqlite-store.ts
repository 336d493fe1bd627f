/**
 * The embedded store: SQLite in `<folder>/series.db`.
 *
 * - A write is one transaction, journalled and synced before it is answered. It only appends to the head of each
 *   measurement; settling.ts brings points into their place later, in slices between writes. Writing straight to the
 *   place cost 1,700 bytes to disk for each value, because every series has a page of its own; this way it is 85.
 * - One thread writes and one reads, so neither holds up the collector or the other.
 * - This process alone writes the file. One that a newer version made is refused. A damaged one is renamed to
 *   `series.db.damaged-<date>` and a new one begun, and `warn` is told; agents resend what was not acknowledged.
 * - A full disk or an I/O error loses nothing: writes are answered with `retry` until one succeeds again.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Measurement, measurements } from '@vonggac/shared';
import { checkQuery } from './check-query.ts';
import { type Flattened, Flattener } from './sqlite/flatten.ts';
import type { WriterReply, WriterRequest, WriterSettings } from './sqlite/messages.ts';
import { QueryLine } from './sqlite/query-line.ts';
import type { TableSpec } from './sqlite/tables.ts';
import { Thread } from './sqlite/thread.ts';
import { dayMs, defaultRetention, type RetentionDays } from './sqlite/tiers.ts';
import {
  QueryError,
  type SeriesQuery,
  type SeriesResult,
  type Store,
  type StoreBatch,
  type WriteResult,
} from './store.ts';

const maintenanceEveryMs = 10_000;
/** About 200 MB. */
const maxPendingPoints = 2_000_000;
/** A few tens of milliseconds of work for the slowest statement. */
const rowsPerSlice = 20_000;
const retryAfterMs = { busy: 1_000, failed: 5_000, full: 15_000 } as const;

export interface SqliteStoreOptions {
  readonly folder: string;
  /** Told of what a person should know, in the shape of pino's `warn`. */
  readonly warn: (details: Readonly<Record<string, unknown>>, message: string) => void;
  readonly retention?: RetentionDays;
  /** Size that the file may reach, its journal not counted. */
  readonly maxBytes?: number;
  /** Milliseconds that one query may take. */
  readonly queryBudgetMs?: number;
  /** Points given to the writing thread and not yet answered. */
  readonly maxPendingPoints?: number;
  /** The clock, milliseconds since 1970. */
  readonly now?: () => number;
  readonly measurements?: readonly Measurement[];
}

function specOf(measurement: Measurement): TableSpec {
  const fields = Object.entries(measurement.definition.fields).map(([name, { type }]) => ({ name, type }));
  return { name: measurement.name, fields };
}

function checkRetention({ raw, fiveMinutes, hour }: RetentionDays): void {
  if (raw >= 1 && fiveMinutes >= raw && hour >= fiveMinutes) return;
  throw new Error(
    `retention of ${raw}, ${fiveMinutes} and ${hour} days: raw points need at least 1 day, and the coarser at least as many as the finer`,
  );
}

export class SqliteStore implements Store {
  readonly name = 'sqlite';
  readonly #folder: string;
  readonly #file: string;
  readonly #warn: SqliteStoreOptions['warn'];
  readonly #now: () => number;
  readonly #maxPendingPoints: number;
  readonly #rawMs: number;
  readonly #catalogue: ReadonlyMap<string, Measurement>;
  readonly #flattener: Flattener;
  readonly #writer: Thread<WriterRequest, WriterReply>;
  readonly #queries: QueryLine;
  #state: 'new' | 'open' | 'stopped' = 'new';
  #replacing: Promise<void> | undefined;
  #pendingPoints = 0;
  #writeTrouble: string | undefined;
  #maintenanceTrouble: string | undefined;
  #maintenance: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SqliteStoreOptions) {
    const retention = options.retention ?? defaultRetention;
    checkRetention(retention);
    const catalogue = options.measurements ?? measurements;
    this.#folder = options.folder;
    this.#file = join(options.folder, 'series.db');
    this.#warn = options.warn;
    this.#now = options.now ?? Date.now;
    this.#maxPendingPoints = options.maxPendingPoints ?? maxPendingPoints;
    this.#rawMs = retention.raw * dayMs;
    this.#catalogue = new Map(catalogue.map((measurement) => [measurement.name, measurement]));
    this.#flattener = new Flattener(catalogue);
    const specs = catalogue.map(specOf);
    const settings: WriterSettings = {
      file: this.#file,
      specs,
      retention,
      maxBytes: options.maxBytes,
      rowsPerSlice,
    };
    this.#writer = new Thread(new URL('sqlite/writer-worker.ts', import.meta.url), settings);
    this.#queries = new QueryLine({ file: this.#file, specs, budgetMs: options.queryBudgetMs ?? 10_000 }, (reason) =>
      this.#warn({ file: this.#file, reason }, 'a query met a damaged part of the time series'),
    );
  }

  async start(): Promise<void> {
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw new Error(`cannot create ${this.#folder}: choose another data folder or make it writable`, { cause });
    }
    let reply = await this.#ask({ kind: 'open' });
    if (reply.status === 'failed' && reply.trouble === 'damaged') {
      await this.#replaceDamaged(reply.reason);
      reply = await this.#ask({ kind: 'open' });
    }
    if (reply.status === 'failed' && reply.trouble === 'full') this.#writeTrouble = this.#cannotWrite(reply.reason);
    else if (reply.status === 'failed') {
      await this.#writer.stop();
      if (reply.trouble === 'refused') throw new Error(reply.reason);
      throw new Error(
        `cannot open ${this.#file} (${reply.reason}): check that the folder is writable and its disk sound`,
      );
    }
    this.#state = 'open';
    this.#timer = setInterval(() => void this.maintain(), maintenanceEveryMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    if (this.#state !== 'open') return;
    this.#state = 'stopped';
    clearInterval(this.#timer);
    await this.#maintenance;
    await this.#replacing;
    await this.#queries.pause();
    // The thread answers in order: what was written before is committed by now.
    await this.#ask({ kind: 'close' });
    await this.#writer.stop();
  }

  async write(batches: readonly StoreBatch[]): Promise<WriteResult> {
    const closed = this.#closed();
    if (closed !== undefined) return retry('busy', closed);
    const offered = batches.reduce((sum, { points }) => sum + points.length, 0);
    if (this.#pendingPoints > 0 && this.#pendingPoints + offered > this.#maxPendingPoints) {
      return retry('busy', `${this.#pendingPoints} points are waiting to be written already`);
    }
    const now = this.#now();
    const flattened = this.#flattener.flatten(batches, { now, oldest: now - this.#rawMs });
    const { refused, points } = flattened;
    if (points > 0) {
      this.#pendingPoints += points;
      const reply = await this.#send(flattened, now);
      this.#pendingPoints -= points;
      if (reply.status === 'failed') return await this.#notWritten(reply);
      this.#writeTrouble = undefined;
    }
    return { status: 'accepted', refused };
  }

  async query(query: SeriesQuery, signal?: AbortSignal): Promise<SeriesResult> {
    const checked = checkQuery(query, this.#catalogue);
    const closed = this.#closed();
    if (closed !== undefined) throw new QueryError('unavailable', closed);
    return this.#queries.ask(checked, signal);
  }

  health(): string | undefined {
    return this.#closed() ?? this.#writeTrouble ?? this.#maintenanceTrouble;
  }

  /** Settles and deletes what is due, as happens every ten seconds by itself; resolves when nothing is left to do. */
  maintain(): Promise<void> {
    this.#maintenance ??= this.#maintainInSlices().finally(() => {
      this.#maintenance = undefined;
    });
    return this.#maintenance;
  }

  async #maintainInSlices(): Promise<void> {
    while (this.#closed() === undefined) {
      // One request a slice: writes that came in between are ahead of the next.
      const reply = await this.#ask({ kind: 'maintain', now: this.#now() });
      if (reply.status === 'more') continue;
      this.#maintenanceTrouble = undefined;
      if (reply.status !== 'failed') return;
      if (reply.trouble === 'damaged') await this.#replaceDamaged(reply.reason);
      else this.#maintenanceTrouble = `cannot tidy up ${this.#file}: ${reply.reason}`;
      return;
    }
  }

  /** Why nothing goes in or out at the moment. */
  #closed(): string | undefined {
    if (this.#state !== 'open') return 'the store is not open';
    return this.#replacing ? 'the damaged file is being replaced' : undefined;
  }

  #send({ generation, columns, newSeries }: Flattened, now: number): Promise<WriterReply> {
    const transfer = columns.flatMap(({ series, times, values }) => [series.buffer, times.buffer, values.buffer]);
    return this.#ask({ kind: 'write', generation, now, columns, newSeries }, transfer);
  }

  /** A thread that ends answers, too. */
  async #ask(request: WriterRequest, transfer: readonly ArrayBuffer[] = []): Promise<WriterReply> {
    let reply: WriterReply;
    try {
      reply = await this.#writer.call(request, transfer);
    } catch (error) {
      this.#flattener.nextGeneration();
      return { status: 'failed', trouble: 'other', reason: (error as Error).message, generation: 0 };
    }
    this.#flattener.enterGeneration(reply.generation);
    return reply;
  }

  async #notWritten(reply: Extract<WriterReply, { status: 'failed' }>): Promise<WriteResult> {
    if (reply.trouble === 'stale') return retry('busy', reply.reason);
    if (reply.trouble === 'damaged') {
      await this.#replaceDamaged(reply.reason);
      return retry('busy', this.#cannotWrite(reply.reason));
    }
    this.#writeTrouble = this.#cannotWrite(reply.reason);
    return retry(reply.trouble === 'full' ? 'full' : 'failed', this.#writeTrouble);
  }

  #cannotWrite(reason: string): string {
    return `cannot write ${this.#file}: ${reason}`;
  }

  /** Puts an empty file in the place of the damaged one, with nobody reading it. */
  #replaceDamaged(reason: string): Promise<void> {
    this.#replacing ??= this.#replace(reason).finally(() => {
      this.#replacing = undefined;
    });
    return this.#replacing;
  }

  async #replace(reason: string): Promise<void> {
    await this.#queries.pause();
    const reply = await this.#ask({ kind: 'set-aside', now: this.#now() });
    if (reply.status === 'set-aside') {
      this.#warn(
        { file: this.#file, setAside: reply.file, reason },
        'the time series file was damaged: it is set aside and a new one begun',
      );
    }
    await this.#ask({ kind: 'open' });
    this.#queries.resume();
  }
}

function retry(cause: keyof typeof retryAfterMs, reason: string): WriteResult {
  return { status: 'retry', afterMs: retryAfterMs[cause], reason };
}
