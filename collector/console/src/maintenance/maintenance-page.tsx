import { useState } from 'preact/hooks';
import type { WindowView } from '../../../src/http/maintenance-schemas.ts';
import type { AgentWithPoints } from '../../../src/http/schemas.ts';
import { getAll, getJson, post, withQuery } from '../api.ts';
import { Tabs } from '../incidents/tabs.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { navigate, useAddress } from '../router.tsx';
import { useMay } from '../session.ts';
import type { PlainTextKey } from '../text/dictionary.ts';
import { useTexts } from '../text/language.tsx';
import { detailText } from '../text/problem-text.ts';
import { useFetched } from '../use-fetched.ts';
import { useRefreshed } from '../use-refreshed.ts';
import { useUnits } from '../use-units.ts';
import { WindowForm } from './window-form.tsx';
import { WindowTable } from './window-table.tsx';
import { windowTimes } from './window-words.ts';

const everyMs = 30_000;
const states = { waiting: 'maintenanceWaiting', all: 'maintenanceAll' } as const;
type State = keyof typeof states;

/** When silence is planned: what lasts, what is to come, and on wish what was. */
export function MaintenancePage() {
  const texts = useTexts();
  const { t } = texts;
  const { query } = useAddress();
  const may = useMay();
  const units = useUnits();
  const state: State = query.get('state') === 'all' ? 'all' : 'waiting';
  const path = withQuery('/api/v1/maintenance', { state });
  const { data, error, reload } = useRefreshed(
    path,
    (signal) => getAll<WindowView>('/api/v1/maintenance', signal, { state }),
    { everyMs },
  );
  const wanted = { unit: query.get('unit') ?? '', agent: query.get('agent') };
  const machine = useMachine(wanted.agent);
  const [planning, setPlanning] = useState(wanted.unit !== '' || wanted.agent !== null);
  const [cancelling, setCancelling] = useState<WindowView>();
  const [done, setDone] = useState<PlainTextKey>();
  const isReady = units.all !== undefined && (wanted.agent === null || machine !== undefined);

  async function cancel(): Promise<void> {
    await post(`/api/v1/maintenance/${cancelling?.id}/cancel`);
    setDone('maintenanceCancelDone');
    reload();
  }

  return (
    <>
      <Tabs />
      <PageHead title={t('maintenance')} hint={t('maintenanceHint')}>
        <fieldset class="segments">
          <legend class="visually-hidden">{t('maintenanceShow')}</legend>
          {(Object.keys(states) as State[]).map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={each === state}
              onClick={() =>
                navigate(withQuery('/maintenance', { state: each === 'all' ? each : undefined }), { replace: true })
              }
            >
              {t(states[each])}
            </button>
          ))}
        </fieldset>
        {may('operate') && (
          <button type="button" class="button button-primary" onClick={() => setPlanning(true)}>
            {t('maintenanceAdd')}
          </button>
        )}
      </PageHead>
      <p class="done" role="status">
        {done && t(done)}
      </p>
      {may('read-service') && <Warnings />}
      {error && (!data || error.status !== 0) && <ErrorNotice error={error} onRetry={reload} />}
      {!data && !error && <Notice title={t('loading')} />}
      {data?.length === 0 && <Notice title={t(state === 'all' ? 'maintenanceNoneEver' : 'maintenanceNone')} />}
      {data && data.length > 0 && (
        <WindowTable windows={data} nameOf={units.nameOf} onCancel={may('operate') ? setCancelling : undefined} />
      )}
      {planning && isReady && may('operate') && (
        <WindowForm
          units={units.units}
          unit={wanted.unit}
          machine={machine}
          onPlanned={() => {
            setDone('maintenanceAdded');
            reload();
          }}
          onClose={() => {
            setPlanning(false);
            navigate(withQuery('/maintenance', { state: state === 'all' ? state : undefined }), { replace: true });
          }}
        />
      )}
      {cancelling && (
        <ConfirmDialog
          title={t('maintenanceCancelTitle')}
          confirm={t('maintenanceKeep')}
          dangerous
          onConfirm={cancel}
          onClose={() => setCancelling(undefined)}
        >
          <p>
            <b>{units.nameOf(cancelling.unit)}</b>: {windowTimes(cancelling, texts)}
          </p>
          <p>{t('maintenanceCancelHint')}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

function useMachine(id: string | null): AgentWithPoints | undefined {
  const path = id === null ? undefined : `/api/v1/agents/${encodeURIComponent(id)}`;
  return useFetched(path, (signal) => getJson<AgentWithPoints>(path ?? '', signal)).data;
}

/** What is not known of holidays, and calendars that units name and nobody has declared. */
function Warnings() {
  const { t, language } = useTexts();
  const path = '/api/v1/calendars';
  const { data } = useFetched(path, (signal) => getJson<{ readonly warnings: readonly string[] }>(path, signal));
  if (!data || data.warnings.length === 0) return null;
  return (
    <details class="window-warnings">
      <summary>{t('calendarWarnings')}</summary>
      <ul class="plain-list">
        {data.warnings.map((warning) => (
          <li key={warning}>{detailText(warning, language)}</li>
        ))}
      </ul>
    </details>
  );
}
