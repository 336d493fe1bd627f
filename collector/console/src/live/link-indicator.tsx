import { useContext } from 'preact/hooks';
import { useTexts } from '../text/language.tsx';
import { useNow } from './clock.tsx';
import type { LinkStatus } from './link-status.ts';
import { LinkStatusContext } from './use-live.ts';

/** A pause shorter than this is no news: machines report every ten seconds. */
const freshMs = 8_000;

/** The state of the link as of this second. */
export function useLinkState(): LinkStatus['state'] {
  useNow();
  return useContext(LinkStatusContext).state;
}

/** Says in the header whether what is shown is live, and how old it is. */
export function LinkIndicator() {
  const { t, format } = useTexts();
  const status = useContext(LinkStatusContext);
  const ageMs = Math.max(0, useNow() - status.heardAt);
  if (status.state === 'connecting') return <Indicator kind="connecting" text={t('connectionConnecting')} />;
  if (status.state === 'lost') return <Indicator kind="lost" text={t('connectionLost')} />;
  if (ageMs > freshMs) return <Indicator kind="old" text={t('connectionAge', { age: format.duration(ageMs) })} />;
  return <Indicator kind="live" text={t('connectionLive')} />;
}

function Indicator(props: { readonly kind: 'connecting' | 'live' | 'lost' | 'old'; readonly text: string }) {
  return (
    <span class={`link-indicator link-${props.kind}`} data-link={props.kind}>
      <span class="link-dot" aria-hidden="true" />
      <span class="link-text">{props.text}</span>
    </span>
  );
}

/** Fills the width when the connection is lost: nobody may take old numbers for new ones. */
export function LinkBanner() {
  const { t, format } = useTexts();
  const status = useContext(LinkStatusContext);
  const now = useNow();
  const isLost = status.state === 'lost';
  return (
    <div class="link-banner" role="status" hidden={!isLost}>
      {isLost && t('connectionLostLong', { age: format.duration(now - status.heardAt) })}
    </div>
  );
}
