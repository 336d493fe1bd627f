import { useContext, useState } from 'preact/hooks';
import { post } from '../api.ts';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { Fact } from '../parts/fact.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { roleTexts } from '../parts/role-texts.ts';
import { SessionContext } from '../session.ts';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { useUnits } from '../use-units.ts';
import { PasswordForm } from './password-form.tsx';
import { TotpSection } from './totp-section.tsx';

/** Who one is, one's password, second step and sessions. */
export function AccountPage() {
  const { t, format } = useTexts();
  const { me } = useContext(SessionContext);
  const { nameOf } = useUnits();
  const [changed, setChanged] = useState(false);
  if (!me) return null;
  const isPerson = me.kind === 'person';
  const isLocal = isPerson && me.source !== 'oidc';
  return (
    <div class="narrow">
      <PageHead title={t('account')} />
      <dl class="facts">
        <Fact name={t('accountName')}>{me.name ? safeText(me.name) : t('oneTimeLink')}</Fact>
        <Fact name={t('accountRole')}>{t(roleTexts[me.role])}</Fact>
        {me.unit !== undefined && <Fact name={t('unit')}>{nameOf(me.unit)}</Fact>}
        {isPerson && <Fact name={t('accountSource')}>{t(isLocal ? 'sourceLocal' : 'sourceOidc')}</Fact>}
        {me.expires_at !== undefined && (
          <Fact name={t('sessionUntil')}>{format.dateTime(Date.parse(me.expires_at))}</Fact>
        )}
      </dl>
      <div class="stack">
        {!isPerson && <p class="note">{t('linkAccountHint')}</p>}
        {isPerson && !isLocal && <p class="note">{t('oidcAccountHint')}</p>}
        {isLocal && (
          <>
            <section class="card">
              <header class="card-head">
                <h2>{t('changePassword')}</h2>
              </header>
              <p class="done" role="status">
                {changed && t('passwordChanged')}
              </p>
              <PasswordForm name={me.name ?? ''} onChanged={() => setChanged(true)} />
            </section>
            <TotpSection on={me.totp} />
          </>
        )}
        {isPerson && <Sessions />}
      </div>
    </div>
  );
}

function Sessions() {
  const { t } = useTexts();
  const { onSignedOut } = useContext(SessionContext);
  const [asked, setAsked] = useState(false);

  async function signOutEverywhere(): Promise<void> {
    await post('/api/v1/me/sign-out-everywhere');
    onSignedOut();
  }

  return (
    <section class="card">
      <header class="card-head">
        <h2>{t('sessions')}</h2>
      </header>
      <p class="card-text">{t('signOutEverywhereHint')}</p>
      <button type="button" class="button" onClick={() => setAsked(true)}>
        {t('signOutEverywhere')}
      </button>
      {asked && (
        <ConfirmDialog
          title={t('signOutEverywhere')}
          confirm={t('signOutEverywhere')}
          onConfirm={signOutEverywhere}
          onClose={() => setAsked(false)}
        >
          <p>{t('signOutEverywhereHint')}</p>
        </ConfirmDialog>
      )}
    </section>
  );
}
