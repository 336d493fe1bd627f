/** When a window holds, in words. */
import type { WindowView } from '../../../src/http/maintenance-schemas.ts';
import type { Texts } from '../text/language.tsx';
import { safeText } from '../text/safe-text.ts';
import { readCron, weekdayName } from './recurrence.ts';

type Words = Pick<Texts, 't' | 'format' | 'language'>;

/** Of one that comes once: from when to when. Of a recurring one: how often, and until when. */
export function windowTimes(window: WindowView, { t, format, language }: Words): string {
  const { cron, from, to, duration_minutes: minutes = 0 } = window;
  if (cron === undefined) return spanWords({ from, to: to ?? from }, format);
  const when = t('repeatFor', { when: recurrenceWords(cron, { t, language }), length: format.span(minutes * 60_000) });
  return to === undefined ? when : `${when}, ${t('maintenanceUntil', { to: format.date(Date.parse(to)) })}`;
}

/** `28/11/2026 22:00 – 23:30`, with both days where they differ. */
export function spanWords(span: { readonly from: string; readonly to: string }, format: Words['format']): string {
  const [from, to] = [Date.parse(span.from), Date.parse(span.to)];
  const begin = `${format.date(from)} ${format.time(from)}`;
  const end = format.date(from) === format.date(to) ? format.time(to) : `${format.date(to)} ${format.time(to)}`;
  return `${begin} – ${end}`;
}

function recurrenceWords(cron: string, { t, language }: Pick<Words, 't' | 'language'>): string {
  const recurrence = readCron(cron);
  switch (recurrence.kind) {
    case 'daily':
      return t('repeatDaily', { time: recurrence.time });
    case 'weekly':
      return t('repeatWeekly', { time: recurrence.time, day: weekdayName(recurrence.weekday, language) });
    case 'monthly':
      return t('repeatMonthly', { time: recurrence.time, day: String(recurrence.day) });
    case 'cron':
      return t('repeatCron', { cron: safeText(cron) });
  }
}
