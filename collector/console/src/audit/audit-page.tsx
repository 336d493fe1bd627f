import type { AuditList } from '../../../src/http/schemas.ts';
import { getJson } from '../api.ts';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { navigate, useAddress } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { useFetched } from '../use-fetched.ts';
import { things } from './action-words.ts';
import {
  type AuditFilter,
  auditAddress,
  auditExportPath,
  auditPath,
  isFiltered,
  parseAuditFilter,
} from './audit-filter.ts';
import { AuditTable } from './audit-table.tsx';
import { ChainState } from './chain-state.tsx';

/** Who did what, newest first. */
export function AuditPage() {
  const { t, language } = useTexts();
  const filter = parseAuditFilter(useAddress().query);
  const path = auditPath(filter);
  const { data, error, loading, reload } = useFetched(path, (signal) => getJson<AuditList>(path, signal), {
    keep: true,
  });

  function change(part: Partial<AuditFilter>): void {
    navigate(auditAddress({ ...filter, after: '', ...part }), { replace: true });
  }
  function turnTo(after: string): void {
    navigate(auditAddress({ ...filter, after }));
    scrollTo(0, 0);
  }

  return (
    <>
      <PageHead title={t('audit')} hint={t('auditHint')}>
        <a class="button" href={auditExportPath(filter, language)} download>
          {t('auditExport')}
        </a>
      </PageHead>
      <ChainState />
      <FilterBar filter={filter} onChange={change} />
      {error && <ErrorNotice error={error} onRetry={reload} />}
      {!data && !error && <Notice title={t('loading')} />}
      {data?.items.length === 0 && <Notice title={t(isFiltered(filter) ? 'auditNoneMatch' : 'auditNoneYet')} />}
      {data && data.items.length > 0 && <AuditTable items={data.items} busy={loading} />}
      <nav class="pager pager-end">
        {filter.after !== '' && (
          <button type="button" class="button" onClick={() => turnTo('')}>
            {t('auditNewest')}
          </button>
        )}
        {data?.next && (
          <button type="button" class="button" onClick={() => turnTo(data.next ?? '')}>
            {t('auditOlder')}
          </button>
        )}
      </nav>
    </>
  );
}

function FilterBar(props: { readonly filter: AuditFilter; readonly onChange: (part: Partial<AuditFilter>) => void }) {
  const { t, language } = useTexts();
  const { filter, onChange } = props;
  return (
    <search class="filter-bar">
      <SearchField label={t('auditActorHint')} value={filter.actor} onChange={(actor) => onChange({ actor })} />
      <select
        aria-label={t('auditAction')}
        value={filter.action}
        onChange={(event) => onChange({ action: event.currentTarget.value })}
      >
        <option value="">{t('auditAllActions')}</option>
        {Object.entries(things).map(([thing, words]) => (
          <option key={thing} value={thing}>
            {words[language]}
          </option>
        ))}
      </select>
      <label class="date-filter">
        {t('auditFrom')}
        <input
          type="date"
          value={filter.from}
          max={filter.to}
          onChange={(event) => onChange({ from: event.currentTarget.value })}
        />
      </label>
      <label class="date-filter">
        {t('auditTo')}
        <input
          type="date"
          value={filter.to}
          min={filter.from}
          onChange={(event) => onChange({ to: event.currentTarget.value })}
        />
      </label>
    </search>
  );
}
