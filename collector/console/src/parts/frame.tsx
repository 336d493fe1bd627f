import type { ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import icon from '../icon.svg';
import { LinkBanner, LinkIndicator, useLinkState } from '../live/link-indicator.tsx';
import { Link, parseRoute, useAddress } from '../router.tsx';
import { SessionContext } from '../session.ts';
import { type Language, languages } from '../text/dictionary.ts';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { useUnits } from '../use-units.ts';
import { Navigation } from './navigation.tsx';
import { roleTexts } from './role-texts.ts';

/** What surrounds every page of a signed-in browser. */
export function Frame(props: {
  readonly onLanguage: (language: Language) => void;
  readonly onSignOut: () => void;
  readonly children: ComponentChildren;
}) {
  const { t } = useTexts();
  return (
    <>
      <a class="skip-link" href="#content">
        {t('skipToContent')}
      </a>
      <header class="header">
        <Link to="/" class="brand">
          <img src={icon} alt="" width="24" height="24" />
          <span class="brand-name">Vọng Gác</span>
        </Link>
        <Navigation />
        <LinkIndicator />
        <Person />
        <LanguageSwitch onLanguage={props.onLanguage} />
        <button type="button" class="button button-quiet" onClick={props.onSignOut}>
          {t('signOut')}
        </button>
      </header>
      <LinkBanner />
      <Content>{props.children}</Content>
    </>
  );
}

/** Who is signed in, and the way to their account. */
function Person() {
  const { t } = useTexts();
  const { me } = useContext(SessionContext);
  const isCurrent = parseRoute(useAddress().path).page === 'account';
  if (!me) return null;
  return (
    <Link to="/account" class="person" current={isCurrent}>
      <span class="visually-hidden">{t('account')}: </span>
      <span class="person-name">{me.name ? safeText(me.name) : t('oneTimeLink')}</span>
      <span class="person-role">
        {t(roleTexts[me.role])}
        {me.unit !== undefined && <UnitName code={me.unit} />}
      </span>
    </Link>
  );
}

function UnitName(props: { readonly code: string }) {
  const { nameOf } = useUnits();
  return <> · {nameOf(props.code)}</>;
}

/** What a page shows loses its colours with the connection: green must not stand for what nobody knows. */
function Content(props: { readonly children: ComponentChildren }) {
  return (
    <main id="content" class="content" data-stale={useLinkState() === 'lost'}>
      {props.children}
    </main>
  );
}

const languageNames: Readonly<Record<Language, string>> = { vi: 'Tiếng Việt', en: 'English' };

export function LanguageSwitch(props: { readonly onLanguage: (language: Language) => void }) {
  const { t, language } = useTexts();
  return (
    <fieldset class="segments language-switch">
      <legend class="visually-hidden">{t('language')}</legend>
      {languages.map((each) => (
        <button
          key={each}
          type="button"
          lang={each}
          title={languageNames[each]}
          aria-label={languageNames[each]}
          aria-pressed={each === language}
          onClick={() => props.onLanguage(each)}
        >
          {each.toUpperCase()}
        </button>
      ))}
    </fieldset>
  );
}
