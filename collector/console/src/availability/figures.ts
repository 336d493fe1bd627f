/** What the tables show of a figure, and in which order. */
import type { AvailabilityAnswer } from '../../../src/http/availability-schemas.ts';

export type Figure = Pick<AvailabilityAnswer['links'][number], 'available_percent' | 'seconds' | 'down_seconds'>;

/** The longest first; a cause that took less than a minute says nothing. */
export function mainCauses({ down_seconds }: Figure, count: number): [cause: string, seconds: number][] {
  return Object.entries(down_seconds)
    .filter(([, seconds]) => seconds >= 60)
    .sort(([, a], [, b]) => b - a)
    .slice(0, count);
}

/** Down longest first. */
export function longestDownFirst<T extends Figure>(figures: readonly T[]): T[] {
  return figures.toSorted((a, b) => b.seconds.down - a.seconds.down);
}

export const parts = ['up', 'down', 'planned', 'inconclusive', 'absent'] as const;
export type Part = (typeof parts)[number];

/** The parts of the whole time that are not nothing, in percent. */
export function shares({ seconds }: Figure): { readonly part: Part; readonly percent: number }[] {
  const whole = parts.reduce((sum, part) => sum + seconds[part], 0);
  return parts.flatMap((part) => (seconds[part] > 0 ? [{ part, percent: (100 * seconds[part]) / whole }] : []));
}
