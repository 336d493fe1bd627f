import { useState } from 'preact/hooks';
import type { UnitDetails } from '../../../src/http/schemas.ts';
import { getJson, post } from '../api.ts';
import { ConfirmDialog, Dialog, FormEnd } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { ShownOnce } from '../parts/shown-once.tsx';
import { useTexts } from '../text/language.tsx';
import { fieldProblem } from '../text/problem-text.ts';
import { safeText } from '../text/safe-text.ts';
import { useAction } from '../use-action.ts';
import { useFetched } from '../use-fetched.ts';
import { useUnits } from '../use-units.ts';
import type { TokenList, TokenMade, TokenView } from './people-types.ts';
import { RoleFields, readRole } from './role-fields.tsx';
import { Tabs } from './tabs.tsx';
import { TokenTable } from './token-table.tsx';

const path = '/api/v1/tokens';
const limitedRoles = ['viewer', 'operator'] as const;

/** Which programs may use the API, and as what. */
export function TokensPage() {
  const { t } = useTexts();
  const { data, error, reload } = useFetched(path, (signal) => getJson<TokenList>(path, signal));
  const units = useUnits();
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<TokenView>();
  const [made, setMade] = useState<TokenMade>();

  async function revoke(): Promise<void> {
    await post(`${path}/${encodeURIComponent(revoking?.id ?? '')}/revoke`);
    reload();
  }

  return (
    <>
      <Tabs />
      <PageHead title={t('tokens')} hint={t('tokensHint')}>
        <button type="button" class="button button-primary" onClick={() => setCreating(true)}>
          {t('tokenCreate')}
        </button>
      </PageHead>
      {made && (
        <ShownOnce
          title={t('tokenMade', { name: safeText(made.name) })}
          hint={t('tokenMadeHint')}
          secret={made.token}
          copy={t('tokenCopy')}
          onClose={() => setMade(undefined)}
        />
      )}
      {error && <ErrorNotice error={error} onRetry={reload} />}
      {!data && !error && <Notice title={t('loading')} />}
      {data?.items.length === 0 && <Notice title={t('tokenNone')} />}
      {data && data.items.length > 0 && <TokenTable tokens={data.items} nameOf={units.nameOf} onRevoke={setRevoking} />}
      {creating && (
        <TokenForm
          units={units.units}
          onMade={(token) => {
            setMade(token);
            reload();
          }}
          onClose={() => setCreating(false)}
        />
      )}
      {revoking && (
        <ConfirmDialog
          title={t('tokenRevokeTitle', { name: safeText(revoking.name) })}
          confirm={t('tokenRevoke')}
          dangerous
          onConfirm={revoke}
          onClose={() => setRevoking(undefined)}
        >
          <p>{t('tokenRevokeHint')}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

/** The last moment of a day, for whoever chose it. */
function endOfDay(day: string): string | undefined {
  return day === '' ? undefined : new Date(`${day}T23:59:59`).toISOString();
}

function TokenForm(props: {
  readonly units: readonly UnitDetails[];
  readonly onMade: (token: TokenMade) => void;
  readonly onClose: () => void;
}) {
  const texts = useTexts();
  const { t } = texts;
  const { run, busy, error } = useAction(async (form: FormData) => {
    const made = await post<TokenMade>(path, {
      name: String(form.get('name')).trim(),
      ...readRole(form),
      expires_at: endOfDay(String(form.get('expires') ?? '')),
    });
    props.onMade(made);
    props.onClose();
  });

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    run(new FormData(event.currentTarget as HTMLFormElement));
  }

  return (
    <Dialog title={t('tokenCreate')} onClose={props.onClose}>
      <form class="form" onSubmit={submit}>
        <Field label={t('tokenName')} hint={t('tokenNameHint')} error={fieldProblem(error, 'name', texts)}>
          {(control) => (
            <input {...control} name="name" type="text" maxLength={100} autocomplete="off" required disabled={busy} />
          )}
        </Field>
        <RoleFields
          first="viewer"
          unit={undefined}
          units={props.units}
          mayBeLimited={limitedRoles}
          error={error}
          disabled={busy}
        />
        <Field label={t('tokenExpires')} hint={t('tokenExpiresHint')} error={fieldProblem(error, 'expires_at', texts)}>
          {(control) => <input {...control} name="expires" type="date" disabled={busy} />}
        </Field>
        <FormEnd submit={t('tokenCreate')} busy={busy} error={error} onCancel={props.onClose} />
      </form>
    </Dialog>
  );
}
