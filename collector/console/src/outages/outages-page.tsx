import type * as z from 'zod';
import type { OutageList } from '../../../src/http/outage-schemas.ts';
import { getJson, withQuery } from '../api.ts';
import { Tabs } from '../incidents/tabs.tsx';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { navigate, useAddress } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { useRefreshed } from '../use-refreshed.ts';
import { OutageTable } from './outage-table.tsx';

const everyMs = 10_000;
const pageSize = 100;
const states = { open: 'outageOpen', all: 'outageAll' } as const;
type State = keyof typeof states;

/** Which machines are not heard, and which were not. */
export function OutagesPage() {
  const { t } = useTexts();
  const { query } = useAddress();
  const state: State = query.get('state') === 'all' ? 'all' : 'open';
  const about = { agent: query.get('agent') ?? undefined, unit: query.get('unit') ?? undefined };
  const path = withQuery('/api/v1/outages', { ...about, state, after: query.get('after') ?? '', limit: pageSize });
  const load = (signal: AbortSignal) => getJson<z.infer<typeof OutageList>>(path, signal);
  const { data, error, reload } = useRefreshed(path, load, { everyMs });
  return (
    <>
      <Tabs />
      <PageHead title={t('outages')} hint={t('outagesHint')}>
        <fieldset class="segments">
          <legend class="visually-hidden">{t('outageFilter')}</legend>
          {(Object.keys(states) as State[]).map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={each === state}
              onClick={() => navigate(withQuery('/outages', { ...about, state: each }), { replace: true })}
            >
              {t(states[each])}
            </button>
          ))}
        </fieldset>
      </PageHead>
      {error && (!data || error.status !== 0) && <ErrorNotice error={error} onRetry={reload} />}
      {!data && !error && <Notice title={t('loading')} />}
      {data?.items.length === 0 && <Notice title={t(state === 'open' ? 'outageNoneOpen' : 'outageNone')} />}
      {data && data.items.length > 0 && <OutageTable outages={data.items} />}
      {data?.next && (
        <nav class="pager pager-end">
          <button
            type="button"
            class="button"
            onClick={() => {
              navigate(withQuery('/outages', { ...about, state, after: data.next ?? undefined }));
              scrollTo(0, 0);
            }}
          >
            {t('outageOlder')}
          </button>
        </nav>
      )}
    </>
  );
}
