import { useContext, useState } from 'preact/hooks';
import type * as z from 'zod';
import type { IncidentList, IncidentView } from '../../../src/http/incident-schemas.ts';
import { getJson, withQuery } from '../api.ts';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { navigate, useAddress } from '../router.tsx';
import { SessionContext } from '../session.ts';
import { useTexts } from '../text/language.tsx';
import { OpenCountsContext } from '../use-open-counts.ts';
import { useRefreshed } from '../use-refreshed.ts';
import { useUnits } from '../use-units.ts';
import { DecisionDialog } from './decision-dialog.tsx';
import { IncidentCard } from './incident-card.tsx';
import type { Decision } from './incident-dialog.tsx';
import { Tabs } from './tabs.tsx';

const states = { open: 'incidentsOpen', closed: 'incidentsClosed', all: 'incidentsAll' } as const;
type State = keyof typeof states;

const everyMs = 10_000;
type Listed = z.infer<typeof IncidentList>;

function stateOf(text: string | null): State {
  return text === 'closed' || text === 'all' ? text : 'open';
}

/** One that an address names, as Grafana's do, or a page of many. */
async function load(id: string, { path, signal }: { path: string; signal: AbortSignal }): Promise<Listed> {
  if (id === '') return getJson<Listed>(path, signal);
  const incident = await getJson<IncidentView>(`/api/v1/incidents/${encodeURIComponent(id)}`, signal);
  return { items: [incident], next: null };
}

/** What a person may have to act on. */
export function IncidentsPage() {
  const { t } = useTexts();
  const { query } = useAddress();
  const state = stateOf(query.get('state'));
  const after = query.get('after') ?? '';
  const id = query.get('id') ?? '';
  const assignee = query.get('assignee') === 'me' ? 'me' : undefined;
  const path = withQuery('/api/v1/incidents', { state, assignee, after, limit: 50 });
  const fetchAll = (signal: AbortSignal) => load(id, { path, signal });
  const { data, error, reload } = useRefreshed(`${path} ${id}`, fetchAll, { everyMs });
  const { nameOf } = useUnits();
  const { me } = useContext(SessionContext);
  const { recount } = useContext(OpenCountsContext);
  const [asked, setAsked] = useState<{ readonly incident: IncidentView; readonly decision: Decision }>();

  return (
    <>
      <Tabs />
      <PageHead title={t('incidents')} hint={t('incidentsHint')}>
        <fieldset class="segments">
          <legend class="visually-hidden">{t('incidentFilter')}</legend>
          {(Object.keys(states) as State[]).map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={each === state && id === ''}
              onClick={() =>
                navigate(withQuery('/incidents', { state: each === 'open' ? undefined : each, assignee }), {
                  replace: true,
                })
              }
            >
              {t(states[each])}
            </button>
          ))}
        </fieldset>
        {me?.name !== undefined && (
          <button
            type="button"
            class="button"
            aria-pressed={assignee === 'me'}
            onClick={() =>
              navigate(withQuery('/incidents', { state, assignee: assignee ? undefined : 'me' }), { replace: true })
            }
          >
            {t('incidentMine')}
          </button>
        )}
      </PageHead>
      {error && <ErrorNotice error={error} onRetry={reload} />}
      {!data && !error && <Notice title={t('loading')} />}
      {data?.items.length === 0 && (
        <Notice title={t(assignee ? 'incidentNoneMine' : state === 'open' ? 'incidentNoneOpen' : 'incidentNone')}>
          {state === 'open' && !assignee && <p>{t('incidentNoneOpenHint')}</p>}
        </Notice>
      )}
      <ul class="stack">
        {data?.items.map((incident) => (
          <IncidentCard
            key={incident.id}
            incident={incident}
            unitName={incident.unit === undefined ? undefined : nameOf(incident.unit)}
            onAsk={(decision) => setAsked({ incident, decision })}
          />
        ))}
      </ul>
      {data?.next && (
        <nav class="pager pager-end">
          <button
            type="button"
            class="button"
            onClick={() => {
              navigate(withQuery('/incidents', { state, assignee, after: data.next ?? undefined }));
              scrollTo(0, 0);
            }}
          >
            {t('incidentOlder')}
          </button>
        </nav>
      )}
      {asked && (
        <DecisionDialog
          {...asked}
          onDone={() => {
            reload();
            recount();
          }}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}
