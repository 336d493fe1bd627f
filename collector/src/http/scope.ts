/**
 * What someone may see of units, machines and values. Routes get these from here and from nowhere else, so that a
 * unit-admin's view is narrowed in one place. Whoever is limited to a unit that is not there sees nothing.
 */
import type { LiveAgent, LiveState } from '../live/live-state.ts';
import type { Unit } from '../registry/unit-rows.ts';
import type { UnitTimeline, UnitVersion } from '../registry/unit-timeline.ts';
import { withPatch } from '../registry/unit-values.ts';
import type { UnitRecord, Units } from '../registry/units.ts';
import type { Series, SeriesQuery, SeriesResult, Store } from '../stores/store.ts';
import type { Identity } from './access.ts';
import { unitAndBelow } from './agent-list.ts';

export interface ScopeParts {
  readonly units: Pick<Units, 'all' | 'list' | 'history'>;
  readonly live: Pick<LiveState, 'all' | 'get'>;
  readonly store: Pick<Store, 'query' | 'health'>;
}

export type ScopeOf = (identity: Pick<Identity, 'role' | 'unit'> | undefined) => Scope;

/** Makes the function that routes ask. */
export function createScopes(parts: ScopeParts): ScopeOf {
  const province = new Scope(parts, undefined);
  return (identity) => {
    if (!identity) throw new Error('a route with a permission was reached without an identity');
    const { role, unit } = identity;
    // By the unit too, and not by the role alone: two ways to be limited must both be missing to see everything.
    if (role !== 'unit-admin' && unit === undefined) return province;
    return new Scope(parts, unit === undefined ? { unit: '', codes: new Set() } : limitTo(unit, parts));
  };
}

interface Limit {
  readonly unit: string;
  readonly codes: ReadonlySet<string>;
}

function limitTo(unit: string, { units }: ScopeParts): Limit {
  return { unit, codes: unitAndBelow(units.all(), unit) };
}

export class Scope {
  readonly #parts: ScopeParts;
  readonly #limit: Limit | undefined;

  /** `limit` undefined: the whole province. */
  constructor(parts: ScopeParts, limit: Limit | undefined) {
    this.#parts = parts;
    this.#limit = limit;
  }

  /** The same for scopes that see the same. */
  get key(): string {
    return this.#limit ? `unit ${this.#limit.unit}` : 'province';
  }

  /** In the order of their codes; the topmost has no parent here, since what is above it is not to be seen. */
  units(): UnitRecord[] {
    const all = this.#parts.units.all();
    const limit = this.#limit;
    if (!limit) return all;
    return all
      .filter(({ code }) => limit.codes.has(code))
      .map((unit) => ({ ...unit, parent: unit.code === limit.unit ? undefined : unit.parent }));
  }

  /** With all their attributes, as they were at `time` or as they are; those that were below the limit then. */
  unitsAt(time: number | undefined): Unit[] {
    const all = this.#parts.units.list(time);
    if (!this.#limit) return all;
    const top = this.#limit.unit;
    const codes = all.some(({ code }) => code === top) ? unitAndBelow(all, top) : new Set();
    return all.filter(({ code }) => codes.has(code)).map((unit) => (unit.code === top ? withoutParent(unit) : unit));
  }

  /** What is above the topmost, or was above any of them elsewhere, is not to be seen here either. */
  unitHistory(code: string): UnitTimeline | undefined {
    const codes = this.#limit?.codes;
    if (!codes) return this.#parts.units.history(code);
    const timeline = codes.has(code) ? this.#parts.units.history(code) : undefined;
    return timeline && withKnownParents(timeline, codes);
  }

  sees(agent: LiveAgent): boolean {
    return this.#limit?.codes.has(agent.record.unit) ?? true;
  }

  agents(): readonly LiveAgent[] {
    const all = this.#parts.live.all();
    return this.#limit ? all.filter((agent) => this.sees(agent)) : all;
  }

  /** One that may not be seen is answered like one that does not exist. */
  agent(id: string): LiveAgent | undefined {
    const agent = this.#parts.live.get(id);
    return agent && this.sees(agent) ? agent : undefined;
  }

  storeHealth(): string | undefined {
    return this.#parts.store.health();
  }

  /** As the store answers, without the series of other units: of each point, the unit that it was measured in counts. */
  async query(query: SeriesQuery, signal: AbortSignal): Promise<SeriesResult> {
    const codes = this.#limit?.codes;
    if (!codes) return await this.#parts.store.query(query, signal);
    const series: Series[] = [];
    let left = query.limit;
    for (const tags of questionsFor(query.tags ?? {}, codes)) {
      if (left <= 0) return { series: series.sort(byTags), truncated: true };
      const result = await this.#parts.store.query({ ...query, tags, limit: left }, signal);
      const seen = result.series.filter((each) => codes.has(each.tags.unit ?? ''));
      series.push(...seen);
      if (result.truncated) return { series: series.sort(byTags), truncated: true };
      left -= seen.reduce((sum, { points }) => sum + points.length, 0);
    }
    return { series: series.sort(byTags), truncated: false };
  }
}

function withoutParent(unit: Unit): Unit {
  const { parent: _, ...rest } = unit;
  return rest;
}

function withKnownParents(timeline: UnitTimeline, codes: ReadonlySet<string>): UnitTimeline {
  const [first, ...rest] = timeline.versions;
  const sift = ({ from, values }: UnitVersion): UnitVersion => ({
    from,
    values: codes.has(values.parent ?? '') ? values : withPatch(values, { parent: null }),
  });
  return { ...timeline, versions: [sift(first), ...rest.map(sift)] };
}

/** A store is asked for one unit at a time. A machine has few series, so it is asked for once and the answer sifted. */
function questionsFor(
  tags: Readonly<Record<string, string>>,
  codes: ReadonlySet<string>,
): readonly Readonly<Record<string, string>>[] {
  if (tags.unit !== undefined) return codes.has(tags.unit) ? [tags] : [];
  if (tags.agent !== undefined) return codes.size > 0 ? [tags] : [];
  return [...codes].sort().map((unit) => ({ ...tags, unit }));
}

function byTags(a: Series, b: Series): number {
  const [left, right] = [a, b].map(({ tags }) => JSON.stringify(Object.entries(tags).sort()));
  return (left ?? '') < (right ?? '') ? -1 : 1;
}
