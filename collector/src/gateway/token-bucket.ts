/** A rate with a burst: an account that fills at `perSecond` up to `burst`. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

export class TokenBucket {
  readonly #rate: Rate;
  readonly #monotonic: () => number;
  #tokens: number;
  #countedAt: number;

  /** `monotonic` is a clock that never jumps, in milliseconds. */
  constructor(rate: Rate, monotonic: () => number) {
    this.#rate = rate;
    this.#monotonic = monotonic;
    this.#tokens = rate.burst;
    this.#countedAt = monotonic();
  }

  /** Takes `count` if they are there. */
  take(count = 1): boolean {
    this.#fill();
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }

  /** Takes `count` whether or not they are there; returns the milliseconds until the account is even again. */
  charge(count = 1): number {
    this.#fill();
    this.#tokens -= count;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#rate.perSecond) * 1_000;
  }

  /** As good as new, so that whoever keeps many can forget it. */
  get full(): boolean {
    this.#fill();
    return this.#tokens >= this.#rate.burst;
  }

  #fill(): void {
    const now = this.#monotonic();
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + ((now - this.#countedAt) * this.#rate.perSecond) / 1_000);
    this.#countedAt = now;
  }
}
