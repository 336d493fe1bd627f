import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from './api.ts';
import { SessionContext } from './session.ts';

export interface Fetched<T> {
  /** The newest answer; kept while it is asked for again and when that fails. */
  readonly data: T | undefined;
  readonly error: ApiError | undefined;
  /** Nothing has come yet for this key. */
  readonly loading: boolean;
  /** Asks again. */
  readonly reload: () => void;
}

/**
 * Fetches what `key` stands for, anew whenever it changes; the data of another key is dropped at once unless `keep`.
 * An undefined key fetches nothing.
 */
export function useFetched<T>(
  key: string | undefined,
  load: (signal: AbortSignal) => Promise<T>,
  options: { readonly keep?: boolean } = {},
): Fetched<T> {
  const { onSignedOut } = useContext(SessionContext);
  const [round, setRound] = useState(0);
  const [result, setResult] = useState<{ key?: string; data?: T; error?: ApiError }>({});
  const latestLoad = useRef(load);
  latestLoad.current = load;

  useEffect(() => {
    if (key === undefined) return;
    const aborter = new AbortController();
    latestLoad.current(aborter.signal).then(
      (data) => setResult({ key, data }),
      (error: unknown) => {
        if (aborter.signal.aborted) return;
        if (!(error instanceof ApiError)) throw error;
        if (error.status === 401) onSignedOut();
        setResult((before) => (before.key === key ? { ...before, error } : { key, error }));
      },
    );
    return () => aborter.abort();
  }, [key, round, onSignedOut]);

  const isCurrent = result.key === key;
  return {
    data: isCurrent || options.keep ? result.data : undefined,
    error: isCurrent ? result.error : undefined,
    loading: key !== undefined && !isCurrent,
    reload: useCallback(() => setRound((n) => n + 1), []),
  };
}
