import type { ComponentChildren } from 'preact';
import icon from '../icon.svg';
import { LinkBanner, LinkIndicator, useLinkState } from '../live/link-indicator.tsx';
import { Link } from '../router.tsx';
import { type Language, languages } from '../text/dictionary.ts';
import { useTexts } from '../text/language.tsx';

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
          Vọng Gác
        </Link>
        <LinkIndicator />
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
