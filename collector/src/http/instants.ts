/** How instants and durations are written in a query. */
const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** The last instant that a Date can hold; beyond it, numbers are no longer exact. */
const maxTime = 8.64e15;

/** `10s`, `5m`, `1h`, `7d` or milliseconds; undefined when it is none of these. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,15})([smhd]?)$/.exec(text);
  if (!match) return undefined;
  const [, digits = '', unit = ''] = match;
  const duration = Number(digits) * (unitMs[unit] ?? 1);
  return duration <= maxTime ? duration : undefined;
}

/**
 * `now`, a duration before or after it (`-10m`), milliseconds since 1970, or ISO 8601 with its offset from UTC: a local
 * time without one would mean another instant on another machine. Undefined when it is none of these.
 */
export function parseInstant(text: string, now: number): number | undefined {
  if (text === 'now') return now;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  // In a query, a plus sign that was not escaped arrives as a space.
  const relative = /^([-+ ])(\d+[smhd])$/.exec(text);
  if (relative) {
    const [, sign, length = ''] = relative;
    const duration = parseDuration(length);
    return duration === undefined ? undefined : now + (sign === '-' ? -duration : duration);
  }
  if (!/^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[-+ ]\d{2}:\d{2})$/.test(text)) return undefined;
  const time = Date.parse(text.replace(' ', '+'));
  return Number.isNaN(time) ? undefined : time;
}

/** An instant as the API writes it. */
export function toIso(time: number): string {
  return new Date(time).toISOString();
}
