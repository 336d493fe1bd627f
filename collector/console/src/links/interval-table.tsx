import type { IntervalView } from '../../../src/http/link-schemas.ts';
import { EvidenceItem } from '../incidents/evidence-item.tsx';
import { useServerNow } from '../live/clock.tsx';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { writeCause } from './link-causes.ts';
import { LinkStateLabel } from './link-states.tsx';

const maxRows = 100;

/** What a line was, newest first, and why one thinks so. */
export function IntervalTable(props: { readonly intervals: readonly IntervalView[] }) {
  const { t, format } = useTexts();
  const { intervals } = props;
  return (
    <>
      <table class="table interval-table">
        <thead>
          <tr>
            <th scope="col">{t('linkIntervalFrom')}</th>
            <th scope="col">{t('linkIntervalLength')}</th>
            <th scope="col">{t('linkState')}</th>
            <th scope="col" class="column-interval-cause">
              {t('linkCause')}
            </th>
          </tr>
        </thead>
        <tbody>
          {intervals
            .slice(-maxRows)
            .reverse()
            .map((interval) => (
              <IntervalRow key={interval.from} interval={interval} />
            ))}
        </tbody>
      </table>
      {intervals.length > maxRows && <p class="hint">{t('linkIntervalsMore', { count: format.number(maxRows) })}</p>}
    </>
  );
}

/** Whether the evidence says more than the row does. */
function hasMore({ cause, evidence }: IntervalView): boolean {
  return evidence.some(({ what, facts }) => what !== cause || Object.keys(facts).length > 0);
}

function IntervalRow(props: { readonly interval: IntervalView }) {
  const { t, format, language } = useTexts();
  const now = useServerNow();
  const { state, cause, from, to, revision, evidence } = props.interval;
  const end = to === undefined ? now : Date.parse(to);
  return (
    <tr data-state={state}>
      <th scope="row" class="nowrap">
        <time dateTime={from}>{format.moment(Date.parse(from))}</time>
      </th>
      <td data-label={t('linkIntervalLength')} class="nowrap">
        {format.span(end - Date.parse(from))}
        {to === undefined && <div class="muted">{t('linkIntervalOpen')}</div>}
      </td>
      <td>
        <LinkStateLabel state={state} />
      </td>
      <td>
        {cause !== 'works' && writeCause(cause, language)}
        {revision !== undefined && (
          <div class="muted" title={safeText(revision)}>
            {t('linkRevised')}
          </div>
        )}
        {hasMore(props.interval) && (
          <details class="evidence">
            <summary>{t('linkEvidence')}</summary>
            <ol>
              {evidence.toReversed().map((each) => (
                <EvidenceItem key={`${each.time} ${each.what}`} evidence={each} />
              ))}
            </ol>
          </details>
        )}
      </td>
    </tr>
  );
}
