/**
 * A second place for what the store has accepted: VictoriaMetrics, for Grafana where data outgrows one InfluxDB. It takes
 * InfluxDB's line protocol but cannot answer the console, so the store stays the one that acknowledges and is asked.
 *
 * Best effort: nothing waits for it and nothing is refused because of it. What it has not taken waits in memory, up to a
 * limit; past that the oldest is given up and counted. A restart of the collector gives up what still waits.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type Measurement, measurements } from '@vonggac/shared';
import { Counter, Gauge, type Registry } from 'prom-client';
import { acceptPoints } from './accept-points.ts';
import { Refusals } from './check-point.ts';
import { InfluxWriter } from './influx/writer.ts';
import { SeriesCache } from './series-cache.ts';
import type { StoreBatch } from './store.ts';
import { lineOf, seriesPart } from './victoria-lines.ts';

/** Some 300,000 points of usual width. */
const maxWaitingBytes = 128 * 1_048_576;
const linesPerRequest = 5_000;
/** Short: whoever stops the collector waits for it. */
const timeoutMs = 5_000;

export interface MirrorOptions {
  /** Like http://127.0.0.1:8428. */
  readonly url: string;
  /** Becomes the label `db`. */
  readonly database: string;
  readonly username?: string;
  readonly password?: string;
  readonly registry: Registry;
  readonly warn: (details: Readonly<Record<string, unknown>>, message: string) => void;
  readonly now?: () => number;
  readonly maxWaitingBytes?: number;
  /** Rejects when the signal aborts. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What was offered at once. As bytes, because the strings that lines are put together from take three times the room. */
interface Chunk {
  readonly text: Buffer;
  readonly points: number;
}

export class Mirror {
  readonly #options: MirrorOptions;
  readonly #now: () => number;
  readonly #limit: number;
  readonly #writer: InfluxWriter;
  readonly #catalogue: ReadonlyMap<string, Measurement>;
  readonly #series = new SeriesCache((measurement, tags) => ({ part: seriesPart(measurement, tags) }));
  readonly #points: Counter<'outcome'>;
  readonly #stopping = new AbortController();
  /** The oldest first. */
  readonly #waiting: Chunk[] = [];
  /** Those under way included. */
  #waitingPoints = 0;
  #waitingBytes = 0;
  #sending: Promise<void> | undefined;
  /** Undefined while it takes what it is sent. */
  #trouble: string | undefined;
  #giveUpAt = Number.POSITIVE_INFINITY;

  constructor(options: MirrorOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#limit = options.maxWaitingBytes ?? maxWaitingBytes;
    this.#writer = new InfluxWriter({ ...options, product: 'VictoriaMetrics', timeoutMs });
    this.#catalogue = new Map(measurements.map((measurement) => [measurement.name, measurement]));
    const registers = [options.registry];
    this.#points = new Counter({
      name: 'vonggac_mirror_points_total',
      help: 'Points for the mirror of the store: sent, lost because it was away too long, refused by it',
      labelNames: ['outcome'],
      registers,
    });
    for (const outcome of ['sent', 'lost', 'refused']) this.#points.inc({ outcome }, 0);
    const waiting = () => this.#waitingPoints;
    new Gauge({
      name: 'vonggac_mirror_waiting_points',
      help: 'Points that wait for the mirror of the store',
      registers,
      collect() {
        this.set(waiting());
      },
    });
  }

  /** Takes over what the store has accepted; returns at once. */
  offer(batches: readonly StoreBatch[]): void {
    const lines = this.#linesOf(batches);
    if (lines.length === 0) return;
    const chunk: Chunk = { text: Buffer.from(lines.join('\n')), points: lines.length };
    this.#waiting.push(chunk);
    this.#waitingPoints += chunk.points;
    this.#waitingBytes += chunk.text.length;
    this.#giveUpOldest();
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined;
    });
  }

  /** Safe twice; sends what waits if the mirror takes it right now. */
  async stop(): Promise<void> {
    this.#giveUpAt = this.#now() + timeoutMs;
    this.#stopping.abort();
    await this.#sending;
    if (this.#waitingPoints === 0) return;
    this.#options.warn({ points: this.#waitingPoints }, 'the mirror of the store did not get its last points');
    this.#lose(this.#waiting.splice(0));
  }

  #linesOf(batches: readonly StoreBatch[]): string[] {
    if (this.#series.isDue(this.#now())) this.#series.clear();
    const lines: string[] = [];
    acceptPoints(batches, {
      catalogue: this.#catalogue,
      series: this.#series,
      oldest: 0,
      // The store has counted them.
      refusals: new Refusals(),
      take({ series, ...accepted }) {
        const line = lineOf(series.part, accepted);
        if (line !== undefined) lines.push(line);
      },
    });
    return lines;
  }

  async #send(): Promise<void> {
    while (this.#waiting.length > 0 && this.#now() < this.#giveUpAt) {
      const chunks = this.#next();
      const lines = chunks.flatMap(({ text }) => text.toString().split('\n'));
      let refused = 0;
      const sent = await this.#writer.write(lines, {
        policy: undefined,
        refused: (_, { lines: count, error }) => {
          refused += count;
          this.#options.warn({ url: this.#options.url, points: count, error }, 'the mirror refused points for good');
        },
      });
      if (sent.status === 'sent') {
        this.#forget(chunks);
        this.#points.inc({ outcome: 'refused' }, refused);
        this.#points.inc({ outcome: 'sent' }, lines.length - refused);
        this.#recovered();
        continue;
      }
      this.#waiting.unshift(...chunks);
      this.#giveUpOldest();
      this.#failed(sent.reason);
      if (this.#stopping.signal.aborted) return;
      await this.#pause(sent.afterMs);
    }
  }

  /** As many as one request takes, and more only where they were offered together. */
  #next(): Chunk[] {
    let points = 0;
    const end = this.#waiting.findIndex((chunk, index) => {
      points += chunk.points;
      return index > 0 && points > linesPerRequest;
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  #giveUpOldest(): void {
    while (this.#waitingBytes > this.#limit && this.#waiting.length > 1) this.#lose(this.#waiting.splice(0, 1));
  }

  #lose(chunks: readonly Chunk[]): void {
    this.#points.inc({ outcome: 'lost' }, this.#forget(chunks));
  }

  /** Returns how many points that were. */
  #forget(chunks: readonly Chunk[]): number {
    const points = chunks.reduce((sum, chunk) => sum + chunk.points, 0);
    this.#waitingPoints -= points;
    this.#waitingBytes -= chunks.reduce((sum, { text }) => sum + text.length, 0);
    return points;
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#stopping;
    const { wait = (time, abort) => delay(time, undefined, { signal: abort, ref: false }) } = this.#options;
    // Only the stop ends it early, and then there is one more attempt.
    await wait(ms, signal).catch(() => {});
  }

  /** Told once, not at every attempt. */
  #failed(reason: string): void {
    if (this.#trouble === undefined) this.#options.warn({ reason }, 'the mirror of the store takes no data');
    this.#trouble = reason;
  }

  #recovered(): void {
    if (this.#trouble === undefined) return;
    this.#trouble = undefined;
    this.#options.warn({ url: this.#options.url }, 'the mirror of the store takes data again');
  }
}
