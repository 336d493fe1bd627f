import type { ComponentChildren } from 'preact';
import { useContext, useMemo } from 'preact/hooks';
import type { Me } from '../../src/http/schemas.ts';
import { ForcedPasswordPage } from './account/forced-password-page.tsx';
import { getJson } from './api.ts';
import { KeepLink } from './live/keep-link.tsx';
import { Frame } from './parts/frame.tsx';
import { ErrorNotice, Notice } from './parts/notice.tsx';
import { parseRoute, useAddress } from './router.tsx';
import { SessionContext, useMay } from './session.ts';
import type { Language } from './text/dictionary.ts';
import { useTexts } from './text/language.tsx';
import { useFetched } from './use-fetched.ts';
import { OpenCountsContext, useOpenCounts } from './use-open-counts.ts';

const path = '/api/v1/me';
/** Pages that watch the link themselves. */
const livePages: ReadonlySet<string> = new Set(['machines', 'machine']);

/** Finds out who is signed in, and shows the page to them in the frame that fits their role. */
export function SignedIn(props: {
  readonly onLanguage: (language: Language) => void;
  readonly onSignOut: () => void;
  readonly children: ComponentChildren;
}) {
  const { t } = useTexts();
  const { onSignedOut } = useContext(SessionContext);
  const { page } = parseRoute(useAddress().path);
  const { data: me, error, reload } = useFetched(path, (signal) => getJson<Me>(path, signal));
  const session = useMemo(() => ({ me, onSignedOut, onChanged: reload }), [me, onSignedOut, reload]);
  const frame = { onLanguage: props.onLanguage, onSignOut: props.onSignOut };

  if (!me) {
    return (
      <Frame {...frame}>
        {error && error.status !== 401 ? (
          <ErrorNotice error={error} onRetry={reload} />
        ) : (
          <Notice title={t('loading')} />
        )}
      </Frame>
    );
  }
  return (
    <SessionContext.Provider value={session}>
      {me.must_change_password ? (
        <Frame {...frame}>
          <ForcedPasswordPage />
        </Frame>
      ) : (
        <WithCounts>
          {!livePages.has(page) && <KeepLink onGap={reload} />}
          <Frame {...frame}>{props.children}</Frame>
        </WithCounts>
      )}
    </SessionContext.Provider>
  );
}

function WithCounts(props: { readonly children: ComponentChildren }) {
  const counts = useOpenCounts(useMay());
  return <OpenCountsContext.Provider value={counts}>{props.children}</OpenCountsContext.Provider>;
}
