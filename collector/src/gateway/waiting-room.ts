/**
 * Where newcomers wait for their TLS handshake. After an outage a whole province knocks at once; handshakes that were all
 * begun at once would all come to their time limits, and everything spent on them would be lost. So a few are begun at a
 * time, no more than the rate, and fewer and fewer as long as the event loop is late with what it has to do already: a
 * handshake takes four of its turns, and has to end within seconds. Waiting costs a file and no computing.
 */
import { TokenBucket } from './token-bucket.ts';

interface Options {
  readonly perSecond: number;
  /** A clock that never jumps, in milliseconds. */
  readonly monotonic: () => number;
}

/** One who waits. */
export interface Newcomer {
  /** Has hung up meanwhile. */
  readonly isGone: () => boolean;
  readonly begin: () => void;
  readonly turnAway: () => void;
}

interface Waiting {
  readonly newcomer: Newcomer;
  readonly since: number;
}

/** Handshakes are begun in portions: so many milliseconds' worth at once. */
const portionMs = 25;
/** The loop comes this late to the next portion: it is busy enough. */
const busyMs = 100;
/** How the pace changes with each portion; it never falls below so many a second. */
const pace = { slower: 0.7, faster: 1.05, leastPerSecond: 10 } as const;
/** However long the loop was away, no more than this time's worth is begun at once. */
const longestPortionMs = 1_000;
/** Agents give up after 20 s, the handshake included; who is sent away has to knock again, and waits before. */
const longestMs = 14_000;

export class WaitingRoom {
  readonly #perSecond: number;
  readonly #monotonic: () => number;
  /** For those who need not wait. */
  readonly #atOnce: TokenBucket;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #armedAt = 0;
  /** Handshakes a second that the loop keeps up with. */
  #rate: number;
  /** How many may begin; what is left of one counts for the next portion. */
  #allowance = 0;

  constructor({ perSecond, monotonic }: Options) {
    this.#perSecond = perSecond;
    this.#rate = perSecond;
    this.#monotonic = monotonic;
    this.#atOnce = new TokenBucket({ perSecond, burst: Math.max(1, (2 * perSecond * portionMs) / 1_000) }, monotonic);
  }

  get size(): number {
    return this.#waiting.length;
  }

  enter(newcomer: Newcomer): void {
    if (this.#waiting.length === 0 && this.#atOnce.take()) return newcomer.begin();
    this.#waiting.push({ newcomer, since: this.#monotonic() });
    if (!this.#timer) this.#arm();
  }

  /** Whoever waits is left to those who close their connections. */
  close(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
  }

  #arm(): void {
    this.#armedAt = this.#monotonic();
    this.#timer = setTimeout(() => this.#callIn(), portionMs);
  }

  #callIn(): void {
    const now = this.#monotonic();
    const passedMs = now - this.#armedAt;
    const isBusy = passedMs > portionMs + busyMs;
    const wanted = this.#rate * (isBusy ? pace.slower : pace.faster);
    this.#rate = Math.min(this.#perSecond, Math.max(pace.leastPerSecond, wanted));
    this.#allowance += (this.#rate * Math.min(passedMs, longestPortionMs)) / 1_000;
    let looked = 0;
    for (const { newcomer, since } of this.#waiting) {
      if (!newcomer.isGone()) {
        if (now - since > longestMs) newcomer.turnAway();
        else if (this.#allowance < 1) break;
        else {
          this.#allowance -= 1;
          newcomer.begin();
        }
      }
      looked += 1;
    }
    this.#waiting.splice(0, looked);
    this.#timer = undefined;
    if (this.#waiting.length > 0) this.#arm();
    else this.#allowance = 0;
  }
}
