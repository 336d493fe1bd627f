import { useState } from 'preact/hooks';
import { post } from '../api.ts';
import { Field } from '../parts/field.tsx';
import { Problem } from '../parts/problem.tsx';
import { useTexts } from '../text/language.tsx';
import { fieldProblem } from '../text/problem-text.ts';
import { useAction } from '../use-action.ts';

/** Old password, new password, and the new one again. */
export function PasswordForm(props: { readonly name: string; readonly onChanged: () => void }) {
  const texts = useTexts();
  const { t } = texts;
  const [differ, setDiffer] = useState(false);
  const { run, busy, error } = useAction(async (form: HTMLFormElement) => {
    const values = new FormData(form);
    await post('/api/v1/me/password', { current: values.get('current'), new: values.get('new') });
    form.reset();
    props.onChanged();
  });
  const wrongCurrent = error?.is('wrong-password') ? t('errorWrongPassword') : fieldProblem(error, 'current', texts);

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const values = new FormData(form);
    const same = values.get('new') === values.get('again');
    setDiffer(!same);
    if (same) run(form);
  }

  return (
    <form class="form" onSubmit={submit}>
      <input class="visually-hidden" type="text" autocomplete="username" value={props.name} readOnly tabIndex={-1} />
      <Field label={t('currentPassword')} error={wrongCurrent}>
        {(control) => (
          <input {...control} name="current" type="password" autocomplete="current-password" required disabled={busy} />
        )}
      </Field>
      <Field label={t('newPassword')} hint={t('passwordHint')} error={fieldProblem(error, 'new', texts)}>
        {(control) => (
          <input {...control} name="new" type="password" autocomplete="new-password" required disabled={busy} />
        )}
      </Field>
      <Field label={t('newPasswordAgain')} error={differ ? t('passwordsDiffer') : undefined}>
        {(control) => (
          <input {...control} name="again" type="password" autocomplete="new-password" required disabled={busy} />
        )}
      </Field>
      <Problem error={error?.is('wrong-password') ? undefined : error} />
      <div>
        <button type="submit" class="button button-primary" disabled={busy}>
          {t('changePassword')}
        </button>
      </div>
    </form>
  );
}
