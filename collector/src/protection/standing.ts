/** How long each rule has not been met, and what that makes of it: a change of one reading is no finding yet. */
import { type FindingLevel, hourMs, type Outcome, type Rule } from './rules.ts';
import type { ProtectionSettings } from './settings.ts';

export interface Finding {
  readonly rule: Rule;
  readonly level: FindingLevel;
  readonly product?: string | undefined;
  /** Milliseconds since 1970, by the collector's clock. */
  readonly since: number;
  readonly evidence: Readonly<Record<string, string>>;
}

/** Of one rule and product, kept from look to look. */
interface RuleStanding {
  readonly since: number;
  /** Readings in a row at which it was critical, and since then at which it was not. */
  readonly bad: number;
  readonly good: number;
  readonly isCritical: boolean;
  readonly outcome: Outcome;
}

/** By rule and product. */
export type Standing = ReadonlyMap<string, RuleStanding>;

export const noStanding: Standing = new Map();

interface Look {
  readonly before: Standing;
  readonly now: number;
  /** Whether it counts as a reading: looks that follow each other at once are one. */
  readonly isSample: boolean;
  readonly settings: Pick<ProtectionSettings, 'critical_samples' | 'clear_samples' | 'unknown_hours'>;
}

/** What the outcomes of this look come to, after those before. */
export function settle(outcomes: readonly Outcome[], look: Look): { standing: Standing; findings: Finding[] } {
  const now = new Map([...Map.groupBy(outcomes, keyOf)].map(([key, same]) => [key, together(same)]));
  const standing = new Map<string, RuleStanding>();
  const findings: Finding[] = [];
  for (const [key, outcome] of now) {
    const prior = look.before.get(key);
    const since = prior?.since ?? look.now;
    const wanted = levelAfter(outcome, { duration: look.now - since, unknownMs: look.settings.unknown_hours * hourMs });
    const next = step(prior, { isBad: wanted === 'critical', look });
    standing.set(key, { ...next, since, outcome });
    const level = next.isCritical ? 'critical' : wanted === 'critical' ? 'warning' : wanted;
    if (level) findings.push(findingOf(outcome, { level, since }));
  }
  for (const [key, prior] of look.before) {
    if (now.has(key) || !prior.isCritical) continue;
    const next = step(prior, { isBad: false, look });
    if (!next.isCritical) continue;
    standing.set(key, { ...next, since: prior.since, outcome: prior.outcome });
    findings.push(findingOf(prior.outcome, { level: 'critical', since: prior.since }));
  }
  return { standing, findings: findings.sort(byWeight) };
}

function step(
  prior: RuleStanding | undefined,
  { isBad, look }: { isBad: boolean; look: Look },
): Pick<RuleStanding, 'bad' | 'good' | 'isCritical'> {
  const { critical_samples, clear_samples } = look.settings;
  const one = look.isSample ? 1 : 0;
  const wasCritical = prior?.isCritical === true;
  if (isBad) {
    const bad = Math.min((prior?.bad ?? 0) + one, critical_samples);
    return { bad, good: 0, isCritical: wasCritical || bad >= critical_samples };
  }
  const good = (prior?.good ?? 0) + one;
  return wasCritical && good < clear_samples
    ? { bad: 0, good, isCritical: true }
    : { bad: 0, good: 0, isCritical: false };
}

/** Undefined: not yet a finding. */
function levelAfter(
  { level, afterMs = 0 }: Outcome,
  { duration, unknownMs }: { duration: number; unknownMs: number },
): FindingLevel | undefined {
  if (level === 'unknown') return duration >= unknownMs ? 'warning' : 'unknown';
  if (duration >= afterMs) return level;
  return level === 'critical' ? 'warning' : undefined;
}

function keyOf({ rule, product = '' }: Outcome): string {
  return `${rule} ${product}`;
}

/** What is said more than once of the same rule and product is one outcome: the gravest, for all the reasons. */
function together(same: readonly Outcome[]): Outcome {
  return same.reduce((left, right) => {
    const [first, second] = weights[right.level] < weights[left.level] ? [right, left] : [left, right];
    const reasons = [left, right].flatMap(({ evidence }) => evidence.reason ?? []);
    const reason = reasons.length > 0 && { reason: [...new Set(reasons)].join(', ') };
    return { ...first, evidence: { ...second.evidence, ...first.evidence, ...reason } };
  });
}

function findingOf(
  { rule, product, evidence }: Outcome,
  { level, since }: { level: FindingLevel; since: number },
): Finding {
  return { rule, level, product, since, evidence };
}

const weights: Readonly<Record<FindingLevel, number>> = { critical: 0, unknown: 1, warning: 2 };

function byWeight(a: Finding, b: Finding): number {
  return weights[a.level] - weights[b.level] || (a.rule < b.rule ? -1 : Number(a.rule > b.rule));
}
