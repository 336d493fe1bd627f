/** Readings closer together than this, in milliseconds, say nothing: the kernel's clock ticks every 1 to 10 ms. */
const shortestMs = 500;

/** Keeps the reading before, for what is computed from two of a kind. */
export class PreviousReading<T> {
  #kept: { readonly reading: T; readonly atMs: number } | undefined;

  /**
   * Takes a reading made at `atMs` of a clock that never jumps and gives the one before, with the milliseconds between
   * the two: undefined at the first, and when they are too close; the older one then stays, so that the next result
   * spans a full interval.
   */
  replace(reading: T, atMs: number): { readonly before: T; readonly elapsedMs: number } | undefined {
    const kept = this.#kept;
    const elapsedMs = kept === undefined ? Number.POSITIVE_INFINITY : atMs - kept.atMs;
    if (elapsedMs < shortestMs) return undefined;
    this.#kept = { reading, atMs };
    return kept && { before: kept.reading, elapsedMs };
  }
}
