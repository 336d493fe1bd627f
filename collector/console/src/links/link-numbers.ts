/** Figures of lines as people read them. */
import type { Format } from '../text/format.ts';

/** Two decimals, never rounded up: 100 % is said only of a line that was never down. */
export function writeAvailability(percent: number | undefined, format: Format): string {
  return percent === undefined ? '–' : `${format.number(Math.floor(percent * 100) / 100, 2)}%`;
}

export function writeMs(ms: number | undefined, format: Format): string {
  return ms === undefined ? '–' : `${format.number(ms, ms < 9.95 ? 1 : 0)} ms`;
}

export function writeLoss(percent: number | undefined, format: Format): string {
  return percent === undefined ? '–' : format.percent(percent);
}
