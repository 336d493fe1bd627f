/** What Go makes of JSON that it decodes into maps and encodes again. */
import { randomBytes } from 'node:crypto';
import type { Json } from './exchange.ts';

/** Keys in the order of the alphabet. */
export function sorted<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item: unknown) => sorted(item)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)])) as T;
}

/** Only what the server has a place for; the rest is dropped without a word. */
export function known(object: Json, names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => names.includes(name)));
}

const units = [
  ['y', 31_536_000_000],
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

/** Undefined for what is no duration. */
function millisecondsOf(text: string): number | undefined {
  if (text === '0') return 0;
  if (text === '') return undefined;
  const parts = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text);
  if (!parts) return undefined;
  return units.reduce((sum, [, length], index) => sum + Number(parts[index + 1] ?? 0) * length, 0);
}

/** As Prometheus writes it: `60m` is `1h`, `7d` is `1w`. Undefined for what is no duration. */
export function durationText(text: unknown): string | undefined {
  const milliseconds = typeof text === 'string' ? millisecondsOf(text) : undefined;
  if (milliseconds === undefined) return undefined;
  if (milliseconds === 0) return '0s';
  let left = milliseconds;
  let written = '';
  for (const [unit, length] of units) {
    // The long ones are written only where nothing is left over.
    if (['y', 'w', 'd'].includes(unit) && left % length !== 0) continue;
    const count = Math.floor(left / length);
    if (count > 0) written += `${count}${unit}`;
    left -= count * length;
  }
  return written;
}

export function isUid(text: string): boolean {
  return /^[\w-]{1,40}$/.test(text);
}

export function newUid(): string {
  return randomBytes(7).toString('hex');
}
