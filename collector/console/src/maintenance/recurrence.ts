/** The recurrences that people choose from, as cron expressions and back. */
import type { Language } from '../text/dictionary.ts';

export type Recurrence =
  | { readonly kind: 'daily'; readonly time: string }
  | { readonly kind: 'weekly'; readonly time: string; readonly weekday: number }
  | { readonly kind: 'monthly'; readonly time: string; readonly day: number }
  | { readonly kind: 'cron'; readonly cron: string };

/** Five fields; `time` is written `22:30`, and 0 is Sunday. */
export function writeCron(recurrence: Recurrence): string {
  if (recurrence.kind === 'cron') return recurrence.cron.trim().replace(/\s+/g, ' ');
  const [hours = 0, minutes = 0] = recurrence.time.split(':').map(Number);
  const start = `${minutes} ${hours}`;
  if (recurrence.kind === 'weekly') return `${start} * * ${recurrence.weekday}`;
  return recurrence.kind === 'monthly' ? `${start} ${recurrence.day} * *` : `${start} * * *`;
}

export function readCron(cron: string): Recurrence {
  const [, minutes = '', hours = '', day = '', weekday = ''] =
    /^(\d{1,2}) (\d{1,2}) (\*|\d{1,2}) \* (\*|\d)$/.exec(cron) ?? [];
  const isSimple = hours !== '' && (day === '*' || weekday === '*');
  if (!isSimple) return { kind: 'cron', cron };
  const time = `${hours.padStart(2, '0')}:${minutes.padStart(2, '0')}`;
  if (weekday !== '*') return { kind: 'weekly', time, weekday: Number(weekday) % 7 };
  return day === '*' ? { kind: 'daily', time } : { kind: 'monthly', time, day: Number(day) };
}

/** Monday first. */
export const weekdays = [1, 2, 3, 4, 5, 6, 0] as const;

const weekdayNames = {
  vi: ['Chủ nhật', 'thứ Hai', 'thứ Ba', 'thứ Tư', 'thứ Năm', 'thứ Sáu', 'thứ Bảy'],
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
} as const satisfies Record<Language, readonly string[]>;

export function weekdayName(weekday: number, language: Language): string {
  return weekdayNames[language][weekday] ?? '';
}
