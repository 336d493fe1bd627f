/** Incidents in the form in which the API shows them. */
import type { Incident } from '../incidents/incident.ts';
import type { IncidentView, IncidentWithEvidence } from './incident-schemas.ts';
import { toIso } from './instants.ts';

function instant(time: number | undefined): string | undefined {
  return time === undefined ? undefined : toIso(time);
}

export function viewIncident(incident: Incident): IncidentView {
  return {
    id: incident.id,
    kind: incident.kind,
    severity: incident.severity,
    subject: incident.subject,
    unit: incident.unit,
    opened_at: toIso(incident.openedAt),
    last_at: toIso(incident.lastAt),
    count: incident.count,
    acknowledged_at: instant(incident.acknowledgedAt),
    acknowledged_by: incident.acknowledgedBy,
    closed_at: instant(incident.closedAt),
    closed_by: incident.closedBy,
    note: incident.note,
  };
}

export function viewIncidentWithEvidence(incident: Incident): IncidentWithEvidence {
  const evidence = incident.evidence.map(({ at, what, facts }) => ({ time: toIso(at), what, facts }));
  return { ...viewIncident(incident), evidence };
}
