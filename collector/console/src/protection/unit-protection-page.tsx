import { getJson } from '../api.ts';
import { CsvLink } from '../parts/csv-link.tsx';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Link } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { useRefreshed } from '../use-refreshed.ts';
import { useUnits } from '../use-units.ts';
import { Tabs } from './tabs.tsx';
import { type UnitProtection, worstFirst } from './unit-counts.ts';
import { UnitProtectionTable } from './unit-protection-table.tsx';

const path = '/api/v1/protection/units';
const everyMs = 10_000;

/** How many machines of each unit are protected, the worst first. */
export function UnitProtectionPage() {
  const { t } = useTexts();
  const load = (signal: AbortSignal) => getJson<{ readonly items: readonly UnitProtection[] }>(path, signal);
  const { data, error, reload } = useRefreshed(path, load, { everyMs });
  const { nameOf } = useUnits();
  const shown = data && worstFirst(data.items, nameOf);
  return (
    <>
      <Tabs />
      <PageHead title={t('protection')} hint={t('protectionUnitsHint')}>
        {shown && shown.length > 0 && <CsvLink path="/api/v1/protection/export" query={{}} text="protectionCsv" />}
      </PageHead>
      {error && (!data || error.status !== 0) && <ErrorNotice error={error} onRetry={reload} />}
      {!data && !error && <Notice title={t('loading')} />}
      {shown && shown.length > 0 && <UnitProtectionTable units={shown} nameOf={nameOf} />}
      {shown?.length === 0 && (
        <Notice title={t('protectionNoUnits')}>
          <p>{t('protectionNoUnitsHint')}</p>
          <Link to="/units" class="button">
            {t('linkToUnits')}
          </Link>
        </Notice>
      )}
    </>
  );
}
