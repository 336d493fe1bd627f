import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { LinkStatusContext } from './use-live.ts';

const NowContext = createContext(0);

/** One clock for all ages on the page. It ticks when the link changes too, and stands still while nobody sees the page. */
export function Clock(props: { readonly children: ComponentChildren }) {
  const [now, setNow] = useState(Date.now);
  const status = useContext(LinkStatusContext);
  useEffect(() => {
    const tick = () => setNow(Date.now());
    const timer = setInterval(() => {
      if (!document.hidden) tick();
    }, 1_000);
    const unsubscribe = status.subscribe(tick);
    return () => {
      clearInterval(timer);
      unsubscribe();
    };
  }, [status]);
  return <NowContext.Provider value={now}>{props.children}</NowContext.Provider>;
}

/** The present time by this browser's clock, to the second. */
export function useNow(): number {
  return useContext(NowContext);
}

/** The present time by the collector's clock, to the second. */
export function useServerNow(): number {
  return useNow() + useContext(LinkStatusContext).serverAheadMs;
}
