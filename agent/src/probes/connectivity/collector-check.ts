/**
 * Whether the collector can be reached. While the session with it lives that is the proof, and only now and then is a
 * connection made to measure the time: ten thousand agents that connect each 15 s would knock 667 times a second at a
 * door that opens 400 times, and after a restart they would keep each other out.
 */
import type { CheckResult } from './check-run.ts';
import type { Target } from './target.ts';

export interface CollectorSession {
  /** The collector's address that is in use, `host:port`. */
  readonly address: string | undefined;
  /** How long nothing was heard of the collector; undefined before it ever was. */
  readonly silentMs: number | undefined;
}

interface Options {
  readonly check: (target: Target, signal: AbortSignal) => Promise<CheckResult>;
  readonly session: () => CollectorSession;
  /** Of the machines of offices there are too many to be as curious as the others. */
  readonly isOneOfMany: boolean;
  readonly monotonic: () => number;
}

const measureEveryMs = 300_000;
/**
 * A session is not silent for longer: a sign of life is sent after 12 s and answered at once. With the time of a check a
 * cut shows within 18 s.
 */
export const usualSilenceMs = 13_500;
const patienceMs = { few: usualSilenceMs, many: 60_000 };
const connectEveryMs = { few: usualSilenceMs, many: 60_000 };
/** While nothing is heard; the collector may be back at any moment. */
const lookEveryMs = 6_000;

const answered: CheckResult = {
  up: true,
  error: undefined,
  problem: undefined,
  rtts: [],
  packets: undefined,
  details: {},
};

export function isHeard(silentMs: number | undefined): boolean {
  return silentMs !== undefined && silentMs <= usualSilenceMs;
}

/** In how many milliseconds a collector that is heard could be silent for too long. */
export function msToSilence(silentMs = 0): number {
  // A moment later, because just then it is not yet.
  return Math.max(0, usualSilenceMs - silentMs) + 5;
}

export class CollectorCheck {
  readonly #options: Options;
  /** By the target's name. */
  readonly #connectedAt = new Map<string, number>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Undefined when there is no news. */
  async check(target: Target, signal: AbortSignal): Promise<CheckResult | undefined> {
    const { check, monotonic } = this.#options;
    const kind = this.#kind;
    const silentMs = this.#silentMs(target);
    const sinceMs = this.#sinceMs(target);
    const isDue = (silentMs ?? Number.POSITIVE_INFINITY) > patienceMs[kind] && sinceMs >= connectEveryMs[kind];
    if (!isDue && sinceMs < measureEveryMs) return isHeard(silentMs) ? answered : undefined;
    this.#connectedAt.set(target.id, monotonic());
    return check(target, signal);
  }

  /** In how many milliseconds to ask again. */
  waitMs(target: Target): number {
    const silentMs = this.#silentMs(target);
    const sinceMs = this.#sinceMs(target);
    if (isHeard(silentMs)) return Math.min(msToSilence(silentMs), Math.max(0, measureEveryMs - sinceMs));
    const dueMs = connectEveryMs[this.#kind] - sinceMs;
    return dueMs > 0 ? Math.min(lookEveryMs, dueMs) : lookEveryMs;
  }

  get #kind(): 'few' | 'many' {
    return this.#options.isOneOfMany ? 'many' : 'few';
  }

  /** Undefined when it is not this address that the session is with, or there was none. */
  #silentMs(target: Target): number | undefined {
    const { address, silentMs } = this.#options.session();
    return address === authorityOf(target) ? silentMs : undefined;
  }

  #sinceMs({ id }: Target): number {
    return this.#options.monotonic() - (this.#connectedAt.get(id) ?? Number.NEGATIVE_INFINITY);
  }
}

function authorityOf({ address: { host, port } }: Target): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
