/** The values of one series that a rule still looks at, in minute buckets: bounded whatever an agent sends. */
import type { Reducer } from '@vonggac/shared';

const minuteMs = 60_000;
/** A mean over less than this share of its window says nothing yet: after a start the window fills first. */
const filledShare = 0.5;

interface Bucket {
  minute: number;
  sum: number;
  count: number;
  min: number;
  max: number;
}

export class ValueWindow {
  readonly #reduce: Reducer;
  readonly #windowMs: number;
  /** None for `last`, which needs the newest value only. */
  readonly #buckets: Bucket[] = [];
  readonly #firstAt: number;
  #lastAt = Number.NEGATIVE_INFINITY;
  #last = 0;

  constructor({ reduce, windowMs, at }: { reduce: Reducer; windowMs: number; at: number }) {
    this.#reduce = reduce;
    this.#windowMs = windowMs;
    this.#firstAt = at;
  }

  get lastAt(): number {
    return this.#lastAt;
  }

  /** A value that is not newer than the newest comes late and changes nothing. */
  add(value: number, at: number): void {
    if (at <= this.#lastAt) return;
    this.#lastAt = at;
    this.#last = value;
    if (this.#reduce === 'last') return;
    const minute = Math.floor(at / minuteMs);
    const newest = this.#buckets.at(-1);
    if (newest?.minute === minute) {
      newest.sum += value;
      newest.count += 1;
      newest.min = Math.min(newest.min, value);
      newest.max = Math.max(newest.max, value);
      return;
    }
    this.#buckets.push({ minute, sum: value, count: 1, min: value, max: value });
    this.#forget(at);
  }

  /** Undefined when there is nothing to go by. */
  value(now: number): number | undefined {
    if (this.#lastAt <= now - this.#windowMs) return undefined;
    if (this.#reduce === 'last') return this.#last;
    this.#forget(now);
    const buckets = this.#buckets;
    if (buckets.length === 0) return undefined;
    if (this.#reduce === 'max') return buckets.reduce((most, { max }) => Math.max(most, max), Number.NEGATIVE_INFINITY);
    if (this.#reduce === 'min')
      return buckets.reduce((least, { min }) => Math.min(least, min), Number.POSITIVE_INFINITY);
    if (now - this.#firstAt < this.#windowMs * filledShare) return undefined;
    let [sum, count] = [0, 0];
    for (const bucket of buckets) {
      sum += bucket.sum;
      count += bucket.count;
    }
    return sum / count;
  }

  #forget(now: number): void {
    const oldest = Math.floor((now - this.#windowMs) / minuteMs);
    let old = 0;
    while ((this.#buckets[old]?.minute ?? Number.POSITIVE_INFINITY) <= oldest) old += 1;
    if (old > 0) this.#buckets.splice(0, old);
  }
}
