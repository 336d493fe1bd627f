import type { AuditChain } from '../../../src/http/schemas.ts';
import { getJson } from '../api.ts';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { useFetched } from '../use-fetched.ts';

const path = '/api/v1/audit/chain';

/** Whether the log is still what was written. */
export function ChainState() {
  const { t, format } = useTexts();
  const { data, error } = useFetched(path, (signal) => getJson<AuditChain>(path, signal));
  if (error) return null;
  if (!data) return <p class="chain hint">{t('chainChecking')}</p>;
  const { problem, damage_recorded: damaged } = data;
  if (problem) {
    return (
      <p class="chain chain-broken" role="alert">
        {t('chainBroken', { seq: format.number(problem.seq), detail: safeText(problem.detail) })}
      </p>
    );
  }
  return (
    <div class="chain">
      <p class="chain-intact" title={t('chainHead', { hash: data.head.hash })}>
        <span aria-hidden="true">✓ </span>
        {t('chainIntact', { entries: format.number(data.entries) })}
      </p>
      {damaged.length > 0 && (
        <p class="chain-damaged">{t('chainDamaged', { numbers: damaged.slice(0, 10).join(', ') })}</p>
      )}
    </div>
  );
}
