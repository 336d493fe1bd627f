/** An agent's queue as delivery sees it, in memory: ten thousand real ones would be ten thousand files to sync. */
import { performance } from 'node:perf_hooks';
import type { Point } from '@vonggac/shared';
import type { Lane, SpoolRecord } from '../../../agent/src/spool/record.ts';

/** As many as a real spool keeps decoded. */
const freshRecords = 32;

interface TakeOptions {
  readonly stored: boolean;
  readonly maxPoints: number;
}

/** A history that is made when it is asked for: two hours of a thousand agents would not fit otherwise. */
export interface Backlog {
  readonly records: number;
  pointsOf(index: number): Point[];
}

export class MemorySpool {
  readonly epoch = 'simulated';
  readonly #fresh: SpoolRecord[] = [];
  /** No longer fresh, or given back. */
  readonly #stored: SpoolRecord[] = [];
  readonly #inFlight = new Map<number, { record: SpoolRecord; takenAt: number; isLive: boolean }>();
  readonly #onLiveAck: (ms: number) => void;
  #backlog: Backlog | undefined;
  #nextBacklog = 0;
  #nextId = 1;

  /** `onLiveAck` is told how long the ack of a reading took that was sent as soon as it was made. */
  constructor(onLiveAck: (ms: number) => void) {
    this.#onLiveAck = onLiveAck;
  }

  /** Records that wait or are on their way. */
  get size(): number {
    const backlog = (this.#backlog?.records ?? 0) - this.#nextBacklog;
    return this.#fresh.length + this.#stored.length + this.#inFlight.size + backlog;
  }

  append(points: readonly Point[]): void {
    this.#fresh.push(this.#record(points));
    const old = this.#fresh.length > freshRecords && this.#fresh.shift();
    if (old) this.#stored.push(old);
  }

  /** Has been without an ack for long. */
  remember(backlog: Backlog): void {
    this.#backlog = backlog;
    this.#nextBacklog = 0;
  }

  take(lane: Lane, options: TakeOptions): SpoolRecord[] {
    if (lane === 'events') return [];
    const taken: SpoolRecord[] = [];
    let points = 0;
    for (;;) {
      const record = options.stored ? this.#oldest() : this.#fresh.pop();
      if (!record) break;
      points += record.points.length;
      if (taken.length > 0 && points > options.maxPoints) {
        (options.stored ? this.#stored : this.#fresh).push(record);
        break;
      }
      taken.push(record);
    }
    const takenAt = performance.now();
    for (const record of taken) this.#inFlight.set(record.id, { record, takenAt, isLive: !options.stored });
    return options.stored ? taken : taken.reverse();
  }

  done(ids: readonly number[]): void {
    for (const id of ids) {
      const sent = this.#inFlight.get(id);
      this.#inFlight.delete(id);
      if (sent?.isLive) this.#onLiveAck(performance.now() - sent.takenAt);
    }
  }

  release(ids: readonly number[]): void {
    for (const id of ids) {
      const sent = this.#inFlight.get(id);
      this.#inFlight.delete(id);
      if (sent) this.#stored.push(sent.record);
    }
  }

  clockKnown(): void {
    // Every process of a stampede has the collector's clock.
  }

  #oldest(): SpoolRecord | undefined {
    const backlog = this.#backlog;
    if (!backlog || this.#nextBacklog >= backlog.records) return this.#stored.pop();
    const points = backlog.pointsOf(this.#nextBacklog);
    this.#nextBacklog += 1;
    return this.#record(points);
  }

  #record(points: readonly Point[]): SpoolRecord {
    return { id: this.#nextId++, lane: 'metrics', points, offset: 0 };
  }
}
