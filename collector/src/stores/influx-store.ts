/**
 * A store on InfluxDB 1.x, or on 2.x through its API for version 1, for offices that run one already.
 *
 * - An accepted write has been acknowledged by the server. A server that is away costs nothing: writes are answered
 *   with `retry`, and its return is noticed within ten seconds or by the next write.
 * - The database and a retention policy named `vonggac` are made where they are missing; what exists is left as it is.
 * - Booleans are stored as integers, tags that end in a backslash with a space more; line-protocol.ts says why.
 */
import { type Measurement, measurements } from '@vonggac/shared';
import { acceptPoints } from './accept-points.ts';
import { Refusals } from './check-point.ts';
import { checkQuery } from './check-query.ts';
import { lineOf, seriesPart } from './influx/line-protocol.ts';
import { readSeries } from './influx/read.ts';
import { InfluxServer, ServerError } from './influx/server.ts';
import { Slots } from './influx/slots.ts';
import { InfluxWriter } from './influx/writer.ts';
import { SeriesCache } from './series-cache.ts';
import {
  QueryError,
  type SeriesQuery,
  type SeriesResult,
  type Store,
  type StoreBatch,
  type WriteResult,
} from './store.ts';

const dayMs = 86_400_000;
const recheckMs = 10_000;
const maxRequests = 4;
/** Points being sent or waiting to be. */
const maxPendingPoints = 500_000;

export interface InfluxStoreOptions {
  /** Like http://127.0.0.1:8086. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** `vonggac` by default. */
  readonly database?: string;
  /** Days that the retention policy keeps points when the store has to make it; 90 by default. */
  readonly retentionDays?: number;
  /** Milliseconds that one request may take; 15 s by default. */
  readonly timeoutMs?: number;
  /** Told of what a person should know, in the shape of pino's `warn`. */
  readonly warn: (details: Readonly<Record<string, unknown>>, message: string) => void;
  /** The clock, milliseconds since 1970. */
  readonly now?: () => number;
  readonly measurements?: readonly Measurement[];
}

export class InfluxStore implements Store {
  readonly name = 'influxdb';
  readonly #url: string;
  readonly #warn: InfluxStoreOptions['warn'];
  readonly #now: () => number;
  readonly #retentionMs: number;
  readonly #timeoutMs: number;
  readonly #catalogue: ReadonlyMap<string, Measurement>;
  readonly #server: InfluxServer;
  readonly #writer: InfluxWriter;
  readonly #series = new SeriesCache((measurement, tags) => ({ part: seriesPart(measurement, tags) }));
  readonly #slots = new Slots(maxRequests);
  readonly #writes = new Set<Promise<unknown>>();
  #state: 'new' | 'open' | 'stopped' = 'new';
  /** What `prepare` found; undefined until the server has been seen. */
  #prepared: { readonly policy: string | undefined } | undefined;
  #preparing: Promise<{ readonly policy: string | undefined }> | undefined;
  #trouble: string | undefined;
  #pendingPoints = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Throws when the address is none. */
  constructor(options: InfluxStoreOptions) {
    const { database = 'vonggac', retentionDays = 90, timeoutMs = 15_000 } = options;
    const catalogue = options.measurements ?? measurements;
    this.#url = options.url;
    this.#warn = options.warn;
    this.#now = options.now ?? Date.now;
    this.#retentionMs = retentionDays * dayMs;
    this.#timeoutMs = timeoutMs;
    this.#catalogue = new Map(catalogue.map((measurement) => [measurement.name, measurement]));
    this.#server = new InfluxServer({ ...options, database, retentionDays, timeoutMs });
    this.#writer = new InfluxWriter({ ...options, database, timeoutMs });
  }

