import type { Incident } from '../../incidents/incident.ts';

/** A warning that was opened at 0. */
export function brief(changes: Partial<Incident> = {}): Incident {
  return {
    id: 1,
    kind: 'clone',
    severity: 'warning',
    subject: 'a-1',
    unit: 'XA-QP',
    openedAt: 0,
    lastAt: 0,
    closedAt: undefined,
    closedBy: undefined,
    acknowledgedAt: undefined,
    acknowledgedBy: undefined,
    assignedTo: undefined,
    assignedBy: undefined,
    assignedAt: undefined,
    snoozedUntil: undefined,
    snoozedBy: undefined,
    level: 1,
    heldSince: undefined,
    heldMs: 0,
    note: undefined,
    count: 1,
    evidence: [],
    ...changes,
  };
}
