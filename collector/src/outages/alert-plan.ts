/**
 * Which incidents the open outages make, one for each cause, and who of them a person should be told about: a pure
 * function of the outages alone, so that whatever is over is over at once.
 *
 *   1. Alerting is suppressed, never monitoring: a member of a unit's outage has its own outage, state and verdict.
 *   2. Creation is suppressed, never recovery: a machine that is back is in no incident, whatever its unit is in.
 *   3. A machine's own state changes while its unit is out.
 */
import type { IncidentKind, Severity } from '../incidents/incident.ts';
import type { Outage, Verdict } from './outage.ts';

export interface PlannedIncident {
  readonly kind: IncidentKind;
  readonly severity: Severity;
  readonly subject: string;
  readonly unit: string;
  /** What most of the members died of, the surest first. */
  readonly verdict: Verdict;
  readonly members: readonly Outage[];
}

/** Causes that lie in what the machines of a unit have in common. */
const unitVerdicts: ReadonlySet<Verdict> = new Set([
  'unit-power-loss',
  'unit-link-down',
  'internet-down',
  'lan-isolated',
]);
/** Nobody has to do anything. */
const quietVerdicts: ReadonlySet<Verdict> = new Set(['planned', 'collector-outage']);

export function isOfUnit({ verdict }: Pick<Outage, 'verdict'>): boolean {
  return unitVerdicts.has(verdict);
}

export function planIncidents(open: readonly Outage[]): PlannedIncident[] {
  const told = open.filter(({ verdict }) => !quietVerdicts.has(verdict));
  const byUnit = Map.groupBy(told.filter(isOfUnit), ({ unit }) => unit);
  const ofUnits = [...byUnit].map(([unit, members]): PlannedIncident => {
    const verdict = mostSaid(members);
    return { kind: 'unit-unreachable', severity: 'critical', subject: unit, unit, verdict, members };
  });
  // PCs come and go; a unit's PCs are seen by what happens to all of them.
  const alone = told.filter((outage) => !isOfUnit(outage) && outage.class !== 'pc');
  const ofMachines = alone.map((outage): PlannedIncident => {
    const { agent, unit, verdict } = outage;
    const isStopped = verdict === 'agent-stopped';
    const severity = isStopped || outage.class === 'gateway' ? 'warning' : 'critical';
    const kind = isStopped ? 'agent-stopped' : 'machine-offline';
    return { kind, severity, subject: agent, unit, verdict, members: [outage] };
  });
  return [...ofUnits, ...ofMachines];
}

const sureness = { low: 0, medium: 1, high: 2 } as const;

function mostSaid(members: readonly Outage[]): Verdict {
  const weights = new Map<Verdict, number>();
  for (const { verdict, confidence } of members) {
    weights.set(verdict, (weights.get(verdict) ?? 0) + 1 + sureness[confidence]);
  }
  const [first] = [...weights].sort(([, a], [, b]) => b - a);
  return first?.[0] ?? 'unknown';
}
