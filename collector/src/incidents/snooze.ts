/** How long an incident can be put off: what nobody is told of for longer would be forgotten. */
const maxSnoozeDays = 30;

/** Why it cannot be put off until then, or undefined. */
export function snoozeProblem(until: number, now: number): string | undefined {
  if (!(until > now)) return 'is not in the future';
  if (until - now > maxSnoozeDays * 86_400_000) return `is more than ${maxSnoozeDays} days away`;
  return undefined;
}
