/**
 * When people work in a week, as it is written in the configuration: `mon-fri 07:00-17:00`. Hours go from the first
 * coming to the last leaving: a lunch break is no reason to call a machine's silence planned, so none is written.
 */

const weekdays: readonly string[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const dayMinutes = 1_440;

/** Minutes after midnight, half-open. */
export interface MinuteRange {
  readonly from: number;
  readonly to: number;
}

/** By weekday, 0 is Sunday; sorted, without overlap. */
export type WorkingWeek = readonly (readonly MinuteRange[])[];

const hoursText = /^([a-z]{3})(?:-([a-z]{3}))? (\d\d:\d\d)-(\d\d:\d\d)$/;

/** Throws an Error that says what is wrong. Hours that end before they begin go on into the next day. */
export function readWorkingWeek(texts: readonly string[]): WorkingWeek {
  const week: MinuteRange[][] = weekdays.map(() => []);
  for (const text of texts) {
    const { days, from, to } = readHours(text);
    for (const day of days) {
      if (from < to) week[day]?.push({ from, to });
      else {
        week[day]?.push({ from, to: dayMinutes });
        if (to > 0) week[(day + 1) % weekdays.length]?.push({ from: 0, to });
      }
    }
  }
  return week.map(merge);
}

function readHours(text: string): MinuteRange & { readonly days: readonly number[] } {
  const [, first = '', last = first, fromText = '', toText = ''] = hoursText.exec(text) ?? [];
  const [begin, end] = [first, last].map((name) => weekdays.indexOf(name));
  const [from, to] = [fromText, toText].map(minuteOf);
  const isRead = begin !== undefined && end !== undefined && from !== undefined && to !== undefined;
  if (!isRead || begin < 0 || end < 0 || from === to || from === dayMinutes) {
    throw new Error(`"${text}" is not hours of work: write days and times, as in mon-fri 07:00-17:00`);
  }
  const count = ((end - begin + weekdays.length) % weekdays.length) + 1;
  return { days: Array.from({ length: count }, (_, index) => (begin + index) % weekdays.length), from, to };
}

/** `24:00` is the end of the day. */
function minuteOf(text: string): number | undefined {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  const minute = hours * 60 + minutes;
  return minutes < 60 && minute <= dayMinutes ? minute : undefined;
}

function merge(ranges: readonly MinuteRange[]): MinuteRange[] {
  const merged: MinuteRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && range.from <= last.to) merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else merged.push(range);
  }
  return merged;
}
