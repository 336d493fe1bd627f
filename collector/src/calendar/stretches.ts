/** Stretches of time, half-open: what of some lies in others. */

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Sorted; where two overlap, the earlier one keeps it. */
export function withoutOverlap<T extends Stretch>(stretches: readonly T[]): T[] {
  const kept: T[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const stretch of stretches.toSorted((a, b) => a.from - b.from)) {
    if (stretch.to <= end || stretch.to <= stretch.from) continue;
    kept.push({ ...stretch, from: Math.max(stretch.from, end) });
    end = stretch.to;
  }
  return kept;
}

/** What of `stretches` lies in none of `others`, which are sorted and do not overlap. */
export function outside<T extends Stretch>(stretches: readonly T[], others: readonly Stretch[]): T[] {
  return stretches.flatMap((stretch) => {
    const left: T[] = [];
    let begin = stretch.from;
    for (const other of others) {
      if (other.to <= begin) continue;
      if (other.from >= stretch.to) break;
      if (other.from > begin) left.push({ ...stretch, from: begin, to: other.from });
      begin = other.to;
    }
    if (begin < stretch.to) left.push({ ...stretch, from: begin });
    return left;
  });
}

/** What of `stretches` lies in one of `others`, which are sorted and do not overlap. */
export function within<T extends Stretch>(stretches: readonly T[], others: readonly Stretch[]): T[] {
  return stretches.flatMap((stretch) => {
    const common: T[] = [];
    for (const other of others) {
      if (other.to <= stretch.from) continue;
      if (other.from >= stretch.to) break;
      common.push({ ...stretch, from: Math.max(stretch.from, other.from), to: Math.min(stretch.to, other.to) });
    }
    return common;
  });
}

export function lengthOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { from, to }) => sum + to - from, 0);
}
