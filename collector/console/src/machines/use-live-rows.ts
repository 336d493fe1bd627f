import { useEffect, useRef, useState } from 'preact/hooks';
import type { AgentView } from '../../../src/http/schemas.ts';
import type { LiveEvent } from '../live/live-stream.ts';
import { useThrottled } from '../use-throttled.ts';

/** A hundred machines may report within a second; their changes are drawn together. */
const drawEveryMs = 250;

type RowEvent = Exclude<LiveEvent, { type: 'summary' }>;

/** The rows of a list with what the stream has told since the list was fetched. */
export function useLiveRows(items: readonly AgentView[] | undefined): {
  readonly rows: readonly AgentView[] | undefined;
  readonly take: (event: RowEvent) => void;
} {
  const [rows, setRows] = useState(items);
  const pending = useRef(new Map<string, Partial<AgentView>>());

  useEffect(() => {
    pending.current.clear();
    setRows(items);
  }, [items]);

  const draw = useThrottled(drawEveryMs, () => {
    const changes = pending.current;
    pending.current = new Map();
    setRows((before) => before?.map((row) => ({ ...row, ...changes.get(row.id) })));
  });

  function take({ data }: RowEvent): void {
    pending.current.set(data.id, { ...pending.current.get(data.id), ...data });
    draw();
  }

  return { rows, take };
}
