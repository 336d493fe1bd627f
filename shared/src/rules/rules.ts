/** Every rule, once, in the order in which people are shown them. */
import { collectorRules } from './collector-rules.ts';
import { hardwareRules } from './hardware-rules.ts';
import { incidentRules } from './incident-rules.ts';
import { linkRules } from './link-rules.ts';
import { machineRules } from './machine-rules.ts';
import { protectionRules } from './protection-rules.ts';
import { reachabilityRules } from './reachability-rules.ts';
import type { Rule } from './rule.ts';

const all = [
  ...reachabilityRules,
  ...linkRules,
  ...machineRules,
  ...hardwareRules,
  ...protectionRules,
  ...incidentRules,
  ...collectorRules,
] as const satisfies readonly Rule[];

export type RuleId = (typeof all)[number]['id'];

/** How often rules are evaluated, here and in Grafana. */
export const ruleIntervalSeconds = 60;

export const rules: readonly (Rule & { readonly id: RuleId })[] = all;

const byId: ReadonlyMap<string, Rule & { readonly id: RuleId }> = new Map(rules.map((each) => [each.id, each]));

export function ruleById(id: string): (Rule & { readonly id: RuleId }) | undefined {
  return byId.get(id);
}
