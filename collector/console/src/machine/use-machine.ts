import { useEffect, useState } from 'preact/hooks';
import type { AgentWithPoints, PointView } from '../../../src/http/schemas.ts';
import { type ApiError, getJson } from '../api.ts';
import type { LiveEvent } from '../live/live-stream.ts';
import { useFetched } from '../use-fetched.ts';

function pointKey(point: PointView): string {
  return [point.measurement, ...Object.values(point.tags)].join('\u0000');
}

/** The newest point of each series. */
function mergePoints(before: readonly PointView[], arrived: readonly PointView[]): PointView[] {
  const newest = new Map(before.map((point) => [pointKey(point), point]));
  for (const point of arrived) newest.set(pointKey(point), point);
  return [...newest.values()];
}

/** One machine, with what the stream has told since it was fetched. */
export function useMachine(id: string): {
  readonly machine: AgentWithPoints | undefined;
  readonly error: ApiError | undefined;
  readonly reload: () => void;
  readonly take: (event: LiveEvent) => void;
} {
  const path = `/api/v1/agents/${encodeURIComponent(id)}`;
  const { data, error, reload } = useFetched(path, (signal) => getJson<AgentWithPoints>(path, signal));
  const [machine, setMachine] = useState(data);
  useEffect(() => setMachine(data), [data]);

  function take(event: LiveEvent): void {
    if (event.type === 'summary') return;
    const points = event.type === 'points' ? (event.data.points ?? []) : [];
    setMachine((before) => before && { ...before, ...event.data, points: mergePoints(before.points, points) });
  }

  return { machine, error, reload, take };
}
