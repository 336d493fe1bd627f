import type { DatabaseSync } from 'node:sqlite';
import type { WriterSettings } from './messages.ts';
import { tierTable } from './tables.ts';
import { dayMs, type RetentionDays, retentionMs, type Tier, tiers } from './tiers.ts';

/**
 * Buckets stay this much longer than points are accepted, in milliseconds: a late point must never settle into a
 * window whose other points are gone already, because its aggregate is made anew from what is there.
 */
const marginMs = 3_600_000;

/** Points before this time leave the tier. */
export function expiryTime(now: number, { retention, tier }: { retention: RetentionDays; tier: Tier }): number {
  return now - retentionMs(retention, tier) - marginMs;
}

/**
 * Deletes what is older than its tier is kept; yields between slices and returns how many series have gone with their
 * last values. Throws SQLite's errors.
 */
export function* expire(
  database: DatabaseSync,
  { specs, retention, rowsPerSlice, now }: Omit<WriterSettings, 'file' | 'maxBytes'> & { now: number },
): Generator<undefined, number> {
  for (const spec of specs) {
    for (const tier of tiers) {
      const bucket = Math.floor(expiryTime(now, { retention, tier }) / tier.bucketMs);
      yield* deleteBefore(database, { table: tierTable(spec, tier), bucket, rowsPerSlice });
    }
  }
  // `seen` is noted once a day, so a series goes two days after its last values.
  const earliest = Math.min(...tiers.map((tier) => expiryTime(now, { retention, tier })));
  return Number(database.prepare('DELETE FROM series WHERE seen < ?').run(earliest - 2 * dayMs).changes);
}

function* deleteBefore(
  database: DatabaseSync,
  { table, bucket, rowsPerSlice }: { table: string; bucket: number; rowsPerSlice: number },
): Generator<undefined, void> {
  const find = database.prepare(
    `SELECT bucket, series FROM ${table} WHERE bucket < ? ORDER BY bucket, series LIMIT 1 OFFSET ${rowsPerSlice}`,
  );
  const remove = database.prepare(`DELETE FROM ${table} WHERE bucket < ? AND (bucket, series) <= (?, ?)`);
  for (;;) {
    const end = find.get(bucket) as { bucket: number; series: number } | undefined;
    const { changes } = remove.run(bucket, end?.bucket ?? bucket, end?.series ?? 0);
    if (changes === 0) return;
    yield;
    if (!end) return;
  }
}
