import { useCallback, useContext, useRef, useState } from 'preact/hooks';
import { ApiError } from './api.ts';
import { SessionContext } from './session.ts';

export interface Action<A extends unknown[]> {
  /** Starts it, unless it runs already. Never throws for an answer of the collector: that is `error`. */
  readonly run: (...args: A) => Promise<void>;
  readonly busy: boolean;
  readonly error: ApiError | undefined;
  readonly clear: () => void;
}

/** Something that a person asks the collector to do, with what came of it. */
export function useAction<A extends unknown[]>(act: (...args: A) => Promise<void>): Action<A> {
  const { onSignedOut } = useContext(SessionContext);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const running = useRef(false);
  const latest = useRef(act);
  latest.current = act;

  const run = useCallback(
    async (...args: A) => {
      // A second press comes before the button is drawn as busy.
      if (running.current) return;
      running.current = true;
      setBusy(true);
      setError(undefined);
      try {
        await latest.current(...args);
      } catch (thrown) {
        if (!(thrown instanceof ApiError)) throw thrown;
        if (thrown.status === 401) onSignedOut();
        setError(thrown);
      } finally {
        running.current = false;
        setBusy(false);
      }
    },
    [onSignedOut],
  );
  return { run, busy, error, clear: useCallback(() => setError(undefined), []) };
}
