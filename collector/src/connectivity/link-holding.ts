/** When a judgement has lasted long enough to become the state of a line. */
import type { LinkJudgement, LinkState } from './link-judgement.ts';
import type { LinkSettings } from './settings.ts';

type Holds = Pick<LinkSettings, 'degraded_seconds' | 'recovered_seconds' | 'unknown_seconds'>;

export class LinkHolding {
  readonly #holdMs: Readonly<Record<LinkState, number>>;
  #state: LinkState;
  #candidate: LinkState | undefined;
  #since = 0;
  #decidedAt = Number.NEGATIVE_INFINITY;

  constructor(state: LinkState, holds: Holds) {
    this.#state = state;
    this.#holdMs = {
      // What says so has been checked again already.
      down: 0,
      degraded: 1_000 * holds.degraded_seconds,
      up: 1_000 * holds.recovered_seconds,
      unknown: 1_000 * holds.unknown_seconds,
    };
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Returns the state that begins with this judgement, and when it began; undefined when it stays as it is. */
  take(judgement: LinkJudgement, now: number): { state: LinkState; at: number } | undefined {
    // A line that comes back is up first; how well it works shows in time.
    const isPoorStart = judgement.state === 'degraded' && (this.#state === 'down' || this.#state === 'unknown');
    const wanted = isPoorStart ? 'up' : judgement.state;
    if (wanted === this.#state) {
      this.#candidate = undefined;
      return undefined;
    }
    if (this.#candidate !== wanted) {
      this.#candidate = wanted;
      // What the judgement rests on may be older than the state that it ends, which was decided knowing that.
      const since = (isPoorStart ? judgement.answersSince : judgement.since) ?? now;
      this.#since = Math.max(Math.min(since, now), this.#decidedAt);
    }
    if (wanted !== 'down' && now - this.#since < this.#holdMs[wanted]) return undefined;
    this.#state = wanted;
    this.#candidate = undefined;
    this.#decidedAt = now;
    return { state: wanted, at: this.#since };
  }
}
