import type { Measurement, Point } from '@vonggac/shared';
import { type Refusals, refusalOf } from './check-point.ts';
import type { SeriesCache } from './series-cache.ts';
import type { StoreBatch } from './store.ts';

export interface AcceptedPoint<T> {
  readonly measurement: Measurement;
  readonly point: Point;
  readonly series: T;
}

/**
 * Hands every point that can be stored to `take`, in order, with its series; counts the others in `refusals`. Points
 * older than `oldest` (milliseconds) are refused, because the store would delete them at once.
 */
export function acceptPoints<T extends object>(
  batches: readonly StoreBatch[],
  options: {
    readonly catalogue: ReadonlyMap<string, Measurement>;
    readonly series: SeriesCache<T>;
    readonly oldest: number;
    readonly refusals: Refusals;
    readonly take: (accepted: AcceptedPoint<T>) => void;
  },
): void {
  const { catalogue, series: cache, oldest, refusals, take } = options;
  for (const { origin, points } of batches) {
    for (const point of points) {
      const measurement = catalogue.get(point.measurement);
      const reason = measurement ? refusalOf(point, { measurement, oldest }) : 'unknown_measurement';
      if (!measurement || reason) {
        refusals.add(reason ?? 'unknown_measurement');
        continue;
      }
      const series = cache.find(origin, { measurement, tags: point.tags });
      if (typeof series === 'string') refusals.add(series);
      else take({ measurement, point, series });
    }
  }
}
