/**
 * From decoded batches to commits: gathers what arrives together into one write and answers each batch. What was just
 * measured goes before history, so that nobody's backlog delays what others see now; history keeps a small share of
 * every write, and has less room to wait in.
 */
import type { Metrics } from '../metrics.ts';
import type { Store, StoreBatch } from '../stores/store.ts';
import { isHistory } from './history.ts';
import { IngestLoad } from './ingest-load.ts';
import { WaitingLine } from './waiting-line.ts';

/** `stored`: committed and synced, the agent may forget it. `retry`: the agent keeps it. */
export type IngestResult = { readonly status: 'stored' } | { readonly status: 'retry'; readonly afterMs: number };

interface Waiting {
  readonly batch: StoreBatch;
  /** By the monotonic clock. */
  readonly since: number;
  readonly resolve: (result: IngestResult) => void;
}

interface Options {
  readonly metrics: Metrics;
  readonly now: () => number;
  /** A clock that never jumps, in milliseconds. */
  readonly monotonic: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Is shown every batch at receipt, before the store; one that is put off comes again. */
  readonly observe?: (batch: StoreBatch) => void;
}

/** Batches wait at most this long for company; a commit costs a sync, whatever its size. */
const gatherMs = 20;
/** Points in one write. */
const maxPointsPerWrite = 20_000;
/** What history has of it: always some, and so little that whatever comes next does not wait long. */
const historyPointsPerWrite = 4_000;
/** Points waiting; beyond, agents are told to keep theirs. */
const maxWaiting = { present: 200_000, history: 60_000 } as const;
const fullRetryMs = 5_000;

export class Ingest {
  readonly load = new IngestLoad();
  readonly #store: Store;
  readonly #options: Options;
  readonly #present = new WaitingLine<Waiting>(({ batch }) => batch.points.length);
  readonly #history = new WaitingLine<Waiting>(({ batch }) => batch.points.length);
  #oldestWriting: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  constructor(store: Store, options: Options) {
    this.#store = store;
    this.#options = options;
  }

  /** Points that wait for a write. */
  get waitingPoints(): number {
    return this.#present.points + this.#history.points;
  }

  /** For how long the oldest batch of the present waits now, the write under way included. */
  get lagMs(): number {
    const now = this.#options.monotonic();
    const oldest = Math.min(this.#oldestWriting ?? now, this.#present.first?.since ?? now);
    return now - oldest;
  }

  /** Resolves when the batch's fate is known; never rejects. */
  write(batch: StoreBatch): Promise<IngestResult> {
    if (batch.points.length === 0) return Promise.resolve({ status: 'stored' });
    this.#options.observe?.(batch);
    const isOld = isHistory(batch.points, this.#options.now());
    const line = isOld ? this.#history : this.#present;
    const most = isOld ? maxWaiting.history : maxWaiting.present;
    if (line.points + batch.points.length > most) return Promise.resolve(this.#putOff(fullRetryMs));
    return new Promise((resolve) => {
      line.add({ batch, since: this.#options.monotonic(), resolve });
      if (!this.#writing) this.#timer ??= setTimeout(() => this.#startWriting(), gatherMs);
    });
  }

  /** Writes what is waiting and waits for it. */
  async stop(): Promise<void> {
    this.#startWriting();
    await this.#writing;
  }

  #startWriting(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    while (this.waitingPoints > 0) await this.#writeOnce();
  }

  async #writeOnce(): Promise<void> {
    const { metrics, monotonic } = this.#options;
    const present = this.#present.take(maxPointsPerWrite);
    const taken = [...present, ...this.#history.take(historyPointsPerWrite)];
    this.#oldestWriting = present[0]?.since;
    const begin = monotonic();
    const result = await this.#store.write(taken.map(({ batch }) => batch)).catch((error: Error) => ({
      status: 'retry' as const,
      afterMs: fullRetryMs,
      reason: error.message,
    }));
    const tookMs = monotonic() - begin;
    this.load.wrote(tookMs);
    metrics.storeWrites.observe(tookMs / 1_000);
    this.#oldestWriting = undefined;
    if (result.status === 'retry') {
      for (const { resolve } of taken) resolve(this.#putOff(result.afterMs));
      return;
    }
    const [oldest] = present;
    if (oldest) this.load.committed(monotonic() - oldest.since);
    const points = taken.reduce((sum, { batch }) => sum + batch.points.length, 0);
    let refusedPoints = 0;
    for (const { reason, points: count } of result.refused) {
      refusedPoints += count;
      metrics.refusedPoints.inc({ reason }, count);
    }
    metrics.storedPoints.inc(points - refusedPoints);
    for (const { resolve } of taken) resolve({ status: 'stored' });
  }

  /** Each agent comes back at a time of its own: between half and one and a half of what the store asks for. */
  #putOff(afterMs: number): IngestResult {
    this.#options.metrics.storeRetries.inc();
    return { status: 'retry', afterMs: Math.ceil(afterMs * (0.5 + this.#options.random())) };
  }
}
