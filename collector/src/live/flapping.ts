/** Who comes and goes all the time is one thing to look at, not many: it counts as there only when it stays. */

/** Being lost more often than this within the window is flapping. */
export const maxLosses = 5;
export const flapWindowMs = 600_000;
/** One that flaps is there again after it has stayed this long, and away after this long. */
export const steadyMs = 60_000;

/** The losses that count, with one more. */
export function recentLosses(losses: readonly number[], now: number): number[] {
  return [...losses.filter((at) => now - at < flapWindowMs), now].slice(-maxLosses - 1);
}

export function isFlapping(losses: readonly number[]): boolean {
  return losses.length > maxLosses;
}
