import { useEffect } from 'preact/hooks';
import { type Fetched, useFetched } from './use-fetched.ts';

/** As `useFetched`, and again every `everyMs` while somebody sees the page. */
export function useRefreshed<T>(
  key: string | undefined,
  load: (signal: AbortSignal) => Promise<T>,
  options: { readonly everyMs: number; readonly keep?: boolean },
): Fetched<T> {
  const { everyMs } = options;
  const fetched = useFetched(key, load, options);
  const { reload } = fetched;
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, reload]);
  return fetched;
}
