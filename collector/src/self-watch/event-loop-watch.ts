/** How late the event loop runs: everything that the collector does waits for it. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface LoopDelay {
  readonly p99Ms: number;
  readonly maxMs: number;
}

const resolutionMs = 20;

export class EventLoopWatch {
  readonly #delay = monitorEventLoopDelay({ resolution: resolutionMs });

  start(): void {
    this.#delay.enable();
  }

  stop(): void {
    this.#delay.disable();
  }

  /** Since the last look. */
  peek(): LoopDelay {
    // What is measured includes the pause between two measurements, and is nothing before the first.
    if (this.#delay.count === 0) return { p99Ms: 0, maxMs: 0 };
    const withoutPause = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs);
    return { p99Ms: withoutPause(this.#delay.percentile(99)), maxMs: withoutPause(this.#delay.max) };
  }

  /** The same, and begins anew. */
  look(): LoopDelay {
    const seen = this.peek();
    this.#delay.reset();
    return seen;
  }
}
