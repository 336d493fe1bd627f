/** From what the API answers and the stream tells to the columns that a chart draws. */
import type { PointView, SeriesAnswer } from '../../../src/http/schemas.ts';

/** Value by the beginning of its window, milliseconds. */
type Samples = Map<number, number>;

/** All samples of a machine, by `measurement.field` and then by the value of the tag that tells series apart. */
export type SampleSet = ReadonlyMap<string, Map<string, Samples>>;

export function samplesKey(measurement: string, field: string): string {
  return `${measurement}.${field}`;
}

/** What is fetched for a chart: a field, and the tag that tells its series apart. */
export interface SampleSource {
  readonly measurement: string;
  readonly field: string;
  readonly tag: string | undefined;
}

function seriesName(tags: Readonly<Record<string, string>>, source: SampleSource): string {
  return source.tag === undefined ? '' : (tags[source.tag] ?? '');
}

export function toSamples(answer: SeriesAnswer, source: SampleSource): Map<string, Samples> {
  const named = answer.series.map(({ tags, points }) => {
    const numbers = points.filter((point): point is [number, number] => typeof point[1] === 'number');
    return [seriesName(tags, source), new Map(numbers)] as const;
  });
  return new Map(named);
}

/** Enters points that have just been measured into their windows; the answer is another set, of the same samples. */
export function addPoints(set: SampleSet, points: readonly PointView[], options: AddOptions): SampleSet {
  for (const source of options.sources) {
    const byName = set.get(samplesKey(source.measurement, source.field));
    for (const point of points) {
      const value = point.fields[source.field];
      if (!byName || point.measurement !== source.measurement || typeof value !== 'number') continue;
      const name = seriesName(point.tags, source);
      const samples = byName.get(name) ?? new Map<number, number>();
      samples.set(Math.floor(Date.parse(point.time) / options.stepMs) * options.stepMs, value);
      byName.set(name, samples);
    }
  }
  return new Map(set);
}

interface AddOptions {
  readonly sources: readonly SampleSource[];
  readonly stepMs: number;
}

export interface Grid {
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
}

/** The windows of a range that ends now. */
export function gridOf(range: { readonly lengthMs: number; readonly stepMs: number }, now: number): Grid {
  const to = Math.floor(now / range.stepMs) * range.stepMs;
  return { from: to - range.lengthMs, to, stepMs: range.stepMs };
}

export function gridTimes({ from, to, stepMs }: Grid): number[] {
  return Array.from({ length: Math.round((to - from) / stepMs) + 1 }, (_, index) => from + index * stepMs);
}

/** Windows this narrow are as wide as the pause between two measurements, and sometimes empty: no clock is exact. */
const unevenStepMs = 10_000;

/** Fewer say nothing of what is usual. */
const enoughPauses = 4;

/** One value for each time: null where data is missing, which is drawn as a gap, undefined where the line goes on. */
export function toColumn(samples: ReadonlyMap<number, number> | undefined, grid: Grid): Column {
  const values: Column = gridTimes(grid).map((time) => samples?.get(time) ?? null);
  const known = [...values.keys()].filter((index) => values[index] !== null);
  const pauses = known.slice(1).map((index, place) => index - (known[place] ?? 0));
  // Some machines measure more seldom than others: what is usual for this one is no gap.
  const usual = pauses.length < enoughPauses ? 1 : median(pauses);
  const longest = usual > 1 || grid.stepMs <= unevenStepMs ? 2 * usual : 1;
  for (const [place, pause] of pauses.entries()) {
    const before = known[place] ?? 0;
    if (pause <= longest) values.fill(undefined, before + 1, before + pause);
  }
  return values;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 1;
}

export type Column = (number | null | undefined)[];

/** Sums each column onto those before it; where one has no value the whole has none. */
export function stackColumns(columns: readonly Column[]): Column[] {
  let below: Column | undefined;
  return columns.map((column) => {
    const sum = column.map((value, index) => addValues(value, below ? below[index] : 0));
    below = sum;
    return sum;
  });
}

function addValues(value: Column[number], below: Column[number]): Column[number] {
  if (value === null || below === null) return null;
  return value === undefined || below === undefined ? undefined : value + below;
}

/** The series that carries most: of interfaces and disks the one that matters. */
export function busiest(byNames: readonly (ReadonlyMap<string, ReadonlyMap<number, number>> | undefined)[]): string {
  const sums = new Map<string, number>();
  for (const byName of byNames) {
    for (const [name, samples] of byName ?? []) {
      let sum = sums.get(name) ?? 0;
      for (const value of samples.values()) sum += value;
      sums.set(name, sum);
    }
  }
  return [...sums].sort(([a, x], [b, y]) => y - x || a.localeCompare(b))[0]?.[0] ?? '';
}
