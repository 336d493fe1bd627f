import { useCallback, useEffect, useRef } from 'preact/hooks';

/** `run`, but at most every `everyMs`: a call in between is made up for at the end of the pause. */
export function useThrottled(everyMs: number, run: () => void): () => void {
  const latestRun = useRef(run);
  latestRun.current = run;
  const timer = useRef<number | undefined>(undefined);
  const ranAt = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);

  return useCallback(() => {
    if (timer.current !== undefined) return;
    const wait = Math.max(0, ranAt.current + everyMs - Date.now());
    timer.current = window.setTimeout(() => {
      timer.current = undefined;
      ranAt.current = Date.now();
      latestRun.current();
    }, wait);
  }, [everyMs]);
}
