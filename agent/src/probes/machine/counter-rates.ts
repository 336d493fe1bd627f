/** Rows of growing counters, by the name of the disk or the interface they belong to. */
export type CounterRows = ReadonlyMap<string, readonly number[]>;

/** Readings closer together than this, in milliseconds, say nothing: the kernel's clock ticks every 1 to 10 ms. */
export const shortestIntervalMs = 500;

/** Turns two readings of growing counters into rates per second. */
export class CounterRates {
  #before: { readonly rows: CounterRows; readonly atMs: number } | undefined;

  /**
   * The rates of `rows`, read at `atMs` of a clock that never jumps, since the reading before; same order of columns. A
   * row is left out when it is new, and when one of its counters went backwards: it was reset or wrapped, and how much
   * it grew is unknown.
   */
  next(rows: CounterRows, atMs: number): CounterRows {
    const before = this.#before;
    const rates = new Map<string, readonly number[]>();
    // The older of two readings at nearly the same time stays, so that the next rates span a full interval.
    if (before !== undefined && atMs - before.atMs < shortestIntervalMs) return rates;
    this.#before = { rows, atMs };
    if (before === undefined) return rates;
    const seconds = (atMs - before.atMs) / 1000;
    for (const [name, row] of rows) {
      const old = before.rows.get(name);
      if (old === undefined) continue;
      const growths = row.map((value, column) => value - (old[column] ?? Number.NaN));
      if (growths.every((growth) => growth >= 0))
        rates.set(
          name,
          growths.map((growth) => growth / seconds),
        );
    }
    return rates;
  }
}
