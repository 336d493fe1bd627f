import type { LinkView } from '../../../src/http/link-schemas.ts';
import { getJson } from '../api.ts';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Link, navigate, useAddress } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { useRefreshed } from '../use-refreshed.ts';
import { useUnits } from '../use-units.ts';
import { LinkCounts } from './link-counts.tsx';
import { LinkCsv } from './link-csv.tsx';
import { type LinkFilter, linkFilterAddress, narrow, parseLinkFilter, worstFirst } from './link-filter.ts';
import { LinkFilterBar } from './link-filter-bar.tsx';
import { LinkTable } from './link-table.tsx';
import { latestMonths } from './months.ts';
import { Tabs } from './tabs.tsx';

const path = '/api/v1/links';
const everyMs = 10_000;

/** Every unit's lines, the worst first. */
export function LinksPage() {
  const { t } = useTexts();
  const filter = parseLinkFilter(useAddress().query);
  const load = (signal: AbortSignal) => getJson<{ readonly items: readonly LinkView[] }>(path, signal);
  const { data, error, reload } = useRefreshed(path, load, { everyMs });
  const units = useUnits();

  function change(part: Partial<LinkFilter>): void {
    navigate(linkFilterAddress({ ...filter, ...part }), { replace: true });
  }

  const all = data?.items;
  const narrowed = all && narrow(all, filter, units);
  const shown = narrowed?.filter(({ state }) => filter.states.length === 0 || filter.states.includes(state));
  const [month] = latestMonths(Date.now(), 1);
  return (
    <>
      <Tabs />
      <PageHead title={t('links')} hint={t('linksHint')}>
        {all && all.length > 0 && month !== undefined && <LinkCsv month={month} unit={filter.unit} />}
      </PageHead>
      <LinkCounts links={narrowed} filter={filter} onChange={change} />
      <LinkFilterBar filter={filter} links={all ?? []} units={units.units} onChange={change} />
      {error && (!data || error.status !== 0) && <ErrorNotice error={error} onRetry={reload} />}
      {!data && !error && <Notice title={t('loading')} />}
      {shown && shown.length > 0 && <LinkTable links={worstFirst(shown, units)} nameOf={units.nameOf} />}
      {all && shown?.length === 0 && <NoLinks isEmpty={all.length === 0} />}
    </>
  );
}

function NoLinks(props: { readonly isEmpty: boolean }) {
  const { t } = useTexts();
  if (!props.isEmpty) {
    return (
      <Notice title={t('linkNoneMatch')}>
        <button type="button" class="button" onClick={() => navigate('/links')}>
          {t('clearFilters')}
        </button>
      </Notice>
    );
  }
  return (
    <Notice title={t('linkNoneYet')}>
      <p>{t('linkNoneYetHint')}</p>
      <Link to="/units" class="button">
        {t('linkToUnits')}
      </Link>
    </Notice>
  );
}
