/** Answering a query with a step from the coarsest tiers that give exactly what the raw points would. */
import type { Aggregate } from '../store.ts';
import { raw, type Tier, tiers } from './tiers.ts';

/** A half-open range of time, in milliseconds, and the tier to read it from. */
export interface Piece {
  readonly tier: Tier;
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts [from, to) into pieces, in order. A tier serves the whole windows that fit in the range when the step is a
 * multiple of its window and no point of the series has yet to settle there (`fresh`: the times of those, ascending).
 */
export function plan(
  range: { readonly from: number; readonly to: number },
  { step, fresh }: { step: number; fresh: readonly number[] },
): Piece[] {
  const usable = tiers.filter((tier) => step % tier.windowMs === 0).reverse();
  return cut(range, { usable, fresh });
}

/** `usable` from coarse to fine; the last is raw. */
function cut(
  range: { readonly from: number; readonly to: number },
  { usable, fresh }: { usable: readonly Tier[]; fresh: readonly number[] },
): Piece[] {
  const [tier = raw, ...finer] = usable;
  if (range.from >= range.to) return [];
  if (finer.length === 0) return [{ tier, ...range }];

  const pieces: Piece[] = [];
  let position = range.from;
  function finerUntil(to: number): void {
    pieces.push(...cut({ from: position, to }, { usable: finer, fresh: fresh.filter((t) => t >= position && t < to) }));
    position = Math.max(position, to);
  }
  function tierUntil(to: number): void {
    if (position < to) pieces.push({ tier, from: position, to });
    position = Math.max(position, to);
  }

  const window = tier.windowMs;
  const first = Math.ceil(range.from / window) * window;
  const end = Math.floor(range.to / window) * window;
  if (first >= end) {
    finerUntil(range.to);
    return pieces;
  }
  finerUntil(first);
  for (const start of new Set(fresh.map((time) => Math.floor(time / window) * window))) {
    if (start < first || start >= end) continue;
    tierUntil(start);
    finerUntil(start + window);
  }
  tierUntil(end);
  finerUntil(range.to);
  return pieces;
}

/** The values of a stretch of time, summed up; `last` alone may be a text. */
export interface Summary {
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly count: number;
  readonly last: number | string;
}

export function summaryOf(value: number | string): Summary {
  const number = typeof value === 'number' ? value : Number.NaN;
  return { min: number, max: number, sum: number, count: 1, last: value };
}

function merge(earlier: Summary, later: Summary): Summary {
  return {
    min: Math.min(earlier.min, later.min),
    max: Math.max(earlier.max, later.max),
    sum: earlier.sum + later.sum,
    count: earlier.count + later.count,
    last: later.last,
  };
}

function windowValue(summary: Summary, aggregate: Aggregate): number | string {
  return aggregate === 'mean' ? summary.sum / summary.count : summary[aggregate];
}

/** Folds summaries, given in order of time, into windows that begin at multiples of `step`. */
export class Windows {
  readonly #step: number;
  readonly #aggregate: Aggregate;
  readonly #points: [time: number, value: number | string][] = [];
  #start = Number.NaN;
  #current: Summary | undefined;

  constructor(step: number, aggregate: Aggregate) {
    this.#step = step;
    this.#aggregate = aggregate;
  }

  add(time: number, summary: Summary): void {
    const start = Math.floor(time / this.#step) * this.#step;
    if (start !== this.#start) this.#close();
    this.#start = start;
    this.#current = this.#current ? merge(this.#current, summary) : summary;
  }

  /** The windows that have values, ascending. */
  points(): (readonly [time: number, value: number | string])[] {
    this.#close();
    return this.#points;
  }

  #close(): void {
    if (this.#current) this.#points.push([this.#start, windowValue(this.#current, this.#aggregate)]);
    this.#current = undefined;
  }
}
