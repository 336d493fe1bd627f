import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, post, type SignInRequest } from './api.ts';
import icon from './icon.svg';
import { LanguageSwitch } from './parts/frame.tsx';
import { findCode } from './sign-in-code.ts';
import { findRequest, problemOf, type SignInProblem } from './sign-in-problem.ts';
import type { Language } from './text/dictionary.ts';
import { useTexts } from './text/language.tsx';

/** The code of the address, which is then removed from the address bar and the history: it is a secret. */
function takeCodeFromAddress(): string | undefined {
  const code = findCode(location.href);
  if (code !== undefined) history.replaceState(null, '', location.pathname);
  return code;
}

/** Opens a session with name and password, with the code of the address, or with one that is pasted. */
export function SignInPage(props: {
  readonly onLanguage: (language: Language) => void;
  readonly onSignedIn: () => void;
}) {
  const { t } = useTexts();
  const [problem, setProblem] = useState<SignInProblem>();
  const [busy, setBusy] = useState(false);
  const [wantsTotp, setWantsTotp] = useState(false);
  const totp = useRef<HTMLInputElement>(null);

  async function signIn(request: SignInRequest): Promise<void> {
    setBusy(true);
    setProblem(undefined);
    try {
      await post('/api/v1/sign-in', request);
      props.onSignedIn();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.is('totp-needed')) setWantsTotp(true);
      setProblem(problemOf(error, request));
    } finally {
      setBusy(false);
    }
  }

  useEffect(() => {
    document.title = `${t('signIn')} · Vọng Gác`;
  }, [t]);

  useEffect(() => {
    const code = takeCodeFromAddress();
    if (code !== undefined) signIn({ code });
  }, []);

  useEffect(() => {
    if (wantsTotp && !busy) totp.current?.focus();
  }, [wantsTotp, busy]);

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const request = findRequest(new FormData(event.currentTarget as HTMLFormElement));
    if ('key' in request) setProblem(request);
    else signIn(request);
  }

  return (
    <main class="sign-in">
      <form class="sign-in-card" onSubmit={submit} noValidate>
        <div class="sign-in-head">
          <img src={icon} alt="" width="40" height="40" />
          <div class="sign-in-name">
            <h1>Vọng Gác</h1>
            <p class="hint">{t('tagline')}</p>
          </div>
          <LanguageSwitch onLanguage={props.onLanguage} />
        </div>
        <Field label={t('signInName')}>
          <input
            name="name"
            type="text"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            disabled={busy}
          />
        </Field>
        <Field label={t('signInPassword')}>
          <input name="password" type="password" autocomplete="current-password" disabled={busy} />
        </Field>
        {wantsTotp ? (
          <Field label={t('signInTotp')}>
            <input
              ref={totp}
              name="totp"
              type="text"
              inputmode="numeric"
              autocomplete="one-time-code"
              disabled={busy}
            />
          </Field>
        ) : (
          <>
            <p class="hint">{t('signInOr')}</p>
            <Field label={t('signInCode')}>
              <input
                name="code"
                type="text"
                autocomplete="off"
                spellcheck={false}
                disabled={busy}
                aria-describedby="sign-in-hint"
              />
            </Field>
          </>
        )}
        <p class="sign-in-problem" role="alert">
          {problem && (problem.key === 'signInLocked' ? t(problem.key, problem.values) : t(problem.key))}
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

function Field(props: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children
    <label class="field">
      <span class="field-label">{props.label}</span>
      {props.children}
    </label>
  );
}
