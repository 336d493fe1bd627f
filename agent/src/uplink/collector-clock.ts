/** What the collector's clock is ahead of this machine's by, also when this machine's is set. */
import type { ClockFile } from './clock-file.ts';

interface Options {
  readonly now: () => number;
  /** A clock that never jumps, in milliseconds. */
  readonly monotonic: () => number;
  /** Milliseconds since the machine started, those included in which it slept. */
  readonly uptime: () => number;
  /** Outlives the process. */
  readonly file?: Pick<ClockFile, 'read' | 'write'> | undefined;
}

/** A clock that moves by more against the one that never jumps was set, or the machine has slept. */
const stepMs = 1_000;
/** In this time a quartz strays by less than a tenth of a second. */
const askEveryMs = 600_000;

interface Learnt {
  readonly offsetMs: number;
  /** What the wall clock was ahead of the two others by. */
  readonly aheadOfMonotonic: number;
  readonly aheadOfUptime: number;
}

export class CollectorClock {
  readonly #options: Options;
  /** What the wall clock was ahead of the uptime by at the start. */
  readonly #aheadAtStart: number;
  #learnt: Learnt | undefined;
  /** By the monotonic clock. */
  #askedAt = Number.NEGATIVE_INFINITY;
  /** What the wall clock was ahead of the monotonic one by when the collector was asked last. */
  #aheadWhenAsked = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#aheadAtStart = options.now() - options.uptime();
    const aheadOfUptime = options.file?.read();
    if (aheadOfUptime === undefined) return;
    this.#learn(Math.round(aheadOfUptime - this.#aheadAtStart));
  }

  /**
   * Collector's clock minus this machine's in milliseconds; undefined before anything was learnt. When the clock was set
   * meanwhile, it counts from there at once: what is measured until the collector has answered would be refused or lie.
   */
  get offsetMs(): number | undefined {
    if (!this.#learnt) return undefined;
    const setBy = this.#options.now() - this.#options.uptime() - this.#learnt.aheadOfUptime;
    return this.#learnt.offsetMs - (Math.abs(setBy) > stepMs ? Math.round(setBy) : 0);
  }

  /**
   * What this machine's clock was set by since the start; 0 once something was learnt. What was measured until then has to
   * be dated by one clock, or no offset would fit all of it: a machine whose battery is dead starts in another year, and
   * is told the time before it has reached the collector.
   */
  get setByMs(): number {
    if (this.#learnt) return 0;
    const setBy = this.#options.now() - this.#options.uptime() - this.#aheadAtStart;
    return Math.abs(setBy) > stepMs ? Math.round(setBy) : 0;
  }

  /** Learnt long ago, or no longer what was learnt: points would be stored at a wrong time or refused. */
  get isOld(): boolean {
    const { now, monotonic } = this.#options;
    if (monotonic() - this.#askedAt > askEveryMs) return true;
    return this.#learnt !== undefined && Math.abs(now() - monotonic() - this.#learnt.aheadOfMonotonic) > stepMs;
  }

  /** The collector is being asked for its time; when, by the wall clock. */
  ask(): number {
    const { now, monotonic } = this.#options;
    this.#askedAt = monotonic();
    this.#aheadWhenAsked = now() - monotonic();
    return now();
  }

  /**
   * It has answered; the offset. Half the round trip, as in SNTP (RFC 4330 section 5); one-sided delays make it wrong by
   * at most that half. When the clock was set on the way, the answer says nothing; it will be asked for again.
   */
  answered(asked: number, collectorTime: number): number | undefined {
    const { now, monotonic } = this.#options;
    if (Math.abs(now() - monotonic() - this.#aheadWhenAsked) > stepMs) return this.offsetMs;
    return this.#learn(Math.round(collectorTime - (asked + this.#options.now()) / 2));
  }

  /**
   * It has said what time it is, unasked; the offset. That was on its way for an unknown part of a round trip, so it
   * counts only as long as nothing better is known.
   */
  told(collectorTime: number): number {
    return this.offsetMs ?? this.#learn(collectorTime - this.#options.now());
  }

  #learn(offsetMs: number): number {
    const { now, monotonic, uptime } = this.#options;
    this.#learnt = { offsetMs, aheadOfMonotonic: now() - monotonic(), aheadOfUptime: now() - uptime() };
    this.#options.file?.write(offsetMs + this.#learnt.aheadOfUptime);
    return offsetMs;
  }
}
