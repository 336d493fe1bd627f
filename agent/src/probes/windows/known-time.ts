/** Dates as Windows programs write them. Nothing before 2000 is one: products of today write 1601 or 1970 for "never". */

const earliest = Date.UTC(2000, 0, 1);
const latest = Date.UTC(2100, 0, 1);

/** Milliseconds since 1970 if that is a time that can be meant. */
export function knownTime(time: number | undefined): number | undefined {
  return time !== undefined && time >= earliest && time < latest ? time : undefined;
}

const microsoftDate = /^\/Date\((-?\d{1,16})(?:[+-]\d{4})?\)\/$/;
const isoDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?(?:Z|[+-]\d\d:\d\d)$/;

/** A date in JSON of PowerShell: milliseconds, `/Date(ms)/` of version 5, ISO with its zone of version 7. */
export function powershellTime(value: unknown): number | undefined {
  if (typeof value === 'number') return knownTime(value);
  if (typeof value !== 'string') return undefined;
  const milliseconds = microsoftDate.exec(value)?.[1];
  if (milliseconds !== undefined) return knownTime(Number(milliseconds));
  return isoDate.test(value) ? knownTime(Date.parse(value)) : undefined;
}

/** The first numbers of a text: year, month, day and so on, wherever they stand. */
const numbers = {
  'dd-MM-yyyy HH-mm-ss': /^(?<day>\d\d)-(?<month>\d\d)-(?<year>\d{4}) (?<hour>\d\d)-(?<minute>\d\d)-(?<second>\d\d)$/,
  'yyyy-MM-dd HH-mm-ss': /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d) (?<hour>\d\d)-(?<minute>\d\d)-(?<second>\d\d)$/,
  'yyyy-MM-dd': /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)$/,
  yyyyMMdd: /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)$/,
} as const;

export function timeOf(
  text: string | undefined,
  form: { readonly format: keyof typeof numbers; readonly zone: 'utc' | 'local' },
): number | undefined {
  const groups = numbers[form.format].exec(text ?? '')?.groups;
  if (groups === undefined) return undefined;
  const part = (name: string) => Number(groups[name] ?? 0);
  const [year, month, day] = [part('year'), part('month'), part('day')];
  const clock = [part('hour'), part('minute'), part('second')] as const;
  // Written back, a date that there is not (31-02) is another one.
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || clock[0] > 23 || clock[1] > 59 || clock[2] > 59)
    return undefined;
  const at = [year, month - 1, day, ...clock] as const;
  return knownTime(form.zone === 'utc' ? Date.UTC(...at) : new Date(...at).getTime());
}
