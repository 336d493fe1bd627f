/** Numbers, sizes and times as each language writes them. */
import type { Language } from './dictionary.ts';

const locales: Readonly<Record<Language, string>> = { vi: 'vi-VN', en: 'en-GB' };

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

const ageUnits = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

export interface Format {
  readonly number: (value: number, decimals?: number) => string;
  readonly percent: (value: number) => string;
  /** Binary multiples, as operating systems show memory and disks. */
  readonly bytes: (value: number) => string;
  /** Bits per second in decimal multiples, as lines are sold. */
  readonly bitRate: (bitsPerSecond: number) => string;
  /** Decimal multiples, as disks are sold. */
  readonly byteRate: (bytesPerSecond: number) => string;
  /** A length of time in its largest unit: `3 phút`. */
  readonly duration: (ms: number) => string;
  /** In its two largest units: `1 giờ 12 phút`. */
  readonly span: (ms: number) => string;
  /** How long ago: `3 phút trước`. */
  readonly ago: (ms: number) => string;
  readonly time: (at: number) => string;
  readonly timeWithSeconds: (at: number) => string;
  readonly day: (at: number) => string;
  readonly dateTime: (at: number) => string;
  /** `31/01/2026`. */
  readonly date: (at: number) => string;
  /** `31/01/2026 09:05:07`, for evidence: one second of one day. */
  readonly moment: (at: number) => string;
}

/** Scales a value to the largest unit in which it is at least one. */
function scale(value: number, base: number, count: number): { scaled: number; index: number } {
  let [scaled, index] = [value, 0];
  // 999.5 would be shown as 1000 of the smaller unit.
  while (Math.abs(scaled) >= 999.5 && index < count - 1) {
    scaled /= base;
    index += 1;
  }
  return { scaled, index };
}

function largestUnit(ms: number): { count: number; unit: (typeof ageUnits)[number][0] } {
  for (const [unit, length] of ageUnits) if (ms >= length) return { count: Math.floor(ms / length), unit };
  return { count: 1, unit: 'second' };
}

/** Day and month as both languages write them; the library's short form for Vietnamese has a hyphen, which nobody uses. */
function formatDay(at: number): string {
  const date = new Date(at);
  return `${String(date.getDate()).padStart(2, '0')}/${String(date.getMonth() + 1).padStart(2, '0')}`;
}

function formatDate(at: number): string {
  return `${formatDay(at)}/${new Date(at).getFullYear()}`;
}

export function createFormat(language: Language): Format {
  const locale = locales[language];
  const numbers = [0, 1, 2, 3].map((digits) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }));
  const relative = new Intl.RelativeTimeFormat(locale, { style: language === 'vi' ? 'long' : 'narrow' });
  const lengths = new Map(
    ageUnits.map(([unit]) => [unit, new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' })]),
  );
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hour12: false });
  const seconds = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hour12: false });
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short', hour12: false });

  function number(value: number, decimals = 0): string {
    return numbers[decimals]?.format(value) ?? String(value);
  }
  function inUnits(value: number, base: number, units: readonly string[]): string {
    const { scaled, index } = scale(value, base, units.length);
    return `${number(scaled, Math.abs(scaled) < 9.95 && index > 0 ? 1 : 0)} ${units[index]}`;
  }
  function duration(ms: number): string {
    const { count, unit } = largestUnit(ms);
    return lengths.get(unit)?.format(count) ?? '';
  }

  function span(ms: number): string {
    const { count, unit } = largestUnit(ms);
    const index = ageUnits.findIndex(([each]) => each === unit);
    const [, length] = ageUnits[index] ?? [unit, 1];
    const smaller = ageUnits[index + 1];
    const rest = smaller ? Math.floor((ms - count * length) / smaller[1]) : 0;
    const parts = smaller && rest > 0 ? [lengths.get(smaller[0])?.format(rest)] : [];
    return [lengths.get(unit)?.format(count), ...parts].join(' ');
  }

  return {
    number,
    percent: (value) => `${number(value, value < 9.95 ? 1 : 0)}%`,
    bytes: (value) => inUnits(value, 1_024, byteUnits),
    bitRate: (value) => inUnits(value, 1_000, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s']),
    byteRate: (value) =>
      inUnits(
        value,
        1_000,
        byteUnits.map((unit) => `${unit}/s`),
      ),
    duration,
    span,
    ago(ms) {
      const { count, unit } = largestUnit(ms);
      return relative.format(-count, unit);
    },
    time: (at) => time.format(at),
    timeWithSeconds: (at) => seconds.format(at),
    day: formatDay,
    dateTime: (at) => dateTime.format(at),
    date: formatDate,
    moment: (at) => `${formatDate(at)} ${seconds.format(at)}`,
  };
}
