/**
 * The resolutions in which values are kept. A row of a tier stands for one window of it; rows are clustered in buckets,
 * (bucket, series, time), so that what arrives together lies together and old buckets go as one piece of the file.
 *
 * A tier's bucket is the window of the next coarser tier: one bucket of one series becomes one row there.
 */
export interface Tier {
  readonly name: 'raw' | 'five_minutes' | 'hour';
  /** Milliseconds that a row stands for. */
  readonly windowMs: number;
  readonly bucketMs: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export const raw: Tier = { name: 'raw', windowMs: 1, bucketMs: 5 * minuteMs };
export const fiveMinutes: Tier = { name: 'five_minutes', windowMs: 5 * minuteMs, bucketMs: hourMs };
/** Its bucket is a compromise: longer ones are read with fewer seeks but rewritten more often. */
export const hour: Tier = { name: 'hour', windowMs: hourMs, bucketMs: 6 * hourMs };

/** From fine to coarse. */
export const tiers: readonly Tier[] = [raw, fiveMinutes, hour];

/** Days that each tier is kept. */
export interface RetentionDays {
  readonly raw: number;
  readonly fiveMinutes: number;
  readonly hour: number;
}

export const defaultRetention: RetentionDays = { raw: 14, fiveMinutes: 180, hour: 5 * 365 };

export const dayMs = 24 * hourMs;

/** How long a tier is kept, in milliseconds. */
export function retentionMs(retention: RetentionDays, tier: Tier): number {
  if (tier === raw) return retention.raw * dayMs;
  return (tier === fiveMinutes ? retention.fiveMinutes : retention.hour) * dayMs;
}
