import type { CodeUseView, CodeView } from '../../../src/http/enrolment-schemas.ts';
import { getAll } from '../api.ts';
import { Dialog } from '../parts/dialog.tsx';
import { ErrorNotice } from '../parts/notice.tsx';
import { Link, machinePath } from '../router.tsx';
import type { PlainTextKey } from '../text/dictionary.ts';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { useFetched } from '../use-fetched.ts';

const outcomeTexts: Readonly<Record<CodeUseView['outcome'], PlainTextKey>> = {
  enrolled: 'outcomeEnrolled',
  pending: 'outcomePending',
  accepted: 'outcomeAccepted',
  refused: 'outcomeRefused',
  lapsed: 'outcomeLapsed',
  code_expired: 'outcomeExpired',
  code_used_up: 'outcomeUsedUp',
  code_revoked: 'outcomeRevoked',
  key_refused: 'outcomeKeyKnown',
  too_many_pending: 'outcomeTooMany',
};

/** Every machine that came with a code, and what became of it. */
export function CodeUses(props: { readonly code: CodeView; readonly onClose: () => void }) {
  const { t, format } = useTexts();
  const path = `/api/v1/codes/${encodeURIComponent(props.code.id)}/uses`;
  const { data, error, reload } = useFetched(path, (signal) => getAll<CodeUseView>(path, signal));
  return (
    <Dialog title={t('codeUsesOf', { id: props.code.id })} wide onClose={props.onClose}>
      {error && <ErrorNotice error={error} onRetry={reload} />}
      {!data && !error && <p class="hint">{t('loading')}</p>}
      {data?.length === 0 && <p>{t('codeNoUses')}</p>}
      <ul class="use-list">
        {data?.map((use) => (
          <li key={use.id}>
            <time dateTime={use.at}>{format.moment(Date.parse(use.at))}</time>
            <b>
              {use.agent === undefined ? (
                <bdi>{safeText(use.hostname)}</bdi>
              ) : (
                <Link to={machinePath(use.agent)}>
                  <bdi>{safeText(use.hostname)}</bdi>
                </Link>
              )}
            </b>
            <span class="muted">{safeText(use.address)}</span>
            <span>{t(outcomeTexts[use.outcome])}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
