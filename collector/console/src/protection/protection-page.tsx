import type { ProtectionView } from '../../../src/http/protection-schemas.ts';
import { getJson } from '../api.ts';
import { CountSwitches } from '../parts/count-switches.tsx';
import { CsvLink } from '../parts/csv-link.tsx';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { navigate, useAddress } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { UnitFilter } from '../units/unit-filter.tsx';
import { useRefreshed } from '../use-refreshed.ts';
import { useUnits } from '../use-units.ts';
import { type Level, levelMarks, levels, levelTexts } from './levels.tsx';
import { MorePages } from './more-pages.tsx';
import {
  type ProtectionFilter,
  parseProtectionFilter,
  protectionAddress,
  protectionPath,
  protectionQuery,
} from './protection-filter.ts';
import { ProtectionTable } from './protection-table.tsx';
import { Tabs } from './tabs.tsx';

interface Answer {
  readonly items: readonly ProtectionView[];
  readonly next: string | null;
  /** Of every level, whichever of them are shown. */
  readonly counts: Readonly<Record<Level, number>>;
}

const everyMs = 10_000;

/** Which machines are protected, and what is wrong with the others; the worst first. */
export function ProtectionPage() {
  const { t } = useTexts();
  const filter = parseProtectionFilter(useAddress().query);
  const path = protectionPath(filter);
  const load = (signal: AbortSignal) => getJson<Answer>(path, signal);
  const { data, error, loading, reload } = useRefreshed(path, load, { everyMs, keep: true });
  const { units, nameOf } = useUnits();
  const change = (part: Partial<ProtectionFilter>) =>
    navigate(protectionAddress({ ...filter, after: '', ...part }), { replace: true });
  const counts = data?.counts;
  return (
    <>
      <Tabs />
      <PageHead title={t('protection')} hint={t('protectionMachinesHint')}>
        <CsvLink path="/api/v1/protection/export" query={protectionQuery(filter)} text="protectionCsv" />
      </PageHead>
      <CountSwitches
        all="allMachines"
        total={counts && levels.reduce((sum, level) => sum + counts[level], 0)}
        choices={levels.map((level) => ({
          state: level,
          mark: levelMarks[level],
          text: levelTexts[level],
          count: counts?.[level],
        }))}
        chosen={filter.levels}
        onChange={(chosen) => change({ levels: chosen })}
      />
      <search class="filter-bar">
        <UnitFilter units={units} value={filter.unit} onChange={(unit) => change({ unit })} />
      </search>
      {error && (!data || error.status !== 0) && <ErrorNotice error={error} onRetry={reload} />}
      {!data && !error && <Notice title={t('loading')} />}
      {data && data.items.length > 0 && <ProtectionTable machines={data.items} nameOf={nameOf} busy={loading} />}
      {data?.items.length === 0 && (
        <Notice title={t('protectionNoMachines')}>
          <button type="button" class="button" onClick={() => navigate('/protection/machines')}>
            {t('clearFilters')}
          </button>
        </Notice>
      )}
      <MorePages
        first={filter.after ? protectionAddress({ ...filter, after: '' }) : undefined}
        firstText="firstPage"
        next={data?.next ? protectionAddress({ ...filter, after: data.next }) : undefined}
        nextText="nextPage"
      />
    </>
  );
}
