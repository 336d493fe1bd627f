import type { AvailabilityAnswer } from '../../../src/http/availability-schemas.ts';
import { getJson, withQuery } from '../api.ts';
import { Tabs } from '../incidents/tabs.tsx';
import { latestMonths, writeMonth } from '../links/months.ts';
import { useServerNow } from '../live/clock.tsx';
import { classTexts } from '../parts/class-texts.ts';
import { CsvLink } from '../parts/csv-link.tsx';
import { ErrorNotice, Notice } from '../parts/notice.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Link, linkPath, machinePath, navigate, useAddress } from '../router.tsx';
import { useTexts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { UnitFilter } from '../units/unit-filter.tsx';
import { useFetched } from '../use-fetched.ts';
import { type Units, useUnits } from '../use-units.ts';
import { BalanceLegend } from './balance-bar.tsx';
import { FigureCells, FigureHeads } from './figure-cells.tsx';
import { longestDownFirst } from './figures.ts';
import { UnitFigures } from './unit-figures.tsx';

const shownMonths = 13;
/** More rows than this nobody reads; the CSV has all. */
const shownRows = 100;

/** A month of all units, or of one with everything below it. */
export function AvailabilityPage() {
  const { t } = useTexts();
  const { query } = useAddress();
  const units = useUnits();
  const months = latestMonths(useServerNow(), shownMonths);
  const unit = query.get('unit') ?? '';
  const month = query.get('month') ?? months[0] ?? '';
  const path = withQuery('/api/v1/availability', { month, unit, detail: unit === '' ? 'units' : undefined });
  const { data, error, reload } = useFetched(path, (signal) => getJson<AvailabilityAnswer>(path, signal));

  function change(part: { readonly unit?: string; readonly month?: string }): void {
    navigate(withQuery('/availability', { unit, month, ...part }), { replace: true });
  }

  return (
    <>
      <Tabs />
      <PageHead title={t('availability')} hint={t('availabilityHint')}>
        <CsvLink path="/api/v1/availability/export" query={{ month, unit }} text="availabilityCsv" />
      </PageHead>
      <search class="filter-bar">
        <UnitFilter units={units.units} value={unit} onChange={(code) => change({ unit: code })} />
        <select
          aria-label={t('linkReportMonth')}
          value={month}
          onChange={(event) => change({ month: event.currentTarget.value })}
        >
          {[...new Set([...months, month])].map((each) => (
            <option key={each} value={each}>
              {writeMonth(each)}
            </option>
          ))}
        </select>
      </search>
      {error && <ErrorNotice error={error} onRetry={reload} />}
      {!data && !error && <Notice title={t('loading')} />}
      {data && <Standing report={data} />}
      {data && data.units.length === 0 && <Notice title={t('availabilityNone')} />}
      {data && data.units.length > 0 && <Report report={data} units={units} month={month} unit={unit} />}
    </>
  );
}

/** How far the figures can be relied on. */
function Standing(props: { readonly report: AvailabilityAnswer }) {
  const { t, format } = useTexts();
  const { report } = props;
  const time = (text: string) => format.dateTime(Date.parse(text));
  const { taken_at, revised_at, revisions } = report;
  if (!report.is_over) return <p class="note">{t('availabilityOpen', { time: time(report.to) })}</p>;
  if (taken_at === undefined) return <p class="note">{t('availabilityUntaken')}</p>;
  if (revised_at === undefined) return <p class="note">{t('availabilityTaken', { time: time(taken_at) })}</p>;
  const count = format.number(revisions);
  return <p class="note">{t('availabilityRevised', { time: time(taken_at), count, last: time(revised_at) })}</p>;
}

function Report(props: {
  readonly report: AvailabilityAnswer;
  readonly units: Units;
  readonly month: string;
  readonly unit: string;
}) {
  const { t } = useTexts();
  const { report, units, month } = props;
  const machines = longestDownFirst(report.machines).slice(0, shownRows);
  return (
    <>
      <BalanceLegend />
      <UnitFigures figures={report.units} units={units} month={month} />
      {props.unit !== '' && machines.length > 0 && (
        <>
          <h2 class="section-title">{t('availabilityMachines')}</h2>
          {report.machines.length > shownRows && <p class="hint">{t('availabilityMachinesHint')}</p>}
          <MachineFigures machines={machines} />
        </>
      )}
      {props.unit !== '' && report.links.length > 0 && (
        <>
          <h2 class="section-title">{t('availabilityLinks')}</h2>
          <LinkFigures links={longestDownFirst(report.links).slice(0, shownRows)} units={units} />
        </>
      )}
    </>
  );
}

function MachineFigures(props: { readonly machines: AvailabilityAnswer['machines'] }) {
  const { t } = useTexts();
  return (
    <table class="table availability">
      <thead>
        <tr>
          <th scope="col">{t('machine')}</th>
          <th scope="col">{t('class')}</th>
          <FigureHeads />
        </tr>
      </thead>
      <tbody>
        {props.machines.map((machine) => (
          <tr key={machine.agent} data-agent={machine.agent}>
            <th scope="row">
              <Link to={machinePath(machine.agent)} class="row-link">
                <bdi>{safeText(machine.hostname)}</bdi>
              </Link>
            </th>
            <td data-label={t('class')} class="nowrap">
              {t(classTexts[machine.class])}
            </td>
            <FigureCells figure={machine} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function LinkFigures(props: { readonly links: AvailabilityAnswer['links']; readonly units: Units }) {
  const { t } = useTexts();
  return (
    <table class="table availability">
      <thead>
        <tr>
          <th scope="col">{t('link')}</th>
          <th scope="col">{t('unit')}</th>
          <FigureHeads />
        </tr>
      </thead>
      <tbody>
        {props.links.map((each) => (
          <tr key={`${each.unit}/${each.link}`} data-link={each.link}>
            <th scope="row">
              <Link to={linkPath(each.unit, each.link)} class="row-link">
                <bdi>{safeText(each.link)}</bdi>
              </Link>
            </th>
            <td data-label={t('unit')}>{props.units.nameOf(each.unit)}</td>
            <FigureCells figure={each} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}
