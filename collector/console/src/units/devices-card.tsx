import { useState } from 'preact/hooks';
import type { DeviceListAnswer } from '../../../src/http/device-schemas.ts';
import { getJson } from '../api.ts';
import { ErrorNotice } from '../parts/notice.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { useTexts } from '../text/language.tsx';
import { useFetched } from '../use-fetched.ts';
import { DeviceTable } from './device-table.tsx';
import { hasWords } from './unit-tree.ts';

/** As many as one looks through without searching. */
const shownAtFirst = 50;

/** What the gateways of a unit see on its LAN, against what is known of the unit. */
export function DevicesCard(props: { readonly unit: string }) {
  const { t, format } = useTexts();
  const path = `/api/v1/units/${encodeURIComponent(props.unit)}/devices`;
  const { data, error, reload } = useFetched(path, (signal) => getJson<DeviceListAnswer>(path, signal));
  const [q, setQ] = useState('');
  const [all, setAll] = useState(false);
  const found = data?.items.filter(({ mac, vendor, address, address6, agent_name: agent }) =>
    hasWords(q, [mac, vendor, address, address6, agent]),
  );
  const shown = all ? found : found?.slice(0, shownAtFirst);
  const hidden = (found?.length ?? 0) - (shown?.length ?? 0);
  return (
    <section class="card card-wide" data-card="devices">
      <header class="card-head">
        <h2>{t('devices')}</h2>
      </header>
      {error && <ErrorNotice error={error} onRetry={reload} />}
      {!data && !error && <p class="card-empty">{t('loading')}</p>}
      {data?.items.length === 0 && <p class="card-empty">{t('deviceNone')}</p>}
      {data && data.items.length > 0 && (
        <>
          <DeviceCounts counts={data.counts} />
          {data.items.length > shownAtFirst && (
            <search class="filter-bar">
              <SearchField label={t('deviceSearch')} value={q} onChange={setQ} />
            </search>
          )}
          {shown?.length === 0 ? (
            <p class="card-empty">{t('deviceNoneMatch')}</p>
          ) : (
            <DeviceTable devices={shown ?? []} />
          )}
          {hidden > 0 && (
            <button type="button" class="button button-more" onClick={() => setAll(true)}>
              {t('deviceMore', { count: format.number(hidden) })}
            </button>
          )}
        </>
      )}
    </section>
  );
}

function DeviceCounts(props: { readonly counts: DeviceListAnswer['counts'] }) {
  const { t, format } = useTexts();
  const { devices, present, with_agent: agents, without_agent: without, declared } = props.counts;
  return (
    <p class="card-text">
      {t('deviceCounts', {
        present: format.number(present),
        devices: format.number(devices),
        agents: format.number(agents),
      })}
      {'. '}
      {without > 0 && <b>{t('deviceWithout', { count: format.number(without) })} </b>}
      {declared !== undefined && t('deviceDeclared', { count: format.number(declared) })}
    </p>
  );
}
