/**
 * Checks of what every machine watches without being told, its router and resolvers: once a minute while they answer and
 * the collector is heard, every 13.5 s as soon as one of them does not. A check may start a program, `ping`, and on 7,000
 * machines a quiet day should cost next to nothing.
 *
 * A router that has never answered since the start is one that does not speak ping, as long as the collector is heard: it
 * too is asked once a minute.
 */
import type { CheckResult } from './check-run.ts';
import { type CollectorSession, isHeard, msToSilence, usualSilenceMs } from './collector-check.ts';
import type { Target } from './target.ts';

const calmMs = 60_000;
/** So many checks without an answer, and none ever: somewhat more than two minutes. */
const muteAfter = 10;
/** Timers may come a moment early. */
const slackMs = 20;

interface Options {
  readonly check: (target: Target, signal: AbortSignal) => Promise<CheckResult>;
  readonly session: () => Pick<CollectorSession, 'silentMs'>;
  readonly monotonic: () => number;
}

interface Last {
  readonly at: number;
  readonly up: boolean;
  /** Checks while the collector was heard, as long as it has answered none since the start. */
  readonly unanswered: number | undefined;
}

export class CalmCheck {
  readonly #options: Options;
  /** By the target's name. */
  readonly #last = new Map<string, Last>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Undefined when the target is not due. */
  async check(target: Target, signal: AbortSignal): Promise<CheckResult | undefined> {
    const { check, monotonic } = this.#options;
    if (this.#leftMs(target) > slackMs) return undefined;
    const at = monotonic();
    const result = await check(target, signal);
    const up = result.up === true;
    const { unanswered } = this.#last.get(target.id) ?? { unanswered: 0 };
    // In an outage silence says nothing about what it does on a good day.
    const counts = isHeard(this.#options.session().silentMs);
    const more = up || unanswered === undefined ? undefined : unanswered + Number(counts);
    this.#last.set(target.id, { at, up, unanswered: more });
    return result;
  }

  /** In how many milliseconds to ask again: when the target is due, or the collector could have been silent for too long. */
  waitMs(target: Target): number {
    const leftMs = this.#leftMs(target);
    return this.#isCalm(target) ? Math.min(leftMs, msToSilence(this.#options.session().silentMs)) : leftMs;
  }

  #leftMs(target: Target): number {
    const last = this.#last.get(target.id);
    if (!last) return 0;
    return Math.max(0, last.at + (this.#isCalm(target) ? calmMs : usualSilenceMs) - this.#options.monotonic());
  }

  #isCalm({ id }: Target): boolean {
    const { up = false, unanswered = 0 } = this.#last.get(id) ?? {};
    return (up || unanswered >= muteAfter) && isHeard(this.#options.session().silentMs);
  }
}
