import type * as z from 'zod';
import type { OutageList } from '../../../src/http/outage-schemas.ts';
import { getJson, withQuery } from '../api.ts';
import { ErrorNotice } from '../parts/notice.tsx';
import { Link } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { useRefreshed } from '../use-refreshed.ts';
import { OutageTable } from './outage-table.tsx';

const everyMs = 10_000;
const shown = 5;

/** The last outages of a machine, or of a unit with all below it. */
export function OutagesCard(props: { readonly agent: string } | { readonly unit: string }) {
  const { t } = useTexts();
  const about = 'agent' in props ? { agent: props.agent } : { unit: props.unit };
  const path = withQuery('/api/v1/outages', { ...about, limit: shown });
  const load = (signal: AbortSignal) => getJson<z.infer<typeof OutageList>>(path, signal);
  const { data, error, reload } = useRefreshed(path, load, { everyMs });
  return (
    <section class="card card-wide" data-card="outages">
      <header class="card-head">
        <h2>{t('outages')}</h2>
        {data?.next && (
          <span class="card-action">
            <Link to={withQuery('/outages', { ...about, state: 'all' })} class="button">
              {t('outageOlder')}
            </Link>
          </span>
        )}
      </header>
      {error && (!data || error.status !== 0) && <ErrorNotice error={error} onRetry={reload} />}
      {!data && !error && <p class="card-empty">{t('loading')}</p>}
      {data?.items.length === 0 && <p class="card-empty">{t('outageNone')}</p>}
      {data && data.items.length > 0 && (
        <OutageTable outages={data.items} of={'agent' in props ? 'machine' : undefined} />
      )}
    </section>
  );
}
