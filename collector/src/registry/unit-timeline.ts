/**
 * The life of one unit: what held from when to when. Invariants: at least one version; versions follow each other
 * without a gap, each different from the one before; the last one holds until the unit is retired. A code is never used
 * for a second life, so that an old name in an old report always means one thing.
 */

import { textOfValue } from './unit-text.ts';
import { formatUnitTime } from './unit-times.ts';
import { type UnitField, type UnitPatch, type UnitValues, unitFields, withPatch } from './unit-values.ts';

export interface UnitVersion {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly values: UnitValues;
}

export interface UnitTimeline {
  readonly code: string;
  readonly versions: readonly [UnitVersion, ...UnitVersion[]];
  /** When the unit was retired: from then on it is not there. */
  readonly until: number | undefined;
  /** The unit that took its place. */
  readonly successor: string | undefined;
}

/** What holds in a stretch of time; without an end it holds now. */
export interface UnitSpan {
  readonly from: number;
  readonly to: number | undefined;
  readonly values: UnitValues;
}

/** When something changes: `from` is the beginning of a day that has come, absent for now. */
export interface When {
  readonly from?: number | undefined;
  readonly now: number;
}

/** Something about units that is refused; the message says why and what to do. `unknown`: there is no such unit. */
export class UnitRefused extends Error {
  override name = 'UnitRefused';
  readonly reason: 'unknown' | 'conflict';

  constructor(message: string, reason: 'unknown' | 'conflict' = 'conflict') {
    super(message);
    this.reason = reason;
  }
}

export function beginTimeline(code: string, values: UnitValues, from: number): UnitTimeline {
  return { code, versions: [{ from, values }], until: undefined, successor: undefined };
}

export function beginningOf(timeline: UnitTimeline): number {
  return timeline.versions[0].from;
}

export function spansOf({ versions, until }: UnitTimeline): UnitSpan[] {
  return versions.map(({ from, values }, index) => ({ from, to: versions[index + 1]?.from ?? until, values }));
}

/** What holds at `time`, which must be in the unit's life. */
export function valuesAt(timeline: UnitTimeline, time: number): UnitValues {
  return (timeline.versions.findLast(({ from }) => from <= time) ?? timeline.versions[0]).values;
}

/** What holds now, or held when the unit was retired. */
export function lastValues(timeline: UnitTimeline): UnitValues {
  return valuesAt(timeline, Number.POSITIVE_INFINITY);
}

/**
 * When a change takes effect. Without a wish that is now, but never before the last change: a clock that was set back
 * must not put a change behind it. Throws UnitRefused when the unit is not there at that time.
 */
export function effectiveTime(timeline: UnitTimeline, when: When): number {
  const { code, versions, until } = timeline;
  if (until !== undefined && (when.from ?? when.now) >= until) {
    throw new UnitRefused(`${code} was retired on ${formatUnitTime(until)}${successorNote(timeline)}`);
  }
  if (when.from !== undefined && when.from < beginningOf(timeline)) {
    throw new UnitRefused(`${code} begins only on ${formatUnitTime(beginningOf(timeline))}: name a later day`);
  }
  return when.from ?? Math.max(when.now, versions.at(-1)?.from ?? when.now);
}

export function successorNote({ successor }: UnitTimeline): string {
  return successor === undefined ? '' : ` and is part of ${successor} now`;
}

/** The fields in which two versions differ. */
export function fieldsChanged(before: UnitValues, after: UnitValues): UnitField[] {
  return unitFields.filter((field) => textOfValue(field, before) !== textOfValue(field, after));
}

/** Moves the beginning to an earlier time. */
export function beginEarlier(timeline: UnitTimeline, from: number): UnitTimeline {
  const [first, ...rest] = timeline.versions;
  return { ...timeline, versions: [{ ...first, from: Math.min(from, first.from) }, ...rest] };
}

/**
 * The life with `patch` in force from `from` on, a time within it. Each value holds until that value was changed the
 * next time: a name recorded late does not undo a move that came after it.
 */
export function changeFrom(timeline: UnitTimeline, change: { from: number; patch: UnitPatch }): UnitTimeline {
  const { earlier, later } = splitAt(timeline, change.from);
  const old = later[0].values;
  const fresh = withPatch(old, change.patch);
  const open = new Set(fieldsChanged(old, fresh));
  const changed = later.map((version) => {
    const patch: Record<string, unknown> = {};
    for (const field of open) {
      if (textOfValue(field, version.values) === textOfValue(field, old)) patch[field] = fresh[field] ?? null;
      else open.delete(field);
    }
    return { from: version.from, values: withPatch(version.values, patch as UnitPatch) };
  });
  return { ...timeline, versions: withoutRepeats([...earlier, ...changed]) };
}

/** The life in which every parent `from` is `to` from a time on. */
export function replaceParent(timeline: UnitTimeline, parent: { from: string; to: string; at: number }): UnitTimeline {
  const affected = spansOf(timeline).some(
    ({ to, values }) => values.parent === parent.from && (to === undefined || to > parent.at),
  );
  if (!affected) return timeline;
  const { earlier, later } = splitAt(timeline, Math.max(parent.at, beginningOf(timeline)));
  const replaced = later.map((version) =>
    version.values.parent === parent.from
      ? { from: version.from, values: withPatch(version.values, { parent: parent.to }) }
      : version,
  );
  return { ...timeline, versions: withoutRepeats([...earlier, ...replaced]) };
}

function splitAt(
  timeline: UnitTimeline,
  time: number,
): { earlier: UnitVersion[]; later: [UnitVersion, ...UnitVersion[]] } {
  const earlier = timeline.versions.filter(({ from }) => from < time);
  const later = timeline.versions.filter(({ from }) => from > time);
  return { earlier, later: [{ from: time, values: valuesAt(timeline, time) }, ...later] };
}

function withoutRepeats(versions: readonly UnitVersion[]): readonly [UnitVersion, ...UnitVersion[]] {
  const kept = versions.filter((version, index) => {
    const before = versions[index - 1];
    return before === undefined || fieldsChanged(before.values, version.values).length > 0;
  });
  return kept as [UnitVersion, ...UnitVersion[]];
}
