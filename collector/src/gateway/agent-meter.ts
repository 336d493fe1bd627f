/** What one agent has used of its allowances. It outlives sessions: connecting anew gives nothing back. */
import type { Point } from '@vonggac/shared';
import { seriesKey } from '../live/live-state.ts';
import type { GatewayLimits } from './limits.ts';
import { TokenBucket } from './token-bucket.ts';

/**
 * Bytes of a batch, inflated, that count as a point at least: what is in a frame costs time to read even when no point
 * comes of it. Points of real batches are 10 to 80 bytes.
 */
const bytesPerPoint = 100;
const burstSeconds = 5;
const dayMs = 86_400_000;
/** Below the agent's patience with an ack that does not come, which is three minutes. */
export const longestHoldMs = 30_000;

export class AgentMeter {
  readonly #limits: GatewayLimits;
  readonly #monotonic: () => number;
  readonly #batches: TokenBucket;
  readonly #points: TokenBucket;
  readonly #messages: TokenBucket;
  readonly #invalid: TokenBucket;
  /** Hashes take no memory for text; two series that share one let a series too many through, which harms nobody. */
  readonly #series = new Set<number>();
  #seriesSince: number;

  constructor(limits: GatewayLimits, monotonic: () => number) {
    this.#limits = limits;
    this.#monotonic = monotonic;
    function bucketOf(perSecond: number, burst: number): TokenBucket {
      return new TokenBucket({ perSecond, burst }, monotonic);
    }
    this.#batches = bucketOf(limits.messages_per_second, burstSeconds * limits.messages_per_second);
    this.#messages = bucketOf(limits.messages_per_second, burstSeconds * limits.messages_per_second);
    this.#points = bucketOf(limits.points_per_second, limits.points_per_second);
    this.#invalid = bucketOf(limits.invalid_frames_per_minute / 60, limits.invalid_frames_per_minute);
    this.#seriesSince = monotonic();
  }

  /** Counts a batch; returns for how many milliseconds its ack is to be held back. */
  batch(size: { points: number; bytes: number }): number {
    const wait = Math.max(
      this.#batches.charge(),
      this.#points.charge(Math.max(size.points, Math.ceil(size.bytes / bytesPerPoint))),
    );
    return Math.min(wait, longestHoldMs);
  }

  /** Counts anything but a batch; false when there were too many. */
  message(): boolean {
    return this.#messages.take();
  }

  invalidFrame(): void {
    this.#invalid.charge();
  }

  /** Whether it may open a session. */
  get welcome(): boolean {
    return this.#invalid.charge(0) === 0;
  }

  /** The points whose series the agent may still have. */
  withinSeries(points: Point[]): Point[] {
    const now = this.#monotonic();
    if (now - this.#seriesSince > dayMs) {
      this.#series.clear();
      this.#seriesSince = now;
    }
    const within = points.filter((point) => this.#maySend(hashOf(seriesKey(point))));
    return within.length === points.length ? points : within;
  }

  #maySend(series: number): boolean {
    if (this.#series.has(series)) return true;
    if (this.#series.size >= this.#limits.series_per_agent) return false;
    this.#series.add(series);
    return true;
  }
}

/** FNV-1a, 30 bits: small integers take no memory of their own. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 2;
}
