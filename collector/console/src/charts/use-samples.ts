import { useEffect, useState } from 'preact/hooks';
import type { PointView, SeriesAnswer } from '../../../src/http/schemas.ts';
import { type ApiError, getJson, withQuery } from '../api.ts';
import { useFetched } from '../use-fetched.ts';
import { type ChartDefinition, chartDefinitions } from './chart-definitions.ts';
import { addPoints, type SampleSet, type SampleSource, samplesKey, toSamples } from './samples.ts';
import type { TimeRange } from './time-range.ts';

const definitions: readonly ChartDefinition[] = chartDefinitions;
const sources: readonly SampleSource[] = definitions.flatMap(({ measurement, fields, tag }) =>
  fields.map((field) => ({ measurement, field, tag })),
);

/** More points than any range has windows, for a machine with some dozens of interfaces. */
const limit = 20_000;

async function fetchSamples(id: string, range: TimeRange, signal: AbortSignal): Promise<SampleSet> {
  const entries = sources.map(async (source) => {
    const { measurement, field } = source;
    const [from, step] = [`-${range.lengthMs / 1_000}s`, `${range.stepMs / 1_000}s`];
    const path = withQuery('/api/v1/series', { measurement, field, agent: id, from, step, limit });
    return [samplesKey(measurement, field), toSamples(await getJson<SeriesAnswer>(path, signal), source)] as const;
  });
  return new Map(await Promise.all(entries));
}

/** The samples of all charts of a machine. */
export function useSamples(
  id: string,
  range: TimeRange,
): {
  readonly samples: SampleSet | undefined;
  readonly error: ApiError | undefined;
  readonly reload: () => void;
  readonly take: (points: readonly PointView[]) => void;
} {
  const { data, error, reload } = useFetched(`${id} ${range.name}`, (signal) => fetchSamples(id, range, signal));
  const [samples, setSamples] = useState(data);

  useEffect(() => setSamples(data), [data]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) reload();
    }, range.refreshMs);
    return () => clearInterval(timer);
  }, [range, reload]);

  function take(points: readonly PointView[]): void {
    if (!range.live) return;
    setSamples((before) => before && addPoints(before, points, { sources, stepMs: range.stepMs }));
  }

  return { samples, error, reload, take };
}
