/** How well ingest keeps up: what was waited for a commit, and how long the store took, since the last look. */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

export interface IngestLook {
  /** From receipt to commit; 0 when nothing was committed. */
  readonly lagMaxMs: number;
  readonly writeP99Ms: number;
}

export class IngestLoad {
  readonly #lag: RecordableHistogram = createHistogram();
  readonly #writes: RecordableHistogram = createHistogram();

  /** The batch that had waited longest was committed. */
  committed(lagMs: number): void {
    this.#lag.record(microseconds(lagMs));
  }

  /** The store has answered. */
  wrote(tookMs: number): void {
    this.#writes.record(microseconds(tookMs));
  }

  /** What was since the last look, which is forgotten. */
  look(): IngestLook {
    const look = {
      lagMaxMs: this.#lag.count === 0 ? 0 : this.#lag.max / 1_000,
      writeP99Ms: this.#writes.count === 0 ? 0 : this.#writes.percentile(99) / 1_000,
    };
    this.#lag.reset();
    this.#writes.reset();
    return look;
  }
}

/** Histograms take whole numbers from 1. */
function microseconds(ms: number): number {
  return Math.max(1, Math.round(1_000 * ms));
}
