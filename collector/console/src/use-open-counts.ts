import { createContext } from 'preact';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { Permission } from '../../src/registry/roles.ts';
import { ApiError, getJson } from './api.ts';

const everyMs = 15_000;

/** What waits for a person; undefined while it is not known, or not for the eyes of this one. */
export interface OpenCounts {
  readonly incidents: number | undefined;
  readonly waiting: number | undefined;
  /** Counts again, after something was done. */
  readonly recount: () => void;
}

export const OpenCountsContext = createContext<OpenCounts>({
  incidents: undefined,
  waiting: undefined,
  recount: () => undefined,
});

async function countOf(path: string, signal: AbortSignal): Promise<number | undefined> {
  try {
    return (await getJson<{ readonly items: readonly unknown[] }>(path, signal)).items.length;
  } catch (error) {
    // Pages say what is wrong; a number in the navigation is only left out.
    if (error instanceof ApiError || signal.aborted) return undefined;
    throw error;
  }
}

/** Counts now and every quarter of a minute while somebody sees the page. */
export function useOpenCounts(may: (permission: Permission) => boolean): OpenCounts {
  const [counts, setCounts] = useState<Pick<OpenCounts, 'incidents' | 'waiting'>>({
    incidents: undefined,
    waiting: undefined,
  });
  const [round, setRound] = useState(0);
  const recount = useCallback(() => setRound((n) => n + 1), []);
  const [reads, enrols] = [may('read'), may('enrol')];

  useEffect(() => {
    const aborter = new AbortController();
    async function count(): Promise<void> {
      const { signal } = aborter;
      const [incidents, waiting] = await Promise.all([
        reads ? countOf('/api/v1/incidents?state=open', signal) : undefined,
        enrols ? countOf('/api/v1/enrolments', signal) : undefined,
      ]);
      if (!signal.aborted) setCounts({ incidents, waiting });
    }
    const onVisible = () => {
      if (!document.hidden) count();
    };
    onVisible();
    const timer = setInterval(onVisible, everyMs);
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      aborter.abort();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [reads, enrols, round]);

  return useMemo(() => ({ ...counts, recount }), [counts, recount]);
}
