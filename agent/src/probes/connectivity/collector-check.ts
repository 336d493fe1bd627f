/**
 * Whether the collector can be reached. While the session with it lives that is the proof, and only now and then is a
 * connection made to measure the time: ten thousand agents that connect each 15 s would knock 667 times a second at a
 * door that opens 400 times, and after a restart they would keep each other out.
 */
import type { CheckResult } from './check.ts';
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
/** A session is not silent for longer: a sign of life is sent within 13.5 s and answered at once. */
export const usualSilenceMs = 14_000;
const patienceMs = { few: usualSilenceMs, many: 60_000 };
const connectEveryMs = { few: 15_000, many: 60_000 };

const answered: CheckResult = {
  up: true,
  error: undefined,
  problem: undefined,
  rtts: [],
  packets: undefined,
  details: {},
};

export class CollectorCheck {
  readonly #options: Options;
  /** By the target's name. */
  readonly #connectedAt = new Map<string, number>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Undefined when there is no news. */
  async check(target: Target, signal: AbortSignal): Promise<CheckResult | undefined> {
    const { check, session, isOneOfMany, monotonic } = this.#options;
    const kind = isOneOfMany ? 'many' : 'few';
    const { address, silentMs: silence } = session();
    const isInUse = address !== undefined && address === authorityOf(target);
    const silentMs = (isInUse ? silence : undefined) ?? Number.POSITIVE_INFINITY;
    const isHeard = silentMs <= patienceMs.few;
    const sinceMs = monotonic() - (this.#connectedAt.get(target.id) ?? Number.NEGATIVE_INFINITY);
    const isDue = silentMs > patienceMs[kind] && sinceMs >= connectEveryMs[kind];
    if (!isDue && sinceMs < measureEveryMs) return isHeard ? answered : undefined;
    this.#connectedAt.set(target.id, monotonic());
    return check(target, signal);
  }
}

function authorityOf({ address: { host, port } }: Target): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
