/** Outages in the form in which the API shows them. */
import type { Outage } from '../outages/outage.ts';
import { toIso } from './instants.ts';
import type { OutageView, OutageWithEvidence } from './outage-schemas.ts';

export function viewOutage(outage: Outage): OutageView {
  const { id, agent, hostname, unit, class: agentClass, beganAt, endedAt, verdict, confidence, incident } = outage;
  return {
    id,
    agent,
    hostname,
    unit,
    class: agentClass,
    began_at: toIso(beganAt),
    ended_at: endedAt === undefined ? undefined : toIso(endedAt),
    verdict,
    confidence,
    incident,
  };
}

export function viewOutageWithEvidence(outage: Outage): OutageWithEvidence {
  return {
    ...viewOutage(outage),
    evidence: outage.evidence.map(({ at, what, facts }) => ({ time: toIso(at), what, facts })),
    revisions: outage.revisions.map(({ at, from, to, why }) => ({ time: toIso(at), from, to, why })),
  };
}
