/** What is history: nobody waits for it, so it never delays what was just measured. */
import type { Point } from '@vonggac/shared';

/** Agents that save bytes gather for a minute. */
const historyAfterMs = 120_000;

/** Whether even the newest of the points is of before the last minutes. */
export function isHistory(points: readonly Point[], now: number): boolean {
  return points.every(({ time }) => time < now - historyAfterMs);
}
