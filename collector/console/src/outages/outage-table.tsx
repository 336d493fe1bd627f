import { useState } from 'preact/hooks';
import type { OutageView, OutageWithEvidence } from '../../../src/http/outage-schemas.ts';
import { getJson } from '../api.ts';
import { EvidenceItem } from '../incidents/evidence-item.tsx';
import { useServerNow } from '../live/clock.tsx';
import { ErrorNotice } from '../parts/notice.tsx';
import { Link, machinePath } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { useFetched } from '../use-fetched.ts';
import { useUnits } from '../use-units.ts';
import { confidenceWords, verdictWords } from './verdict-words.ts';

/** Outages, newest first, and why one thinks so. `of` leaves out what all rows have in common. */
export function OutageTable(props: {
  readonly outages: readonly OutageView[];
  readonly of?: 'machine' | 'unit' | undefined;
}) {
  const { t } = useTexts();
  return (
    <table class="table interval-table outage-table">
      <thead>
        <tr>
          {props.of !== 'machine' && <th scope="col">{t('machine')}</th>}
          <th scope="col">{t('outageBegan')}</th>
          <th scope="col">{t('outageLength')}</th>
          <th scope="col" class="column-interval-cause">
            {t('outageVerdict')}
          </th>
        </tr>
      </thead>
      <tbody>
        {props.outages.map((outage) => (
          <OutageRow key={outage.id} outage={outage} of={props.of} />
        ))}
      </tbody>
    </table>
  );
}

function OutageRow(props: { readonly outage: OutageView; readonly of: 'machine' | 'unit' | undefined }) {
  const { t, format, language } = useTexts();
  const { nameOf } = useUnits();
  const now = useServerNow();
  const { agent, hostname, unit, began_at, ended_at, verdict, confidence } = props.outage;
  const end = ended_at === undefined ? now : Date.parse(ended_at);
  return (
    <tr data-verdict={verdict} data-open={ended_at === undefined}>
      {props.of !== 'machine' && (
        <th scope="row">
          <Link to={machinePath(agent)}>
            <bdi>{safeText(hostname) || agent}</bdi>
          </Link>
          {props.of !== 'unit' && <div class="muted">{nameOf(unit)}</div>}
        </th>
      )}
      <td data-label={t('outageBegan')} class="nowrap">
        <time dateTime={began_at}>{format.moment(Date.parse(began_at))}</time>
      </td>
      <td data-label={t('outageLength')} class="nowrap">
        {format.span(Math.max(0, end - Date.parse(began_at)))}
        {ended_at === undefined && <div class="muted">{t('outageLasts')}</div>}
      </td>
      <td>
        {verdictWords(verdict, language)}{' '}
        {verdict !== 'unknown' && <span class="muted">({confidenceWords(confidence, language)})</span>}
        <OutageEvidence outage={props.outage} />
      </td>
    </tr>
  );
}

/** Fetched when somebody wants to read it. */
function OutageEvidence(props: { readonly outage: OutageView }) {
  const { t, format, language } = useTexts();
  const { id, verdict, ended_at } = props.outage;
  const [open, setOpen] = useState(false);
  const path = `/api/v1/outages/${id}`;
  // A revision comes with new evidence.
  const key = open ? `${path} ${verdict} ${ended_at}` : undefined;
  const { data, error, reload } = useFetched(key, (signal) => getJson<OutageWithEvidence>(path, signal), {
    keep: true,
  });
  return (
    <details class="evidence" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('outageEvidence')}</summary>
      {error && <ErrorNotice error={error} onRetry={reload} />}
      {!data && !error && <p class="hint">{t('loading')}</p>}
      <ol>
        {data?.revisions.map(({ time, from, to }) => (
          <li key={`${time} ${to}`}>
            <time dateTime={time} class="muted">
              {format.moment(Date.parse(time))}
            </time>{' '}
            {t('outageRevised', { from: verdictWords(from, language), to: verdictWords(to, language) })}
          </li>
        ))}
        {data?.evidence.map((each) => (
          <EvidenceItem key={`${each.time} ${each.what} ${each.facts.link ?? ''}`} evidence={each} />
        ))}
      </ol>
    </details>
  );
}
