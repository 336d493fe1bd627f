/** The time that a report is about: a month, or days; in the time zone of the calendars. */
import type { Stretch } from '../calendar/stretches.ts';
import { addDays, type Zone } from '../calendar/zone.ts';

const monthText = /^(2\d{3})-(0[1-9]|1[0-2])$/;
const dayText = /^2\d{3}-\d\d-\d\d$/;
const maxDays = 366;

export interface PeriodQuestion {
  /** `2026-11`; the month of now when neither it nor days are asked for. */
  readonly month?: string | undefined;
  /** First and last day, both included: `2026-11-01`. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface Period extends Stretch {
  readonly month: string | undefined;
  /** The last days of it are still to come: `to` is now. */
  readonly isOver: boolean;
}

/** A period that cannot be reported on; the message says why. */
export class InvalidPeriod extends Error {
  override name = 'InvalidPeriod';
  readonly field: keyof PeriodQuestion;

  constructor(field: keyof PeriodQuestion, message: string) {
    super(message);
    this.field = field;
  }
}

/** Throws InvalidPeriod. */
export function readPeriod(
  question: PeriodQuestion,
  { zone, now }: { readonly zone: Zone; readonly now: number },
): Period {
  const { from, to, month } = question;
  if (from === undefined && to === undefined) {
    return endingNow(readMonth(month ?? zone.dateOf(now).slice(0, 7), zone), { field: 'month', now });
  }
  if (month !== undefined) throw new InvalidPeriod('month', 'a report is about a month or about days, not both');
  const [first, last] = [readDay('from', from ?? to), readDay('to', to ?? from)];
  if (last < first) throw new InvalidPeriod('to', `${last} is before ${first}`);
  if (last > addDays(first, maxDays - 1)) throw new InvalidPeriod('to', `a report is about ${maxDays} days at most`);
  const days = { from: zone.startOf(first), to: zone.startOf(addDays(last, 1)), month: undefined };
  return endingNow(days, { field: 'from', now });
}

/** The month after it. */
export function nextMonth(month: string): string {
  return addDays(`${month}-28`, 4).slice(0, 7);
}

/** Throws InvalidPeriod. */
export function readMonth(month: string, zone: Zone): Stretch & { readonly month: string } {
  if (!monthText.test(month)) {
    throw new InvalidPeriod('month', `"${month}" is not a month: write it as 2026-11`);
  }
  return { from: zone.startOf(`${month}-01`), to: zone.startOf(`${nextMonth(month)}-01`), month };
}

function readDay(field: 'from' | 'to', text = ''): string {
  const isDay = dayText.test(text) && !Number.isNaN(Date.parse(text)) && addDays(text, 0) === text;
  if (!isDay) throw new InvalidPeriod(field, `"${text}" is not a day: write it as 2026-11-01`);
  return text;
}

function endingNow(
  period: Stretch & { month: string | undefined },
  { field, now }: { field: 'month' | 'from'; now: number },
): Period {
  if (period.from >= now) {
    const what = period.month === undefined ? 'these days are' : `${period.month} is`;
    throw new InvalidPeriod(field, `${what} still to come: there is nothing to report yet`);
  }
  return { ...period, to: Math.min(period.to, now), isOver: period.to <= now };
}
