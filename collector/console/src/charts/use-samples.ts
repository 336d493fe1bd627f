import type { FieldName } from '@vonggac/shared';
import { useEffect, useState } from 'preact/hooks';
import type { PointView, SeriesAnswer } from '../../../src/http/schemas.ts';
import { type ApiError, getJson, withQuery } from '../api.ts';
import { useFetched } from '../use-fetched.ts';
import { type ChartDefinition, chartDefinitions } from './chart-definitions.ts';
import { type Gap, toGaps } from './gaps.ts';
import { addPoints, type SampleSet, type SampleSource, samplesKey, toSamples } from './samples.ts';
import type { TimeRange } from './time-range.ts';

const definitions: readonly ChartDefinition[] = chartDefinitions;
const sources: readonly SampleSource[] = definitions.flatMap(({ measurement, fields, tag }) =>
  fields.map((field) => ({ measurement, field, tag })),
);

/** More points than any range has windows, for a machine with some dozens of interfaces. */
const limit = 20_000;

interface Past {
  readonly samples: SampleSet;
  readonly gaps: readonly Gap[];
}

const noGaps: readonly Gap[] = [];

async function fetchPast(id: string, range: TimeRange, signal: AbortSignal): Promise<Past> {
  const [from, step] = [`-${range.lengthMs / 1_000}s`, `${range.stepMs / 1_000}s`];
  const about = { agent: id, from, limit };
  const entries = sources.map(async (source) => {
    const { measurement, field } = source;
    const path = withQuery('/api/v1/series', { measurement, field, ...about, step });
    return [samplesKey(measurement, field), toSamples(await getJson<SeriesAnswer>(path, signal), source)] as const;
  });
  const askGaps = (field: FieldName<'spool_gap'>) =>
    getJson<SeriesAnswer>(withQuery('/api/v1/series', { measurement: 'spool_gap', field, ...about }), signal);
  // A gap is told of when it is over: whatever reaches into the range was told within it.
  const [samples, lost, begins, ends] = await Promise.all([
    Promise.all(entries),
    askGaps('lost_points'),
    askGaps('from_seconds'),
    askGaps('to_seconds'),
  ]);
  return { samples: new Map(samples), gaps: toGaps({ lost, begins, ends }) };
}

/** What all charts of a machine draw. */
export function useSamples(
  id: string,
  range: TimeRange,
): {
  readonly samples: SampleSet | undefined;
  /** As they were when the samples were read last: a new one waits for the next time. */
  readonly gaps: readonly Gap[];
  readonly error: ApiError | undefined;
  readonly reload: () => void;
  readonly take: (points: readonly PointView[]) => void;
} {
  const { data, error, reload } = useFetched(`${id} ${range.name}`, (signal) => fetchPast(id, range, signal));
  const [samples, setSamples] = useState(data?.samples);

  useEffect(() => setSamples(data?.samples), [data]);
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

  return { samples, gaps: data?.gaps ?? noGaps, error, reload, take };
}
