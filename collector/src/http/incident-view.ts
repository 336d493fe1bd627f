/** Incidents in the form in which the API shows them. */
import { type Rule, ruleById, rules } from '@vonggac/shared';
import type { Notice } from '../grafana/driving/notices.ts';
import type { Incident } from '../incidents/incident.ts';
import type { IncidentView, IncidentWithEvidence } from './incident-schemas.ts';
import { toIso } from './instants.ts';

function instant(time: number | undefined): string | undefined {
  return time === undefined ? undefined : toIso(time);
}

export function viewIncident(incident: Incident): IncidentView {
  const rule = ruleById(incident.kind);
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
    assigned_to: incident.assignedTo,
    assigned_by: incident.assignedBy,
    assigned_at: instant(incident.assignedAt),
    snoozed_until: instant(incident.snoozedUntil),
    snoozed_by: incident.snoozedBy,
    level: incident.level,
    closed_at: instant(incident.closedAt),
    closed_by: incident.closedBy,
    note: incident.note,
    rule: rule && rule.tells === undefined ? viewTexts(rule) : undefined,
    runbook: rule?.id ?? rules.find(({ tells }) => tells === incident.kind)?.id,
  };
}

export function viewTexts({ title, texts, scope }: Rule): NonNullable<IncidentView['rule']> {
  const { what, impact, firstAction, whomToCall } = texts;
  return { title, what, impact, first_action: firstAction, whom_to_call: whomToCall, scope };
}

export function viewIncidentWithEvidence(incident: Incident): IncidentWithEvidence {
  const evidence = incident.evidence.map(({ at, what, facts }) => ({ time: toIso(at), what, facts }));
  return { ...viewIncident(incident), evidence };
}

/** Adds whom Grafana has told of it. */
export function withNotices<View extends IncidentView>(view: View, notices: readonly Notice[]): View {
  if (notices.length === 0) return view;
  return { ...view, notified: notices.map(({ receiver, status, at }) => ({ receiver, status, at: toIso(at) })) };
}
