import { useContext, useState } from 'preact/hooks';
import { post } from '../api.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Dialog, FormEnd } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { Problem } from '../parts/problem.tsx';
import { SessionContext } from '../session.ts';
import { inGroups } from '../text/groups.ts';
import { useTexts } from '../text/language.tsx';
import { useAction } from '../use-action.ts';

interface NewTotp {
  readonly secret: string;
  readonly uri: string;
}

/** Turns the second step of signing in on and off. */
export function TotpSection(props: { readonly on: boolean }) {
  const { t } = useTexts();
  const { onChanged } = useContext(SessionContext);
  const [started, setStarted] = useState<NewTotp>();
  const [stopping, setStopping] = useState(false);
  const [done, setDone] = useState(false);
  const start = useAction(async () => setStarted(await post<NewTotp>('/api/v1/me/totp')));

  function finished(): void {
    setStarted(undefined);
    setStopping(false);
    setDone(true);
    onChanged();
  }

  return (
    <section class="card">
      <header class="card-head">
        <h2>{t('totp')}</h2>
        <span class={props.on ? 'tag tag-good' : 'tag'}>{t(props.on ? 'totpOn' : 'totpOff')}</span>
      </header>
      <p class="card-text">{t('totpHint')}</p>
      <p class="done" role="status">
        {done && t(props.on ? 'totpTurnedOn' : 'totpTurnedOff')}
      </p>
      <Problem error={start.error} />
      {props.on ? (
        <button type="button" class="button" onClick={() => setStopping(true)}>
          {t('totpStop')}
        </button>
      ) : (
        <button type="button" class="button button-primary" disabled={start.busy} onClick={() => start.run()}>
          {t('totpStart')}
        </button>
      )}
      {started && <StartDialog totp={started} onDone={finished} onClose={() => setStarted(undefined)} />}
      {stopping && <StopDialog onDone={finished} onClose={() => setStopping(false)} />}
    </section>
  );
}

function CodeField(props: { readonly label: string; readonly busy: boolean }) {
  return (
    <Field label={props.label}>
      {(control) => (
        <input
          {...control}
          class="code-input"
          name="code"
          type="text"
          inputmode="numeric"
          autocomplete="one-time-code"
          maxLength={10}
          required
          disabled={props.busy}
        />
      )}
    </Field>
  );
}

function StartDialog(props: { readonly totp: NewTotp; readonly onDone: () => void; readonly onClose: () => void }) {
  const { t } = useTexts();
  const { secret, uri } = props.totp;
  const { run, busy, error } = useAction(async (code: string) => {
    await post('/api/v1/me/totp/confirm', { code });
    props.onDone();
  });
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    run(String(new FormData(event.currentTarget as HTMLFormElement).get('code')).replace(/\s/g, ''));
  }
  return (
    <Dialog title={t('totp')} onClose={props.onClose}>
      <form class="form" onSubmit={submit}>
        <p>{t('totpStepKey')}</p>
        <div class="secret">
          <code class="secret-groups">{inGroups(secret)}</code>
          <CopyButton text={secret} label={t('copyKey')} />
        </div>
        <p class="hint">{t('totpUri')}</p>
        <div class="secret">
          <code>{uri}</code>
          <CopyButton text={uri} label={t('copyUri')} />
        </div>
        <p>{t('totpStepCode')}</p>
        <CodeField label={t('totpCode')} busy={busy} />
        <FormEnd submit={t('totpStart')} busy={busy} error={error} onCancel={props.onClose} />
      </form>
    </Dialog>
  );
}

function StopDialog(props: { readonly onDone: () => void; readonly onClose: () => void }) {
  const { t } = useTexts();
  const { run, busy, error } = useAction(async (form: FormData) => {
    await post('/api/v1/me/totp/disable', { password: form.get('password'), code: form.get('code') });
    props.onDone();
  });
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    run(new FormData(event.currentTarget as HTMLFormElement));
  }
  return (
    <Dialog title={t('totpStop')} onClose={props.onClose}>
      <form class="form" onSubmit={submit}>
        <Field label={t('currentPassword')}>
          {(control) => (
            <input
              {...control}
              name="password"
              type="password"
              autocomplete="current-password"
              required
              disabled={busy}
            />
          )}
        </Field>
        <CodeField label={t('totpCode')} busy={busy} />
        <FormEnd submit={t('totpStop')} dangerous busy={busy} error={error} onCancel={props.onClose} />
      </form>
    </Dialog>
  );
}
