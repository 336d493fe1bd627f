/**
 * Slows down who guesses enrolment codes. A wait is an answer, not a held socket: an address that has to wait is told
 * so before its code is looked at, whatever the code.
 */
import { TokenBucket } from './token-bucket.ts';

interface Limits {
  /** Failures of an address that cost no wait. */
  readonly free: number;
  readonly longestWaitMs: number;
  /** Failures in all. */
  readonly perSecond: number;
}

interface Failures {
  count: number;
  /** Both by the monotonic clock. */
  waitUntil: number;
  forgetAt: number;
}

const firstWaitMs = 1_000;
const rememberMs = 3_600_000;
const maxAddresses = 10_000;
/** Seconds of the rate for all that may come at once. */
const burstSeconds = 5;

export class FailedTokens {
  readonly #limits: Limits;
  readonly #monotonic: () => number;
  readonly #all: TokenBucket;
  /** In the order of the last failure. */
  readonly #byAddress = new Map<string, Failures>();
  #allWaitUntil = 0;

  constructor(limits: Limits, monotonic: () => number) {
    this.#limits = limits;
    this.#monotonic = monotonic;
    this.#all = new TokenBucket({ perSecond: limits.perSecond, burst: burstSeconds * limits.perSecond }, monotonic);
  }

  get addresses(): number {
    return this.#byAddress.size;
  }

  /** Milliseconds that the address has to wait before it may try a code. */
  waitMs(address: string): number {
    const until = Math.max(this.#known(address)?.waitUntil ?? 0, this.#allWaitUntil);
    return Math.max(0, until - this.#monotonic());
  }

  /** Counts a wrong code. Says when that is so many, from here or from everywhere, that somebody should look. */
  add(address: string): 'usual' | 'many-here' | 'many-everywhere' {
    const now = this.#monotonic();
    const count = (this.#known(address)?.count ?? 0) + 1;
    const extra = count - this.#limits.free;
    const waitMs = extra < 0 ? 0 : Math.min(firstWaitMs * 2 ** Math.min(extra, 30), this.#limits.longestWaitMs);
    this.#byAddress.delete(address);
    const [oldest] = this.#byAddress.keys();
    if (oldest !== undefined && this.#byAddress.size >= maxAddresses) this.#byAddress.delete(oldest);
    this.#byAddress.set(address, { count, waitUntil: now + waitMs, forgetAt: now + rememberMs });
    const repaidMs = this.#all.charge();
    if (repaidMs > 0) this.#allWaitUntil = now + repaidMs;
    if (repaidMs > 0) return 'many-everywhere';
    return extra === 0 ? 'many-here' : 'usual';
  }

  #known(address: string): Failures | undefined {
    const failures = this.#byAddress.get(address);
    if (!failures || failures.forgetAt > this.#monotonic()) return failures;
    this.#byAddress.delete(address);
    return undefined;
  }
}
