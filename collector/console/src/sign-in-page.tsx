import { useEffect, useState } from 'preact/hooks';
import { ApiError, post } from './api.ts';
import icon from './icon.svg';
import { LanguageSwitch } from './parts/frame.tsx';
import { findCode } from './sign-in-code.ts';
import type { Language, PlainTextKey } from './text/dictionary.ts';
import { useTexts } from './text/language.tsx';

/** The code of the address, which is then removed from the address bar and the history: it is a secret. */
function takeCodeFromAddress(): string | undefined {
  const code = findCode(location.href);
  if (code !== undefined) history.replaceState(null, '', location.pathname);
  return code;
}

/** Opens a session with the code of the address, or with one that is pasted. */
export function SignInPage(props: {
  readonly onLanguage: (language: Language) => void;
  readonly onSignedIn: () => void;
}) {
  const { t } = useTexts();
  const [problem, setProblem] = useState<PlainTextKey>();
  const [busy, setBusy] = useState(false);

  async function signIn(code: string | undefined): Promise<void> {
    if (code === undefined) return setProblem('signInNoCode');
    setBusy(true);
    setProblem(undefined);
    try {
      await post('/api/v1/sign-in', { code });
      props.onSignedIn();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.is('sign-in-refused') ? 'signInRefused' : 'errorNetwork');
    } finally {
      setBusy(false);
    }
  }

  useEffect(() => {
    document.title = `${t('signIn')} · Vọng Gác`;
  }, [t]);

  useEffect(() => {
    const code = takeCodeFromAddress();
    if (code !== undefined) signIn(code);
  }, []);

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    signIn(findCode(String(form.get('code'))));
  }

  return (
    <main class="sign-in">
      <form class="sign-in-card" onSubmit={submit}>
        <div class="sign-in-head">
          <img src={icon} alt="" width="40" height="40" />
          <div class="sign-in-name">
            <h1>Vọng Gác</h1>
            <p class="hint">{t('tagline')}</p>
          </div>
          <LanguageSwitch onLanguage={props.onLanguage} />
        </div>
        <label class="field">
          <span class="field-label">{t('signInCode')}</span>
          <input
            name="code"
            type="text"
            autocomplete="one-time-code"
            spellcheck={false}
            required
            disabled={busy}
            aria-invalid={problem !== undefined}
            aria-describedby="sign-in-hint"
          />
        </label>
        <p class="sign-in-problem" role="alert">
          {problem && t(problem)}
        </p>
        <button type="submit" class="button button-primary" disabled={busy}>
          {busy ? t('signingIn') : t('signIn')}
        </button>
        <p id="sign-in-hint" class="hint">
          {t('signInHint')}
        </p>
      </form>
    </main>
  );
}
