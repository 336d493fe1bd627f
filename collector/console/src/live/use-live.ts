import { createContext } from 'preact';
import { useContext, useEffect, useRef } from 'preact/hooks';
import { withQuery } from '../api.ts';
import { LinkStatus } from './link-status.ts';
import { type LiveEvent, LiveStream } from './live-stream.ts';

export const LinkStatusContext = createContext(new LinkStatus());

/** Opens the stream for these agents as long as the component is there. */
export function useLive(
  request: { readonly agents: readonly string[]; readonly points: 'all' | 'none' },
  handlers: {
    readonly onEvent: (event: LiveEvent) => void;
    /** Something may have been missed, or may be wrong: ask anew. */
    readonly onGap: () => void;
  },
): void {
  const status = useContext(LinkStatusContext);
  const latest = useRef(handlers);
  latest.current = handlers;
  // A stream without names would be one of all machines; a name that cannot exist stands for none.
  const agents = request.agents.join(',') || '-';
  const url = withQuery('/api/v1/stream', { agent: agents, points: request.points });

  useEffect(() => {
    const stream = new LiveStream({
      url,
      status,
      onEvent: (event) => latest.current.onEvent(event),
      onGap: () => latest.current.onGap(),
    });
    stream.start();
    return () => stream.stop();
  }, [url, status]);
}
