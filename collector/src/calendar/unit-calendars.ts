/** Which units stand above a unit, and which calendar it keeps: its own, or the nearest one above it. Now and in the past. */
import type { UnitTimeline } from '../registry/unit-timeline.ts';
import { spansOf } from '../registry/unit-timeline.ts';
import { maxLevels } from '../registry/unit-tree.ts';
import type { Stretch } from './stretches.ts';

export interface UnitPlace {
  /** The unit itself, then those above it. */
  readonly chain: readonly string[];
  /** The name that was given; undefined when none was. */
  readonly calendar: string | undefined;
  /** Ids of the unit's own lines. */
  readonly links: readonly string[];
}

export type UnitSpan = UnitPlace & Stretch;

interface Version extends Stretch {
  readonly parent: string | undefined;
  readonly calendar: string | undefined;
  readonly links: readonly string[];
}

export class UnitCalendars {
  readonly #versions: ReadonlyMap<string, readonly Version[]>;
  /** Every time at which anything changed, sorted. */
  readonly #changes: readonly number[];
  readonly #places = new Map<string, UnitPlace>();

  /** A name that is not among `known` counts as none. */
  constructor(timelines: Iterable<UnitTimeline>, known: ReadonlySet<string>) {
    const versions = new Map<string, Version[]>();
    for (const timeline of timelines) {
      const spans = spansOf(timeline).map(({ from, to = Number.POSITIVE_INFINITY, values }) => {
        const { parent, calendar, links = [] } = values;
        const isKnown = calendar !== undefined && known.has(calendar);
        return { from, to, parent, calendar: isKnown ? calendar : undefined, links: links.map(({ id }) => id) };
      });
      versions.set(timeline.code, spans);
    }
    this.#versions = versions;
    const changes = [...versions.values()].flat().flatMap(({ from, to }) => [from, to]);
    this.#changes = [...new Set(changes)].filter(Number.isFinite).sort((a, b) => a - b);
  }

  /** As it is now, and as it was when the unit was retired. */
  now(unit: string): UnitPlace {
    const known = this.#places.get(unit);
    if (known) return known;
    const place = this.#placeAt(unit, Number.MAX_SAFE_INTEGER);
    this.#places.set(unit, place);
    return place;
  }

  /** What held when, without gaps; a unit that is not there stands alone. */
  spans(unit: string, { from, to }: Stretch): UnitSpan[] {
    const spans: UnitSpan[] = [];
    const starts = [from, ...this.#changes.filter((time) => time > from && time < to)];
    for (const [index, start] of starts.entries()) {
      const end = starts[index + 1] ?? to;
      const place = this.#placeAt(unit, start);
      const last = spans.at(-1);
      if (last && isSame(last, place)) spans[spans.length - 1] = { ...last, to: end };
      else spans.push({ ...place, from: start, to: end });
    }
    return spans;
  }

  #placeAt(unit: string, time: number): UnitPlace {
    const chain: string[] = [];
    let calendar: string | undefined;
    let links: readonly string[] = [];
    let code: string | undefined = unit;
    for (let level = 0; code !== undefined && level < maxLevels; level += 1) {
      chain.push(code);
      const versions: readonly Version[] | undefined = this.#versions.get(code);
      const version: Version | undefined = versions?.findLast(({ from }) => from <= time);
      calendar ??= version?.calendar;
      if (level === 0) links = version?.links ?? [];
      code = version?.parent;
    }
    return { chain, calendar, links };
  }
}

function isSame(a: UnitPlace, b: UnitPlace): boolean {
  return a.calendar === b.calendar && a.chain.join() === b.chain.join() && a.links.join() === b.links.join();
}
