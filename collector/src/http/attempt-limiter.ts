/** Slows down whoever guesses: after some free attempts each further one doubles the wait. */

export interface AttemptLimits {
  /** Attempts before the first wait. */
  readonly free: number;
  readonly maxDelayMs: number;
}

interface Entry {
  attempts: number;
  lastAt: number;
  blockedUntil: number;
}

const firstDelayMs = 1_000;
/** After this long without an attempt it is forgotten. */
const forgetMs = 3_600_000;
/** Keys come from outside; past this many the one that was quiet longest is forgotten. */
const maxKeys = 10_000;

export class AttemptLimiter {
  readonly #limits: AttemptLimits;
  readonly #now: () => number;
  /** The one that was quiet longest comes first. */
  readonly #entries = new Map<string, Entry>();

  constructor(limits: AttemptLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /**
   * Milliseconds to wait, or 0: then the attempt is counted as failed at once, because others may be made before it is
   * known how this one ends.
   */
  begin(key: string): number {
    const now = this.#now();
    const known = this.#entries.get(key);
    const entry = known && now - known.lastAt < forgetMs ? known : { attempts: 0, lastAt: now, blockedUntil: 0 };
    if (entry.blockedUntil > now) return entry.blockedUntil - now;
    entry.attempts += 1;
    entry.lastAt = now;
    const past = entry.attempts - this.#limits.free;
    if (past >= 0) entry.blockedUntil = now + Math.min(firstDelayMs * 2 ** past, this.#limits.maxDelayMs);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= maxKeys) break;
      this.#entries.delete(oldest);
    }
    return 0;
  }

  /** The attempt was none: neither a failure nor a reason to forget the others. */
  takeBack(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    entry.attempts = Math.max(0, entry.attempts - 1);
    entry.blockedUntil = 0;
  }

  /** The attempt succeeded: those before it are forgiven. */
  forget(key: string): void {
    this.#entries.delete(key);
  }

  get size(): number {
    return this.#entries.size;
  }
}
