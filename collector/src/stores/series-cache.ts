/**
 * What a store remembers of each series it has met, found again without building a key for most points: by agent, by
 * measurement, then by the measurement's own tags. Bounded: an agent that invents series is stopped at its own limit.
 * Emptying the cache once a day costs a look-up a series and forgets those that are gone (containers, USB disks), so
 * that the limit is one a day.
 */
import { type Measurement, originTags } from '@vonggac/shared';
import { isTagValue, type PointRefusal } from './check-point.ts';
import type { SeriesTags } from './series-tags.ts';
import type { Origin } from './store.ts';

/** What the agents' port allows by default, and room for what the collector concludes of a machine itself. */
export const maxSeriesPerAgent = 2_100;
const maxSeries = 1_000_000;
const lifetimeMs = 86_400_000;

interface SeriesOfPoint {
  readonly measurement: Measurement;
  /** As the point has them, without the origin's. */
  readonly tags: SeriesTags;
}

interface AgentSeries<T> {
  readonly origin: Origin;
  /** By number of the measurement, then by the values of its own tags. */
  readonly byMeasurement: Map<string, T>[];
  count: number;
}

/** All tags of a series, origin included, by ascending name; undefined when one is missing or not fit to store. */
function seriesTags(origin: Origin, { measurement, tags }: SeriesOfPoint): SeriesTags | undefined {
  const all: Record<string, string> = {};
  for (const name of [...measurement.tagNames, ...originTags].sort()) {
    // The origin comes from the registry and wins over what an agent may have sent under its names.
    const value = name in origin ? origin[name as keyof Origin] : tags[name];
    if (!isTagValue(value)) return undefined;
    all[name] = value;
  }
  return all;
}

function tagKey(names: readonly string[], tags: SeriesTags): string {
  if (names.length === 0) return '';
  if (names.length === 1) return tags[names[0] ?? ''] ?? '';
  // JSON, because a tag may hold any separator.
  return JSON.stringify(names.map((name) => tags[name]));
}

function sameOrigin(a: Origin, b: Origin): boolean {
  return a === b || (a.host === b.host && a.unit === b.unit && a.class === b.class);
}

export class SeriesCache<T extends object> {
  readonly #make: (measurement: Measurement, tags: SeriesTags) => T;
  readonly #agents = new Map<string, AgentSeries<T>>();
  #size = 0;
  #dueAt: number | undefined;

  /** `make` is called once for each series, with all of its tags. */
  constructor(make: (measurement: Measurement, tags: SeriesTags) => T) {
    this.#make = make;
  }

  /** The series of a point with these tags, or why there can be none. */
  find(origin: Origin, point: SeriesOfPoint): T | PointRefusal {
    const agent = this.#agent(origin);
    const { measurement, tags } = point;
    let series = agent.byMeasurement[measurement.definition.number];
    if (!series) {
      series = new Map();
      agent.byMeasurement[measurement.definition.number] = series;
    }
    const key = tagKey(measurement.tagNames, tags);
    const known = series.get(key);
    if (known) return known;

    const all = seriesTags(origin, point);
    if (!all) return 'bad_tags';
    if (agent.count >= maxSeriesPerAgent) return 'too_many_series';
    const made = this.#make(measurement, all);
    series.set(key, made);
    agent.count += 1;
    this.#size += 1;
    return made;
  }

  /** Whether it is time to `clear`; not to be done within a write. `now` in milliseconds. */
  isDue(now: number): boolean {
    this.#dueAt ??= now + lifetimeMs;
    return this.#size >= maxSeries || now >= this.#dueAt;
  }

  clear(): void {
    this.#agents.clear();
    this.#size = 0;
    this.#dueAt = undefined;
  }

  #agent(origin: Origin): AgentSeries<T> {
    const known = this.#agents.get(origin.agent);
    if (known && sameOrigin(known.origin, origin)) return known;
    this.#size -= known?.count ?? 0;
    const agent: AgentSeries<T> = { origin, byMeasurement: [], count: 0 };
    this.#agents.set(origin.agent, agent);
    return agent;
  }
}
