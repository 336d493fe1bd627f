import { PreviousReading } from './previous-reading.ts';

/** Rows of growing counters, by the name of the disk or the interface they belong to. */
export type CounterRows = ReadonlyMap<string, readonly number[]>;

/** Turns two readings of growing counters into rates per second. */
export class CounterRates {
  readonly #readings = new PreviousReading<CounterRows>();

  /**
   * The rates of `rows`, read at `atMs` of a clock that never jumps, since the reading before; same order of columns. A
   * row is left out when it is new, and when one of its counters went backwards: it was reset or wrapped, and how much
   * it grew is unknown.
   */
  next(rows: CounterRows, atMs: number): CounterRows {
    const rates = new Map<string, readonly number[]>();
    const previous = this.#readings.replace(rows, atMs);
    if (previous === undefined) return rates;
    const seconds = previous.elapsedMs / 1000;
    for (const [name, row] of rows) {
      const old = previous.before.get(name);
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
