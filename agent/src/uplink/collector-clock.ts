/** What the collector's clock is ahead of this machine's by, and whether that is still to be believed. */
interface Options {
  readonly now: () => number;
  /** A clock that never jumps, in milliseconds. */
  readonly monotonic: () => number;
}

/** A clock that moves by more against the one that never jumps was set, or the machine has slept. */
const stepMs = 1_000;
/** In this time a quartz strays by less than a tenth of a second. */
const askEveryMs = 600_000;

export class CollectorClock {
  readonly #options: Options;
  #offsetMs: number | undefined;
  /** What the wall clock was ahead of the monotonic one by when the offset was learnt. */
  #lead: number | undefined;
  /** By the monotonic clock. */
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Collector's clock minus this machine's in milliseconds; undefined before anything was learnt. */
  get offsetMs(): number | undefined {
    return this.#offsetMs;
  }

  /** Learnt long ago, or no longer what was learnt: points would be stored at a wrong time or refused. */
  get isOld(): boolean {
    const { now, monotonic } = this.#options;
    if (monotonic() - this.#askedAt > askEveryMs) return true;
    return this.#lead !== undefined && Math.abs(now() - monotonic() - this.#lead) > stepMs;
  }

  /** The collector is being asked for its time; when, by the wall clock. */
  ask(): number {
    this.#askedAt = this.#options.monotonic();
    return this.#options.now();
  }

  /**
   * It has answered; the offset. Half the round trip, as in SNTP (RFC 4330 section 5); one-sided delays make it wrong by
   * at most that half.
   */
  answered(asked: number, collectorTime: number): number {
    return this.#learn(Math.round(collectorTime - (asked + this.#options.now()) / 2));
  }

  /**
   * It has said what time it is, unasked; the offset. That was on its way for an unknown part of a round trip, so it
   * counts only as long as nothing better is known.
   */
  told(collectorTime: number): number {
    return this.#offsetMs ?? this.#learn(collectorTime - this.#options.now());
  }

  #learn(offsetMs: number): number {
    const { now, monotonic } = this.#options;
    this.#offsetMs = offsetMs;
    this.#lead = now() - monotonic();
    return offsetMs;
  }
}
