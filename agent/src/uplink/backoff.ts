/** How long to wait before the next attempt: full jitter, so that a province does not knock all at once. */
const shortestMs = 1_000;
const firstCapMs = 4_000;
/**
 * Slow enough that two or three attempts in vain do not make an agent one of the last: whoever doubles waits on while
 * a collector that is back has nothing to do.
 */
const growth = 1.5;
const longestMs = 60_000;

export class Backoff {
  readonly #random: () => number;
  #attempts = 0;

  /** `random` gives numbers from 0 to below 1. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** Milliseconds to wait now; longer on average each time until `reset`. `slow` waits as long as ever at once. */
  next(pace: 'soon' | 'slow'): number {
    const cap = pace === 'slow' ? longestMs : Math.min(longestMs, firstCapMs * growth ** this.#attempts);
    const floor = pace === 'slow' ? longestMs / 2 : shortestMs;
    this.#attempts = Math.min(this.#attempts + 1, 10);
    return Math.round(floor + this.#random() * (cap - floor));
  }

  /** Only after a connection has proven good: a connection alone means little on a bad line. */
  reset(): void {
    this.#attempts = 0;
  }
}
