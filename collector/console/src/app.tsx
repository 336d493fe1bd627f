import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ApiError, post } from './api.ts';
import { Clock } from './live/clock.tsx';
import { LinkStatus } from './live/link-status.ts';
import { LinkStatusContext } from './live/use-live.ts';
import { MachinePage } from './machine/machine-page.tsx';
import { MachinesPage } from './machines/machines-page.tsx';
import { Frame } from './parts/frame.tsx';
import { Notice } from './parts/notice.tsx';
import { navigate, parseRoute, type Route, useAddress } from './router.tsx';
import { SessionContext } from './session.ts';
import { SignInPage } from './sign-in-page.tsx';
import type { Language } from './text/dictionary.ts';
import { createTexts, storedLanguage, storeLanguage, TextsContext, useTexts } from './text/language.tsx';

/** The whole console. Whoever is not signed in sees the sign-in page at any address, and then what they came for. */
export function App() {
  const [language, setLanguage] = useState<Language>(storedLanguage);
  const texts = useMemo(() => createTexts(language), [language]);
  const [signedOut, setSignedOut] = useState(false);
  const session = useMemo(() => ({ onSignedOut: () => setSignedOut(true) }), []);
  const linkStatus = useMemo(() => new LinkStatus(), []);
  const { path } = useAddress();
  const route = parseRoute(path);
  /** The list as it was left, filter and all, for the way back to it. */
  const listAddress = useRef('/');
  if (route.page === 'machines') listAddress.current = location.pathname + location.search;

  useEffect(() => {
    document.documentElement.lang = language;
    storeLanguage(language);
  }, [language]);

  const onSignedIn = useCallback(() => {
    if (location.pathname === '/sign-in') navigate('/', { replace: true });
    setSignedOut(false);
  }, []);

  const onSignOut = useCallback(async () => {
    try {
      await post('/api/v1/sign-out');
      setSignedOut(true);
    } catch (error) {
      // The session goes on, and the banner says why.
      if (!(error instanceof ApiError)) throw error;
    }
  }, []);

  return (
    <TextsContext.Provider value={texts}>
      <SessionContext.Provider value={session}>
        <LinkStatusContext.Provider value={linkStatus}>
          {signedOut || route.page === 'sign-in' ? (
            <SignInPage onLanguage={setLanguage} onSignedIn={onSignedIn} />
          ) : (
            <Clock>
              <Frame onLanguage={setLanguage} onSignOut={onSignOut}>
                <Page route={route} listAddress={listAddress.current} />
              </Frame>
            </Clock>
          )}
        </LinkStatusContext.Provider>
      </SessionContext.Provider>
    </TextsContext.Provider>
  );
}

function Page(props: { readonly route: Route; readonly listAddress: string }) {
  const { t } = useTexts();
  const { route } = props;
  if (route.page === 'machines') return <MachinesPage />;
  if (route.page === 'machine') return <MachinePage key={route.id} id={route.id} listAddress={props.listAddress} />;
  return <Notice title={t('pageNotFound')} />;
}
