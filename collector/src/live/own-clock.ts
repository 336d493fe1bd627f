/**
 * What the collector may conclude from silence. While it was stopped, asleep or starved, or while its clock was set, it
 * heard nothing through no fault of the agents.
 */

/** The clock is looked at every second; a longer time between two looks was not lived through. */
export const heldUpMs = 10_000;
/** Closed connections are read this soon after a time in which nothing was read. */
const catchUpMs = 5_000;

export class OwnClock {
  /** Since when the collector is there without a break: its start, or when it was itself again. */
  knowsSince: number;
  /** Silence before this says nothing. */
  hearsSince: number;
  #seenAt: number;
  #heldUpAt = Number.NEGATIVE_INFINITY;

  constructor(now: number) {
    this.knowsSince = now;
    this.hearsSince = now;
    this.#seenAt = now;
  }

  /** Call it at each look; tells whether time did what it should. */
  passed(now: number): 'on' | 'held-up' | 'back' {
    const passedMs = now - this.#seenAt;
    this.#seenAt = now;
    if (passedMs >= 0 && passedMs <= heldUpMs) return 'on';
    this.knowsSince = now;
    this.hearsSince = now;
    this.#heldUpAt = now;
    return passedMs < 0 ? 'back' : 'held-up';
  }

  /** Whether what is read now may have happened while the collector was held up. */
  wasHeldUp(now: number): boolean {
    return now - this.#heldUpAt <= catchUpMs;
  }
}