  async start(): Promise<void> {
    try {
      await this.#prepare();
    } catch (error) {
      if (error instanceof ServerError) {
        this.#server.close();
        throw error;
      }
    }
    this.#state = 'open';
    this.#timer = setInterval(() => void this.#recheck(), recheckMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    clearInterval(this.#timer);
    await Promise.allSettled(this.#writes);
    this.#server.close();
  }

  write(batches: readonly StoreBatch[]): Promise<WriteResult> {
    const result = this.#write(batches).finally(() => this.#writes.delete(result));
    this.#writes.add(result);
    return result;
  }

  async query(query: SeriesQuery, signal?: AbortSignal): Promise<SeriesResult> {
    const checked = checkQuery(query, this.#catalogue);
    signal?.throwIfAborted();
    if (this.#state !== 'open') throw new QueryError('unavailable', 'the store is not open');
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
    try {
      const { policy } = this.#prepared ?? (await this.#prepare());
      return await readSeries((text) => this.#server.query(text, either), { query: checked, policy });
    } catch (error) {
      signal?.throwIfAborted();
      if (timeout.aborted) {
        throw new QueryError(
          'too_slow',
          `the query takes more than ${this.#timeoutMs / 1000} s: ask for fewer series, a shorter range or a longer step`,
        );
      }
      throw new QueryError('unavailable', `InfluxDB gave no answer: ${messageOf(error)}`, { cause: error });
    }
  }

  health(): string | undefined {
    return this.#state === 'open' ? this.#trouble : 'the store is not open';
  }

  async #write(batches: readonly StoreBatch[]): Promise<WriteResult> {
    if (this.#state !== 'open') return retry('the store is not open');
    const offered = batches.reduce((sum, { points }) => sum + points.length, 0);
    if (this.#pendingPoints > 0 && this.#pendingPoints + offered > maxPendingPoints) {
      return retry(`${this.#pendingPoints} points are waiting to be sent already`);
    }
    this.#pendingPoints += offered;
    try {
      const { policy } = this.#prepared ?? (await this.#prepare());
      const now = this.#now();
      if (this.#series.isDue(now)) this.#series.clear();
      const lines: string[] = [];
      const refusals = new Refusals();
      acceptPoints(batches, {
        catalogue: this.#catalogue,
        series: this.#series,
        oldest: now - this.#retentionMs,
        refusals,
        take: ({ series, ...accepted }) => lines.push(lineOf(series.part, accepted)),
      });
      const sent = await this.#slots.run(() =>
        this.#writer.write(lines, {
          policy,
          refused: (reason, { lines: points, error }) => {
            refusals.add(reason, points);
            this.#warn({ url: this.#url, points, error }, 'InfluxDB refused points for good');
          },
        }),
      );
      if (sent.status === 'sent') {
        if (lines.length > 0) this.#trouble = undefined;
        return { status: 'accepted', refused: refusals.list() };
      }
      this.#trouble = sent.reason;
      if (sent.isMissing) this.#prepared = undefined;
      return retry(sent.reason, sent.afterMs);
    } catch (error) {
      return retry(messageOf(error));
    } finally {
      this.#pendingPoints -= offered;
    }
  }

  /** Throws ServerError when a person has to act, and otherwise what the network says; `health` says it, too. */
  #prepare(): Promise<{ readonly policy: string | undefined }> {
    this.#preparing ??= this.#server
      .prepare()
      .then(
        (policy) => {
          this.#trouble = undefined;
          this.#prepared = { policy };
          return this.#prepared;
        },
        (error: unknown) => {
          this.#trouble = error instanceof ServerError ? error.message : this.#away(error);
          throw error;
        },
      )
      .finally(() => {
        this.#preparing = undefined;
      });
    return this.#preparing;
  }

  #away(error: unknown): string {
    return `the InfluxDB at ${this.#url} cannot be reached (${messageOf(error)})`;
  }

  /** Notices that a server is back while nobody writes. */
  async #recheck(): Promise<void> {
    if (this.#trouble !== undefined) await this.#prepare().catch(() => {});
  }
}

/** `fetch` says what is wrong in the cause. */
function messageOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message !== '' ? `${message}: ${cause.message}` : message;
}

function retry(reason: string, afterMs = 5_000): WriteResult {
  return { status: 'retry', afterMs, reason };
}
