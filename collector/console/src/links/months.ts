/** Months as the API names them, `2026-11`, in Vietnam's time. */
const vietnamMs = 7 * 3_600_000;

/** The newest first, the present one among them. */
export function latestMonths(now: number, count: number): string[] {
  const date = new Date(now + vietnamMs);
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - index)).toISOString().slice(0, 7),
  );
}

/** All days of a month, `2026-11-01` first. */
export function daysOf(month: string): string[] {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: count }, (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`);
}

/** `11/2026`. */
export function writeMonth(month: string): string {
  return month.split('-').reverse().join('/');
}
