/**
 * So many bytes a second on average. Whatever its size, the next thing may go while the bucket is not empty; what was
 * too much is a debt that is waited for afterwards. So nothing is too large to go at all.
 */
interface Options {
  /** Asked for each time, because settings change. */
  readonly bytesPerSecond: () => number;
  /** A clock that never jumps, in milliseconds. */
  readonly monotonic: () => number;
}

/** What was not used is kept for this long only. */
const heldMs = 1_000;

export class TokenBucket {
  readonly #options: Options;
  #bytes = 0;
  #at: number;

  constructor(options: Options) {
    this.#options = options;
    this.#at = options.monotonic();
  }

  get bytesPerSecond(): number {
    return this.#options.bytesPerSecond();
  }

  /** Milliseconds until something may go; 0 is now. */
  get waitMs(): number {
    this.#fill();
    return this.#bytes >= 0 ? 0 : Math.ceil((-this.#bytes / this.bytesPerSecond) * 1_000);
  }

  take(bytes: number): void {
    this.#fill();
    this.#bytes -= bytes;
  }

  #fill(): void {
    const now = this.#options.monotonic();
    const rate = this.bytesPerSecond / 1_000;
    this.#bytes = Math.min(rate * heldMs, this.#bytes + rate * (now - this.#at));
    this.#at = now;
  }
}
