import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, getJson, post, type SignInRequest } from '../api.ts';
import icon from '../icon.svg';
import { Field } from '../parts/field.tsx';
import { LanguageSwitch } from '../parts/frame.tsx';
import type { Language } from '../text/dictionary.ts';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { useFetched } from '../use-fetched.ts';
import { findCode } from './sign-in-code.ts';
import { findRequest, oidcProblem, problemOf, type SignInProblem } from './sign-in-problem.ts';

/** The code of the address, which is then removed from the address bar and the history: it is a secret. */
function takeCodeFromAddress(): string | undefined {
  const code = findCode(location.href);
  if (code !== undefined) history.replaceState(null, '', location.pathname);
  return code;
}

/** What `GET /api/v1/sign-in/methods` answers. */
interface SignInMethods {
  readonly oidc: { readonly label: string; readonly url: string } | null;
}

const methodsPath = '/api/v1/sign-in/methods';

/** Opens a session with name and password, with the code of the address, or with one that is pasted. */
export function SignInPage(props: {
  readonly onLanguage: (language: Language) => void;
  readonly onSignedIn: () => void;
}) {
  const { t } = useTexts();
  const [problem, setProblem] = useState<SignInProblem | undefined>(() => oidcProblem(location.hash));
  const { data: methods } = useFetched(methodsPath, (signal) => getJson<SignInMethods>(methodsPath, signal));
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
    else if (location.hash !== '') history.replaceState(null, '', location.pathname);
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
          {(control) => (
            <input
              {...control}
              name="name"
              type="text"
              autocomplete="username"
              autocapitalize="none"
              spellcheck={false}
              disabled={busy}
            />
          )}
        </Field>
        <Field label={t('signInPassword')}>
          {(control) => (
            <input {...control} name="password" type="password" autocomplete="current-password" disabled={busy} />
          )}
        </Field>
        {wantsTotp && (
          <Field label={t('signInTotp')}>
            {(control) => (
              <input
                {...control}
                ref={totp}
                class="code-input"
                name="totp"
                type="text"
                inputmode="numeric"
                autocomplete="one-time-code"
                disabled={busy}
              />
            )}
          </Field>
        )}
        <p class="problem" role="alert">
          {problem && ('values' in problem ? t(problem.key, problem.values) : t(problem.key))}
        </p>
        <button type="submit" class="button button-primary" disabled={busy}>
          {busy ? t('signingIn') : t('signIn')}
        </button>
        {methods?.oidc && (
          <a class="button sign-in-oidc" href={methods.oidc.url}>
            {t('signInOidc', { label: safeText(methods.oidc.label) })}
          </a>
        )}
        {!wantsTotp && (
          <details class="sign-in-code">
            <summary>{t('signInByCode')}</summary>
            <Field label={t('signInCode')} hint={t('signInHint')}>
              {(control) => (
                <input {...control} name="code" type="text" autocomplete="off" spellcheck={false} disabled={busy} />
              )}
            </Field>
          </details>
        )}
      </form>
    </main>
  );
}
