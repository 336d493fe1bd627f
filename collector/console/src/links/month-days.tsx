import type { LinkReportAnswer } from '../../../src/http/link-schemas.ts';
import { useTexts } from '../text/language.tsx';
import { writeAvailability } from './link-numbers.ts';
import { daysOf } from './months.ts';

type Day = LinkReportAnswer['links'][number]['days'][number];

/** A day with less than this was not a good one for those who work there: an hour and a half of it. */
const poorPercent = 94;

function levelOf(day: Day | undefined): 'none' | 'unknown' | 'full' | 'less' | 'poor' {
  if (!day) return 'none';
  if (day.availability_percent === undefined) return 'unknown';
  if (day.seconds.down === 0) return 'full';
  return day.availability_percent < poorPercent ? 'poor' : 'less';
}

/** The days of a month side by side. */
export function MonthDays(props: { readonly report: LinkReportAnswer['links'][number]; readonly month: string }) {
  const { t, format } = useTexts();
  const byDay = new Map(props.report.days.map((day) => [day.day, day]));

  function describe(day: string): string {
    const known = byDay.get(day);
    const name = day.split('-').reverse().join('/');
    if (!known) return t('linkReportDayNone', { day: name });
    if (known.availability_percent === undefined) return t('linkReportDayUnknown', { day: name });
    const percent = writeAvailability(known.availability_percent, format);
    const down = known.seconds.down < 1 ? '0' : format.span(known.seconds.down * 1_000);
    return t('linkReportDay', { day: name, percent, down });
  }

  return (
    <>
      <h3 class="month-days-title">{t('linkReportDays')}</h3>
      <ol class="month-days">
        {daysOf(props.month).map((day) => (
          <li key={day} class={`month-day month-day-${levelOf(byDay.get(day))}`} title={describe(day)}>
            <span aria-hidden="true">{Number(day.slice(-2))}</span>
            <span class="visually-hidden">{describe(day)}</span>
          </li>
        ))}
      </ol>
      <p class="hint">{t('linkReportDaysHint', { percent: format.number(100 - poorPercent) })}</p>
    </>
  );
}
