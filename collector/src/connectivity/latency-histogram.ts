/** Round trips of a day as counts in buckets: small enough to keep for every line and day, exact to a quarter. */

const firstMs = 0.5;
const ratio = 1.25;
/** The last one holds all above 37 seconds. */
const bucketCount = 52;

function bucketOf(ms: number): number {
  if (ms <= firstMs) return 0;
  return Math.min(bucketCount - 1, Math.ceil(Math.log(ms / firstMs) / Math.log(ratio)));
}

/** Counts by bucket; buckets at the end that are empty are left out. */
export type LatencyHistogram = readonly number[];

export function withLatency(counts: LatencyHistogram, ms: number): LatencyHistogram {
  const bucket = bucketOf(ms);
  const longer = Array.from({ length: Math.max(counts.length, bucket + 1) }, (_, index) => counts[index] ?? 0);
  return longer.with(bucket, (longer[bucket] ?? 0) + 1);
}

export function sumOfHistograms(a: LatencyHistogram, b: LatencyHistogram): LatencyHistogram {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, index) => (a[index] ?? 0) + (b[index] ?? 0));
}

/** The upper end of the bucket that holds the quantile, milliseconds to one decimal; undefined without values. */
export function quantileMs(counts: LatencyHistogram, quantile: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let seen = 0;
  const bucket = counts.findIndex((count) => {
    seen += count;
    return seen >= quantile * total;
  });
  return Math.round(firstMs * ratio ** bucket * 10) / 10;
}
