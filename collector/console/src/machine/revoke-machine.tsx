import { useState } from 'preact/hooks';
import { post } from '../api.ts';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { useTexts } from '../text/language.tsx';

/** Takes a machine's key away, after asking. */
export function RevokeMachine(props: { readonly id: string; readonly name: string; readonly onRevoked: () => void }) {
  const { t } = useTexts();
  const [asked, setAsked] = useState(false);

  async function revoke(): Promise<void> {
    await post(`/api/v1/agents/${encodeURIComponent(props.id)}/revoke`);
    props.onRevoked();
  }

  return (
    <>
      <button type="button" class="button machine-revoke" onClick={() => setAsked(true)}>
        {t('agentRevoke')}
      </button>
      {asked && (
        <ConfirmDialog
          title={t('agentRevokeTitle', { name: props.name })}
          confirm={t('agentRevoke')}
          dangerous
          onConfirm={revoke}
          onClose={() => setAsked(false)}
        >
          <p>{t('agentRevokeHint')}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
