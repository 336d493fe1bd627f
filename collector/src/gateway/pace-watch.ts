/** Watches an open connection for silence, for a message that does not get complete and for answers that are not read. */
import type { GatewayLimits } from './limits.ts';

export interface PaceOptions {
  readonly limits: Pick<GatewayLimits, 'idle_seconds' | 'slow_seconds'>;
  /** A clock that never jumps, in milliseconds. */
  readonly monotonic: () => number;
  /** Bytes that wait for the peer to read them. */
  readonly unread: () => number;
  readonly onSilent: () => void;
  readonly onSlow: (who: 'slowReader' | 'slowSender') => void;
}

export class PaceWatch {
  readonly #options: PaceOptions;
  /** The last byte, the first one of a message that is not complete, unread answers: by the monotonic clock. */
  #lastHeard: number;
  #partialSince: number | undefined;
  #unreadSince: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PaceOptions) {
    this.#options = options;
    this.#lastHeard = options.monotonic();
  }

  /** Bytes have come. They count as a sign of life: on a slow line a message may take longer than a heartbeat. */
  heard(): void {
    const now = this.#options.monotonic();
    this.#lastHeard = now;
    this.#partialSince ??= now;
  }

  /** A message is complete. */
  completed(): void {
    this.#partialSince = undefined;
  }

  start(): void {
    clearTimeout(this.#timer);
    const { limits, monotonic, unread, onSilent, onSlow } = this.#options;
    const now = monotonic();
    const slowMs = 1_000 * limits.slow_seconds;
    if (unread() === 0) this.#unreadSince = undefined;
    else this.#unreadSince ??= now;
    const silentIn = this.#lastHeard + 1_000 * limits.idle_seconds - now;
    if (silentIn <= 0) return onSilent();
    if (now - (this.#partialSince ?? now) > slowMs) return onSlow('slowSender');
    if (now - (this.#unreadSince ?? now) > slowMs) return onSlow('slowReader');
    this.#timer = setTimeout(() => this.start(), Math.min(silentIn, slowMs));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
