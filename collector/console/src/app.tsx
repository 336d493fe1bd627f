import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { AccountPage } from './account/account-page.tsx';
import { ApiError, post } from './api.ts';
import { AuditPage } from './audit/audit-page.tsx';
import { AvailabilityPage } from './availability/availability-page.tsx';
import { CodesPage } from './codes/codes-page.tsx';
import { CollectorPage } from './collector/collector-page.tsx';
import { IncidentsPage } from './incidents/incidents-page.tsx';
import { LinkPage } from './links/link-page.tsx';
import { LinksPage } from './links/links-page.tsx';
import { Clock } from './live/clock.tsx';
import { LinkStatus } from './live/link-status.ts';
import { LinkStatusContext } from './live/use-live.ts';
import { MachinePage } from './machine/machine-page.tsx';
import { MachinesPage } from './machines/machines-page.tsx';
import { MaintenancePage } from './maintenance/maintenance-page.tsx';
import { OutagesPage } from './outages/outages-page.tsx';
import { permissionOf } from './parts/navigation.tsx';
import { Notice } from './parts/notice.tsx';
import { PeoplePage } from './people/people-page.tsx';
import { TokensPage } from './people/tokens-page.tsx';
import { MalwarePage } from './protection/malware-page.tsx';
import { ProtectionPage } from './protection/protection-page.tsx';
import { UnitProtectionPage } from './protection/unit-protection-page.tsx';
import { navigate, parseRoute, type Route, useAddress } from './router.tsx';
import { RulePage } from './rules/rule-page.tsx';
import { RulesPage } from './rules/rules-page.tsx';
import { ServicesPage } from './services/services-page.tsx';
import { SessionContext, useMay } from './session.ts';
import { SignInPage } from './sign-in/sign-in-page.tsx';
import { SignedIn } from './signed-in.tsx';
import type { Language } from './text/dictionary.ts';
import { createTexts, storedLanguage, storeLanguage, TextsContext, useTexts } from './text/language.tsx';
import { UnitImportPage } from './units/unit-import-page.tsx';
import { UnitPage } from './units/unit-page.tsx';
import { UnitsPage } from './units/units-page.tsx';

/** The whole console. Whoever is not signed in sees the sign-in page at any address, and then what they came for. */
export function App() {
  const [language, setLanguage] = useState<Language>(storedLanguage);
  const texts = useMemo(() => createTexts(language), [language]);
  const [signedOut, setSignedOut] = useState(false);
  const session = useMemo(
    () => ({ me: undefined, onChanged: () => undefined, onSignedOut: () => setSignedOut(true) }),
    [],
  );
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
              <SignedIn onLanguage={setLanguage} onSignOut={onSignOut}>
                <Page route={route} listAddress={listAddress.current} />
              </SignedIn>
            </Clock>
          )}
        </LinkStatusContext.Provider>
      </SessionContext.Provider>
    </TextsContext.Provider>
  );
}

function Page(props: { readonly route: Route; readonly listAddress: string }) {
  const { t } = useTexts();
  const may = useMay();
  const { route } = props;
  const permission = permissionOf(route.page);
  if (permission !== undefined && !may(permission)) {
    return (
      <Notice title={t('pageForbidden')}>
        <p>{t('errorForbidden')}</p>
      </Notice>
    );
  }
  switch (route.page) {
    case 'machines':
      return <MachinesPage />;
    case 'machine':
      return <MachinePage key={route.id} id={route.id} listAddress={props.listAddress} />;
    case 'incidents':
      return <IncidentsPage />;
    case 'outages':
      return <OutagesPage />;
    case 'maintenance':
      return <MaintenancePage />;
    case 'availability':
      return <AvailabilityPage />;
    case 'rules':
      return <RulesPage />;
    case 'runbook':
      return <RulePage key={route.id} id={route.id} />;
    case 'links':
      return <LinksPage />;
    case 'link':
      return <LinkPage key={`${route.unit}/${route.link}`} unit={route.unit} link={route.link} />;
    case 'services':
      return <ServicesPage />;
    case 'protection':
      return <UnitProtectionPage />;
    case 'protected-machines':
      return <ProtectionPage />;
    case 'malware':
      return <MalwarePage />;
    case 'units':
      return <UnitsPage />;
    case 'unit':
      return <UnitPage key={route.id} code={route.id} />;
    case 'unit-import':
      return <UnitImportPage />;
    case 'codes':
      return <CodesPage />;
    case 'people':
      return <PeoplePage />;
    case 'tokens':
      return <TokensPage />;
    case 'collector':
      return <CollectorPage />;
    case 'audit':
      return <AuditPage />;
    case 'account':
      return <AccountPage />;
    default:
      return <Notice title={t('pageNotFound')} />;
  }
}
