import type { IncidentView } from '../../../src/http/incident-schemas.ts';
import { Fact } from '../parts/fact.tsx';
import { Ago, Since } from '../parts/relative-time.tsx';
import { Link, runbookPath } from '../router.tsx';
import { RuleWords } from '../rules/rule-words.tsx';
import { useMay } from '../session.ts';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { EvidenceList } from './evidence-list.tsx';
import type { Decision } from './incident-dialog.tsx';
import { kindTexts } from './incident-kinds.ts';
import { IncidentSubject } from './incident-subject.tsx';
import { SeverityMark } from './severity-mark.tsx';

/** One incident: what, where, since when, why one thinks so, and who is on it. */
export function IncidentCard(props: {
  readonly incident: IncidentView;
  readonly unitName: string | undefined;
  readonly onAsk: (decision: Decision) => void;
}) {
  const { t, format, language } = useTexts();
  const may = useMay();
  const { incident } = props;
  const isOpen = incident.closed_at === undefined;
  const isSnoozed = isOpen && Date.parse(incident.snoozed_until ?? '') > Date.now();
  const { rule } = incident;
  const [title, hint] = kindTexts(incident.kind) ?? [];
  return (
    <li class={`card incident incident-${incident.severity}`} data-id={incident.id} data-open={isOpen}>
      <header class="card-head incident-head">
        <SeverityMark severity={incident.severity} isOpen={isOpen} />
        <h2>{rule ? rule.title[language] : title ? t(title) : safeText(incident.kind)}</h2>
        {isOpen && <Since at={incident.opened_at} />}
        {isOpen && may('operate') && (
          <span class="card-action row-actions">
            {incident.acknowledged_at === undefined && (
              <button type="button" class="button" onClick={() => props.onAsk('acknowledge')}>
                {t('incidentAcknowledge')}
              </button>
            )}
            <button type="button" class="button" onClick={() => props.onAsk('assign')}>
              {t('incidentAssign')}
            </button>
            <button type="button" class="button" onClick={() => props.onAsk(isSnoozed ? 'unsnooze' : 'snooze')}>
              {t(isSnoozed ? 'incidentUnsnooze' : 'incidentSnooze')}
            </button>
            <button type="button" class="button" onClick={() => props.onAsk('close')}>
              {t('incidentClose')}
            </button>
          </span>
        )}
      </header>
      {isOpen && (isSnoozed || incident.level > 1) && (
        <p class="incident-tags">
          {isSnoozed && (
            <span class="tag">
              {t('incidentSnoozed', { time: format.dateTime(Date.parse(incident.snoozed_until ?? '')) })}
            </span>
          )}
          {incident.level > 1 && incident.acknowledged_at === undefined && (
            <span class="tag tag-raised">{t('incidentLevel', { level: String(incident.level) })}</span>
          )}
        </p>
      )}
      {isOpen && hint && !rule && <p class="card-text">{t(hint)}</p>}
      {isOpen && rule && <RuleWords rule={rule} />}
      {isOpen && incident.runbook !== undefined && (
        <p class="card-text">
          <Link to={runbookPath(incident.runbook)}>{t('runbookOpen')}</Link>
        </p>
      )}
      <dl class="fact-row">
        <Fact name={t('incidentSubject')}>
          <IncidentSubject incident={incident} />
        </Fact>
        {incident.assigned_to !== undefined && (
          <Fact name={t('incidentAssignee')}>
            <bdi>{safeText(incident.assigned_to)}</bdi>
          </Fact>
        )}
        {props.unitName !== undefined && <Fact name={t('unit')}>{props.unitName}</Fact>}
        <Fact name={t('incidentSince')}>{format.dateTime(Date.parse(incident.opened_at))}</Fact>
        <Fact name={t('incidentLast')}>
          <Ago at={incident.last_at} />
        </Fact>
        <Fact name={t('incidentCount')}>{format.number(incident.count)}</Fact>
        {incident.closed_at !== undefined && (
          <Fact name={t('incidentClosedAt')}>
            {incident.closed_by === undefined
              ? format.dateTime(Date.parse(incident.closed_at))
              : t('incidentClosedBy', {
                  time: format.dateTime(Date.parse(incident.closed_at)),
                  name: safeText(incident.closed_by),
                })}
          </Fact>
        )}
      </dl>
      {incident.acknowledged_at !== undefined && (
        <p class="acknowledged">
          {t('incidentAcknowledged', {
            name: safeText(incident.acknowledged_by ?? ''),
            time: format.dateTime(Date.parse(incident.acknowledged_at)),
          })}
        </p>
      )}
      {incident.notified?.map(({ receiver, status, at }) => (
        <p key={`${receiver} ${status}`} class="acknowledged">
          {t(status === 'firing' ? 'incidentNotified' : 'incidentNotifiedOver', {
            receiver: safeText(receiver),
            time: format.dateTime(Date.parse(at)),
          })}
        </p>
      ))}
      {incident.note !== undefined && (
        <p class="incident-note">
          <span class="muted">{t('incidentNote')}: </span>
          <IncidentNote incident={incident} note={incident.note} />
        </p>
      )}
      <EvidenceList incident={incident} />
    </li>
  );
}

/** The collector's own note is in English; a person's is left as it is. */
function IncidentNote(props: { readonly incident: IncidentView; readonly note: string }) {
  const { t } = useTexts();
  const { incident, note } = props;
  const [, parent] = /^told by incident (\d+)$/.exec(note) ?? [];
  if (parent !== undefined && incident.closed_by === undefined) return <>{t('incidentToldBy', { id: parent })}</>;
  const [, id] = /^folded into incident (\d+) \(outbreak\)$/.exec(note) ?? [];
  if (id !== undefined && incident.closed_by === undefined) return <>{t('incidentFolded', { id })}</>;
  return <bdi>{safeText(note)}</bdi>;
}
