import type { WindowView } from '../../../src/http/maintenance-schemas.ts';
import { Link, linkPath, machinePath, unitPath } from '../router.tsx';
import type { PlainTextKey } from '../text/dictionary.ts';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { spanWords, windowTimes } from './window-words.ts';

const stateTexts: Readonly<Record<WindowView['state'], PlainTextKey>> = {
  running: 'maintenanceRunning',
  coming: 'maintenanceComing',
  over: 'maintenanceOver',
  cancelled: 'maintenanceCancelled',
};

/** Windows, with a button to cancel what is not over where that is allowed. */
export function WindowTable(props: {
  readonly windows: readonly WindowView[];
  readonly nameOf: (code: string) => string;
  readonly onCancel: ((window: WindowView) => void) | undefined;
}) {
  const { t } = useTexts();
  return (
    <table class="table windows">
      <thead>
        <tr>
          <th scope="col">{t('state')}</th>
          <th scope="col" class="column-window-subject">
            {t('maintenanceAbout')}
          </th>
          <th scope="col">{t('maintenanceWhen')}</th>
          <th scope="col" class="column-window-reason">
            {t('maintenanceReason')}
          </th>
          <th scope="col">{t('maintenanceBy')}</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {props.windows.map((window) => (
          <WindowRow key={window.id} {...props} window={window} />
        ))}
      </tbody>
    </table>
  );
}

function WindowRow(props: {
  readonly window: WindowView;
  readonly nameOf: (code: string) => string;
  readonly onCancel: ((window: WindowView) => void) | undefined;
}) {
  const texts = useTexts();
  const { t, format } = texts;
  const { window, onCancel } = props;
  const { state, next_from: from, next_to: to, cancelled_by, cancelled_at } = window;
  const isWaiting = state === 'running' || state === 'coming';
  return (
    <tr data-id={window.id} data-state={state}>
      <td data-label={t('state')}>
        <span class={state === 'running' ? 'tag tag-good' : 'tag'}>{t(stateTexts[state])}</span>
      </td>
      <th scope="row" data-label={t('maintenanceAbout')}>
        <Subject window={window} nameOf={props.nameOf} />
      </th>
      <td data-label={t('maintenanceWhen')}>
        {windowTimes(window, texts)}
        {window.cron !== undefined && from !== undefined && to !== undefined && (
          <div class="muted">{t('maintenanceNext', { span: spanWords({ from, to }, format) })}</div>
        )}
        {cancelled_by !== undefined && cancelled_at !== undefined && (
          <div class="muted">
            {t('maintenanceCancelledBy', {
              name: safeText(cancelled_by),
              time: format.dateTime(Date.parse(cancelled_at)),
            })}
          </div>
        )}
      </td>
      <td data-label={t('maintenanceReason')}>
        <bdi>{safeText(window.reason)}</bdi>
      </td>
      <td data-label={t('maintenanceBy')}>
        {safeText(window.created_by)}
        <div class="muted">{format.dateTime(Date.parse(window.created_at))}</div>
      </td>
      <td class="row-actions">
        {isWaiting && onCancel && (
          <button type="button" class="button" onClick={() => onCancel(window)}>
            {t('maintenanceCancel')}
          </button>
        )}
      </td>
    </tr>
  );
}

function Subject(props: { readonly window: WindowView; readonly nameOf: (code: string) => string }) {
  const { t } = useTexts();
  const { unit, agent, link, hostname } = props.window;
  return (
    <>
      <Link to={unitPath(unit)}>
        <bdi>{props.nameOf(unit)}</bdi>
      </Link>
      {agent !== undefined && (
        <div>
          <Link to={machinePath(agent)}>{t('maintenanceMachineOf', { name: safeText(hostname ?? agent) })}</Link>
        </div>
      )}
      {link !== undefined && (
        <div>
          <Link to={linkPath(unit, link)}>{t('maintenanceLinkOf', { link: safeText(link) })}</Link>
        </div>
      )}
    </>
  );
}
