import { useState } from 'preact/hooks';
import type { CodeView } from '../../../src/http/enrolment-schemas.ts';
import { post } from '../api.ts';
import { classTexts } from '../parts/class-texts.ts';
import { ConfirmDialog } from '../parts/dialog.tsx';
import type { PlainTextKey } from '../text/dictionary.ts';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { CodeUses } from './code-uses.tsx';

const stateTexts: Readonly<Record<CodeView['state'], PlainTextKey>> = {
  usable: 'codeStateUsable',
  used_up: 'codeStateUsedUp',
  expired: 'codeStateExpired',
  revoked: 'codeStateRevoked',
};

/** All codes, newest first. */
export function CodeTable(props: {
  readonly codes: readonly CodeView[];
  readonly nameOf: (code: string) => string;
  readonly onChanged: () => void;
}) {
  const { t } = useTexts();
  const [revoking, setRevoking] = useState<CodeView>();
  const [looking, setLooking] = useState<CodeView>();

  async function revoke(): Promise<void> {
    await post(`/api/v1/codes/${encodeURIComponent(revoking?.id ?? '')}/revoke`);
    props.onChanged();
  }

  return (
    <>
      <table class="table codes">
        <thead>
          <tr>
            <th scope="col">{t('state')}</th>
            <th scope="col">{t('codeId')}</th>
            <th scope="col">{t('unit')}</th>
            <th scope="col">{t('class')}</th>
            <th scope="col">{t('codeUsed')}</th>
            <th scope="col">{t('codeExpiry')}</th>
            <th scope="col">{t('codeMadeAt')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {props.codes.map((code) => (
            <CodeRow
              key={code.id}
              code={code}
              unitName={props.nameOf(code.unit)}
              onUses={() => setLooking(code)}
              onRevoke={() => setRevoking(code)}
            />
          ))}
        </tbody>
      </table>
      {revoking && (
        <ConfirmDialog
          title={t('codeRevokeTitle', { id: revoking.id })}
          confirm={t('codeRevoke')}
          dangerous
          onConfirm={revoke}
          onClose={() => setRevoking(undefined)}
        >
          <p>{t('codeRevokeHint')}</p>
        </ConfirmDialog>
      )}
      {looking && <CodeUses code={looking} onClose={() => setLooking(undefined)} />}
    </>
  );
}

function CodeRow(props: {
  readonly code: CodeView;
  readonly unitName: string;
  readonly onUses: () => void;
  readonly onRevoke: () => void;
}) {
  const { t, format } = useTexts();
  const { code } = props;
  return (
    <tr data-id={code.id} data-state={code.state}>
      <td data-label={t('state')}>
        <span class={code.state === 'usable' ? 'tag tag-good' : 'tag'}>{t(stateTexts[code.state])}</span>
      </td>
      <th scope="row" data-label={t('codeId')} class="nowrap">
        <code>{code.id}</code>
      </th>
      <td data-label={t('unit')}>{props.unitName}</td>
      <td data-label={t('class')} class="nowrap">
        {t(classTexts[code.class])}
      </td>
      <td data-label={t('codeUsed')} class="nowrap">
        {t('codeUsedOf', { used: format.number(code.uses - code.uses_left), uses: format.number(code.uses) })}
        {code.approve && <span class="muted"> · {t('codeNeedsApproval')}</span>}
      </td>
      <td data-label={t('codeExpiry')} class="nowrap">
        {format.dateTime(Date.parse(code.expires_at))}
      </td>
      <td data-label={t('codeMadeAt')}>
        {format.dateTime(Date.parse(code.created_at))}
        {code.created_by !== undefined && (
          <span class="muted"> {t('codeMadeBy', { name: safeText(code.created_by) })}</span>
        )}
      </td>
      <td class="row-actions">
        <button type="button" class="button" onClick={props.onUses}>
          {t('codeShowUses')}
        </button>
        {code.state === 'usable' && (
          <button type="button" class="button" onClick={props.onRevoke}>
            {t('codeRevoke')}
          </button>
        )}
      </td>
    </tr>
  );
}
