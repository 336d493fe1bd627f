/** What a form says of times, as the API takes it. */
import { type Recurrence, writeCron } from './recurrence.ts';

export type Repeat = 'once' | Recurrence['kind'];

/** As the API takes them. */
export interface WindowTimes {
  readonly from?: string;
  readonly to?: string | undefined;
  readonly cron?: string;
  readonly duration_minutes?: number;
}

/** `text` gives the value of a field of the form. */
export function timesOf(repeat: Repeat, text: (name: string) => string): WindowTimes {
  if (repeat === 'once') return { from: instant(text('from')), to: instant(text('to')) };
  const last = text('last');
  return {
    cron: writeCron(recurrenceOf(repeat, text)),
    duration_minutes: Number(text('hours')) * 60,
    // To the end of that day.
    to: last === '' ? undefined : instant(`${last}T23:59:59`),
  };
}

function recurrenceOf(kind: Recurrence['kind'], text: (name: string) => string): Recurrence {
  const time = text('time');
  switch (kind) {
    case 'daily':
      return { kind, time };
    case 'weekly':
      return { kind, time, weekday: Number(text('weekday')) };
    case 'monthly':
      return { kind, time, day: Number(text('day')) };
    case 'cron':
      return { kind, cron: text('cron') };
  }
}

/** Whoever reads a time here is where the clock of the browser is. */
function instant(local: string): string {
  const time = new Date(local);
  return Number.isNaN(time.getTime()) ? local : time.toISOString();
}

/** As `<input type="datetime-local">` wants it. */
export function localMinute(time: number): string {
  const local = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
