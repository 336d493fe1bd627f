import { useState } from 'preact/hooks';
import type { UnitMachines } from '../../../src/http/schemas.ts';
import { getJson } from '../api.ts';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { Link, navigate, unitPath, useAddress } from '../router.tsx';
import { useMay } from '../session.ts';
import { useTexts } from '../text/language.tsx';
import { useFetched } from '../use-fetched.ts';
import { useUnits } from '../use-units.ts';
import { enrolledBelow } from './machine-counts.ts';
import { UnitForm } from './unit-form.tsx';
import { UnitTable } from './unit-table.tsx';
import { orderAsTree, searchTree } from './unit-tree.ts';

export const machineCountsPath = '/api/v1/units/machines';

/** Spreadsheets with Vietnamese settings separate by semicolon. */
function exportPath(language: string): string {
  return `/api/v1/units/export?separator=${language === 'vi' ? '%3B' : ','}`;
}

/** The tree of units, with what each declares and what is enrolled. */
export function UnitsPage() {
  const { t, format, language } = useTexts();
  const may = useMay();
  const { all, error, reload } = useUnits();
  const machines = useFetched(machineCountsPath, (signal) => getJson<UnitMachines>(machineCountsPath, signal));
  const q = useAddress().query.get('q') ?? '';
  const [adding, setAdding] = useState(false);
  const rows = orderAsTree(all ?? [], language);
  const found = searchTree(rows, {
    q,
    textsOf: (unit) => [unit.name, unit.code, unit.contact_name, unit.contact_phone, unit.location],
  });
  const enrolled = machines.data && enrolledBelow(all ?? [], machines.data.items);

  return (
    <>
      <PageHead title={t('units')} hint={t('unitsHint', { count: all ? format.number(all.length) : '–' })}>
        <a class="button" href={exportPath(language)} download>
          {t('unitExport')}
        </a>
        {may('administer') && (
          <>
            <Link to="/units/import" class="button">
              {t('unitImport')}
            </Link>
            <button type="button" class="button button-primary" onClick={() => setAdding(true)}>
              {t('unitAdd')}
            </button>
          </>
        )}
      </PageHead>
      <search class="filter-bar">
        <SearchField
          label={t('unitSearch')}
          value={q}
          onChange={(text) =>
            navigate(text === '' ? '/units' : `/units?${new URLSearchParams({ q: text })}`, { replace: true })
          }
        />
      </search>
      {error && <ErrorNotice error={error} onRetry={reload} />}
      {!all && !error && <Notice title={t('loading')} />}
      {all?.length === 0 && (
        <Notice title={t('unitNoneYet')}>{may('administer') && <p>{t('unitNoneYetHint')}</p>}</Notice>
      )}
      {all && all.length > 0 && found.length === 0 && <Notice title={t('unitNoneMatch')} />}
      {found.length > 0 && <UnitTable rows={found} enrolled={enrolled} />}
      {adding && (
        <UnitForm units={all ?? []} onSaved={(code) => navigate(unitPath(code))} onClose={() => setAdding(false)} />
      )}
    </>
  );
}
