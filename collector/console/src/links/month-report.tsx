import { useState } from 'preact/hooks';
import type { LinkReportAnswer } from '../../../src/http/link-schemas.ts';
import { getJson, withQuery } from '../api.ts';
import { useServerNow } from '../live/clock.tsx';
import { Fact } from '../parts/fact.tsx';
import { ErrorNotice } from '../parts/notice.tsx';
import { useTexts } from '../text/language.tsx';
import { useFetched } from '../use-fetched.ts';
import { LinkCsv } from './link-csv.tsx';
import { writeAvailability, writeLoss, writeMs } from './link-numbers.ts';
import { MonthDays } from './month-days.tsx';
import { latestMonths, writeMonth } from './months.ts';

/** How far back one can choose; the CSV of an older one is a command away. */
const shownMonths = 13;

/** A month of a line in figures, and the file for the carrier. */
export function MonthReport(props: { readonly unit: string; readonly link: string }) {
  const { t } = useTexts();
  const { unit, link } = props;
  const months = latestMonths(useServerNow(), shownMonths);
  const [chosen, setChosen] = useState<string>();
  const month = chosen ?? months[0] ?? '';
  const path = withQuery('/api/v1/links/report', { month, unit });
  const { data, error, reload } = useFetched(path, (signal) => getJson<LinkReportAnswer>(path, signal));
  const own = data?.links.find((each) => each.unit === unit && each.link === link);
  return (
    <section class="card" data-card="month">
      <header class="card-head">
        <h2>{t('linkReport')}</h2>
        <select
          class="chart-choice"
          aria-label={t('linkReportMonth')}
          value={month}
          onChange={(event) => setChosen(event.currentTarget.value)}
        >
          {months.map((each) => (
            <option key={each} value={each}>
              {writeMonth(each)}
            </option>
          ))}
        </select>
        <span class="card-action">
          <LinkCsv month={month} unit={unit} />
        </span>
      </header>
      {error && <ErrorNotice error={error} onRetry={reload} />}
      {!data && !error && <p class="card-empty">{t('loading')}</p>}
      {data && !own && <p class="card-empty">{t('linkReportEmpty')}</p>}
      {own && <MonthFigures report={own} month={month} />}
    </section>
  );
}

function MonthFigures(props: { readonly report: LinkReportAnswer['links'][number]; readonly month: string }) {
  const { t, format } = useTexts();
  const { report } = props;
  const { seconds } = report;
  const span = (length: number) => (length < 1 ? '–' : format.span(length * 1_000));
  return (
    <>
      <dl class="fact-row">
        <Fact name={t('linkReportAvailable')}>
          <b>{writeAvailability(report.availability_percent, format)}</b>
        </Fact>
        <Fact name={t('linkReportOutages')}>{format.number(report.outages)}</Fact>
        <Fact name={t('linkReportDown')}>{span(seconds.down)}</Fact>
        <Fact name={t('linkReportDegraded')}>{span(seconds.degraded)}</Fact>
        <Fact name={t('linkReportUnknown')}>{span(seconds.unknown)}</Fact>
        <Fact name={t('linkReportMedian')}>{writeMs(report.p50_ms, format)}</Fact>
        <Fact name={t('linkReportSlow')}>{writeMs(report.p95_ms, format)}</Fact>
        <Fact name={t('linkReportLoss')}>{writeLoss(report.loss_percent, format)}</Fact>
      </dl>
      <MonthDays report={report} month={props.month} />
    </>
  );
}
