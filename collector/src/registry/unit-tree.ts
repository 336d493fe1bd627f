/** The units as a tree: what makes it one, at every time, and the order in which people read it. */
import { beginningOf, lastValues, spansOf, successorNote, type UnitSpan, type UnitTimeline } from './unit-timeline.ts';
import { formatUnitTime } from './unit-times.ts';

/** More levels than any administration has; a bound for whatever walks the tree. */
export const maxLevels = 12;

export interface TreeProblem {
  readonly code: string;
  readonly detail: string;
}

type Timelines = ReadonlyMap<string, UnitTimeline>;
type Stretch = Pick<UnitSpan, 'from' | 'to'>;

/** Everything that keeps the units from being a forest at some time: absent parents, cycles, too many levels. */
export function findTreeProblems(units: Timelines): TreeProblem[] {
  const problems: TreeProblem[] = [];
  for (const timeline of units.values()) {
    const details = new Set<string>();
    for (const span of spansOf(timeline)) {
      const detail = parentProblem(units, timeline.code, span) ?? climb(units, [timeline.code], span);
      if (detail !== undefined) details.add(detail);
    }
    for (const detail of details) problems.push({ code: timeline.code, detail });
  }
  return problems;
}

function parentProblem(units: Timelines, code: string, span: UnitSpan): string | undefined {
  const parent = span.values.parent;
  if (parent === undefined) return undefined;
  if (parent === code) return `${code} cannot be its own parent`;
  const above = units.get(parent);
  if (!above) return `there is no unit ${parent} to be the parent of ${code}`;
  if (span.from < beginningOf(above)) {
    return `${parent} begins only on ${formatUnitTime(beginningOf(above))} and cannot be the parent of ${code} before`;
  }
  if (above.until === undefined || (span.to !== undefined && span.to <= above.until)) return undefined;
  const ended = `${parent} was retired on ${formatUnitTime(above.until)}${successorNote(above)}`;
  return `${ended}: it cannot be the parent of ${code}`;
}

/** Follows the parents above the first of `path` through a stretch of time. */
function climb(units: Timelines, path: readonly string[], stretch: Stretch): string | undefined {
  const [bottom = '', top = bottom] = [path[0], path.at(-1)];
  const timeline = units.get(top);
  for (const span of timeline ? spansOf(timeline) : []) {
    const overlap = overlapOf(span, stretch);
    const parent = span.values.parent;
    if (!overlap || parent === undefined) continue;
    if (parent === bottom) {
      if (path.length === 1) continue;
      return `${bottom} would be above itself: ${[...path, parent].join(' -> ')}`;
    }
    // A cycle further up is a problem of the units that form it.
    if (path.includes(parent)) continue;
    if (path.length >= maxLevels) return `${bottom} would be more than ${maxLevels} levels deep`;
    const found = climb(units, [...path, parent], overlap);
    if (found !== undefined) return found;
  }
  return undefined;
}

function overlapOf(a: Stretch, b: Stretch): Stretch | undefined {
  const from = Math.max(a.from, b.from);
  const to = Math.min(a.to ?? Number.POSITIVE_INFINITY, b.to ?? Number.POSITIVE_INFINITY);
  return from < to ? { from, to } : undefined;
}

interface InTree {
  readonly code: string;
  readonly name: string;
  readonly parent?: string | undefined;
}

const collator = new Intl.Collator('vi', { numeric: true });

/** Parents before their children, neighbours by name as the Vietnamese alphabet has it. */
export function inTreeOrder<T extends InTree>(units: readonly T[]): { unit: T; level: number }[] {
  const codes = new Set(units.map(({ code }) => code));
  const below = Map.groupBy(
    units.toSorted((a, b) => collator.compare(a.name, b.name) || (a.code < b.code ? -1 : 1)),
    ({ parent }) => (parent !== undefined && codes.has(parent) ? parent : undefined),
  );
  const walk = (parent: string | undefined, level: number): { unit: T; level: number }[] =>
    (below.get(parent) ?? []).flatMap((unit) => [{ unit, level }, ...walk(unit.code, level + 1)]);
  return walk(undefined, 0);
}

/** The unit and all below it, now. */
export function unitsBelow(units: Timelines, code: string): ReadonlySet<string> {
  const found = new Set([code]);
  // A set takes in what is added while it is walked.
  for (const above of found) {
    for (const timeline of units.values()) {
      if (timeline.until === undefined && lastValues(timeline).parent === above) found.add(timeline.code);
    }
  }
  return found;
}

/** The unit and all below it. */
export function unitAndBelow(
  units: readonly { readonly code: string; readonly parent?: string | undefined }[],
  code: string,
): ReadonlySet<string> {
  const found = new Set([code]);
  // A set takes in what is added while it is walked.
  for (const above of found) for (const unit of units) if (unit.parent === above) found.add(unit.code);
  return found;
}
