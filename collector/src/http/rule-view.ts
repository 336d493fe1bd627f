/** Alert rules in the form in which the API shows them. */
import type { Rule } from '@vonggac/shared';
import { type DetectorKind, detectorKinds } from '../incidents/incident.ts';
import type { Instance, InstanceState } from '../rules/instance.ts';
import { viewTexts } from './incident-view.ts';
import { toIso } from './instants.ts';
import type { RuleInstanceView, RuleView } from './rule-schemas.ts';

const maxShown = 200;
const collectorId = 'collector';
const worstFirst: Readonly<Record<InstanceState, number>> = {
  firing: 0,
  recovering: 1,
  pending: 2,
  'no-data': 3,
  normal: 4,
};

export function viewRule(rule: Rule, instances: readonly Instance[]): RuleView {
  const { id, query, condition, severity, classes } = rule;
  return {
    id,
    ...viewTexts(rule),
    severity,
    classes: classes && [...classes],
    measurement: query.measurement,
    field: query.field,
    where: query.where,
    by: [...query.by],
    reduce: query.reduce,
    window_seconds: query.windowSeconds,
    condition,
    pending_seconds: rule.pendingSeconds,
    keep_firing_seconds: rule.keepFiringSeconds,
    tells: detectorKinds.find((kind): kind is DetectorKind => kind === rule.tells),
    counts: countStates(instances),
  };
}

function countStates(instances: readonly Instance[]): RuleView['counts'] {
  const counts = { normal: 0, pending: 0, firing: 0, recovering: 0, 'no-data': 0 };
  for (const { state } of instances) counts[state] += 1;
  return counts;
}

export function viewInstances({ query }: Rule, instances: readonly Instance[]): RuleInstanceView[] {
  return instances
    .toSorted((a, b) => worstFirst[a.state] - worstFirst[b.state] || a.since - b.since)
    .slice(0, maxShown)
    .map(({ origin, unit, tags, state, since, value, lastAt }) => ({
      ...(origin.agent !== collectorId && { agent: origin.agent, host: origin.host }),
      unit,
      tags: Object.fromEntries(query.by.map((tag, index) => [tag, tags[index] ?? ''])),
      state,
      since: toIso(since),
      value,
      last_at: toIso(lastAt),
    }));
}
