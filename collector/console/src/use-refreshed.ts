import { useEffect } from 'preact/hooks';
import { type Fetched, useFetched } from './use-fetched.ts';

/** As `useFetched`, and again every `everyMs` while somebody sees the page. */
export function useRefreshed<T>(
  key: string | undefined,
  load: (signal: AbortSignal) => Promise<T>,
  everyMs: number,
): Fetched<T> {
  const fetched = useFetched(key, load);
  const { reload } = fetched;
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, reload]);
  return fetched;
}
