/**
 * Checks of what every machine watches without being told, its router and resolvers: once a minute while they answer and
 * the collector is heard, every 15 s as soon as one of them does not. A check may start a program, `ping`, and on 7,000
 * machines a quiet day should cost next to nothing.
 */
import type { CheckResult } from './check.ts';
import { type CollectorSession, usualSilenceMs } from './collector-check.ts';
import type { Target } from './target.ts';

/** How often a calm target asks whether it is due: with the silence before it and a check of 4 s a cut shows within 20 s. */
export const calmLookSeconds = 3;
const calmMs = 60_000;
const doubtMs = 15_000;

interface Options {
  readonly check: (target: Target, signal: AbortSignal) => Promise<CheckResult>;
  readonly session: () => Pick<CollectorSession, 'silentMs'>;
  readonly monotonic: () => number;
}

export class CalmCheck {
  readonly #options: Options;
  /** By the target's name. */
  readonly #last = new Map<string, { readonly at: number; readonly up: boolean }>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Undefined when the target is not due. */
  async check(target: Target, signal: AbortSignal): Promise<CheckResult | undefined> {
    const { check, session, monotonic } = this.#options;
    const last = this.#last.get(target.id);
    const { silentMs } = session();
    const isCalm = last?.up === true && silentMs !== undefined && silentMs <= usualSilenceMs;
    // Timers may come a moment early.
    if (last && monotonic() - last.at < (isCalm ? calmMs : doubtMs) - 500) return undefined;
    const at = monotonic();
    const result = await check(target, signal);
    this.#last.set(target.id, { at, up: result.up === true });
    return result;
  }
}
