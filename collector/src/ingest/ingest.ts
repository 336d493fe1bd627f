/** From decoded batches to commits: gathers what arrives together into one write and answers each batch. */
import type { Metrics } from '../metrics.ts';
import type { Store, StoreBatch } from '../stores/store.ts';

/** `stored`: committed and synced, the agent may forget it. `retry`: the agent keeps it. */
export type IngestResult = { readonly status: 'stored' } | { readonly status: 'retry'; readonly afterMs: number };

interface Waiting {
  readonly batch: StoreBatch;
  readonly resolve: (result: IngestResult) => void;
}

/** Batches wait at most this long for company; a commit costs a sync, whatever its size. */
const gatherMs = 20;
/** Points in one write. */
const maxPointsPerWrite = 20_000;
/** Points waiting; beyond, agents are told to keep theirs. */
const maxWaitingPoints = 200_000;
const fullRetryMs = 5_000;

export class Ingest {
  readonly #store: Store;
  readonly #metrics: Metrics;
  #waiting: Waiting[] = [];
  #waitingPoints = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  constructor(store: Store, metrics: Metrics) {
    this.#store = store;
    this.#metrics = metrics;
  }

  /** Resolves when the batch's fate is known; never rejects. */
  write(batch: StoreBatch): Promise<IngestResult> {
    if (batch.points.length === 0) return Promise.resolve({ status: 'stored' });
    if (this.#waitingPoints + batch.points.length > maxWaitingPoints) {
      this.#metrics.storeRetries.inc();
      return Promise.resolve({ status: 'retry', afterMs: fullRetryMs });
    }
    return new Promise((resolve) => {
      this.#waiting.push({ batch, resolve });
      this.#waitingPoints += batch.points.length;
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
    while (this.#waiting.length > 0) await this.#writeOnce(this.#take());
  }

  #take(): Waiting[] {
    let points = 0;
    let count = 0;
    for (const { batch } of this.#waiting) {
      if (count > 0 && points + batch.points.length > maxPointsPerWrite) break;
      points += batch.points.length;
      count += 1;
    }
    this.#waitingPoints -= points;
    return this.#waiting.splice(0, count);
  }

  async #writeOnce(taken: readonly Waiting[]): Promise<void> {
    const result = await this.#store.write(taken.map(({ batch }) => batch)).catch((error: Error) => ({
      status: 'retry' as const,
      afterMs: fullRetryMs,
      reason: error.message,
    }));
    if (result.status === 'retry') {
      this.#metrics.storeRetries.inc();
      for (const { resolve } of taken) resolve({ status: 'retry', afterMs: result.afterMs });
      return;
    }
    const points = taken.reduce((sum, { batch }) => sum + batch.points.length, 0);
    let refusedPoints = 0;
    for (const { reason, points: count } of result.refused) {
      refusedPoints += count;
      this.#metrics.refusedPoints.inc({ reason }, count);
    }
    this.#metrics.storedPoints.inc(points - refusedPoints);
    for (const { resolve } of taken) resolve({ status: 'stored' });
  }
}
