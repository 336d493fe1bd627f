/** `incidents.db`: its formats, and how a row is read. */
import type { DatabaseFile } from '../registry/database.ts';
import type { Evidence, Incident, IncidentKind, Severity } from './incident.ts';

const formats = [
  `CREATE TABLE incidents (
     id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, severity TEXT NOT NULL, subject TEXT NOT NULL, unit TEXT,
     opened_at INTEGER NOT NULL, last_at INTEGER NOT NULL, closed_at INTEGER, closed_by TEXT,
     acknowledged_at INTEGER, acknowledged_by TEXT, note TEXT, count INTEGER NOT NULL, evidence TEXT NOT NULL
   ) STRICT;
   CREATE UNIQUE INDEX incidents_open ON incidents(kind, subject) WHERE closed_at IS NULL;
   CREATE INDEX incidents_closed ON incidents(closed_at) WHERE closed_at IS NOT NULL;
   CREATE INDEX incidents_subject ON incidents(kind, subject, id);`,
  // Somebody looks after one, it may be put off, and it rises when nobody takes it.
  `ALTER TABLE incidents ADD COLUMN assigned_to TEXT;
   ALTER TABLE incidents ADD COLUMN assigned_by TEXT;
   ALTER TABLE incidents ADD COLUMN assigned_at INTEGER;
   ALTER TABLE incidents ADD COLUMN snoozed_until INTEGER;
   ALTER TABLE incidents ADD COLUMN snoozed_by TEXT;
   ALTER TABLE incidents ADD COLUMN level INTEGER NOT NULL DEFAULT 1;
   ALTER TABLE incidents ADD COLUMN held_since INTEGER;
   ALTER TABLE incidents ADD COLUMN held_ms INTEGER NOT NULL DEFAULT 0;
   CREATE INDEX incidents_assigned ON incidents(assigned_to, id) WHERE assigned_to IS NOT NULL;`,
];

export const incidentsFile: DatabaseFile = { name: 'incidents.db', formats };

export interface Row {
  id: number;
  kind: IncidentKind;
  severity: Severity;
  subject: string;
  unit: string | null;
  opened_at: number;
  last_at: number;
  closed_at: number | null;
  closed_by: string | null;
  acknowledged_at: number | null;
  acknowledged_by: string | null;
  note: string | null;
  count: number;
  evidence: string;
  assigned_to: string | null;
  assigned_by: string | null;
  assigned_at: number | null;
  snoozed_until: number | null;
  snoozed_by: string | null;
  level: number;
  held_since: number | null;
  held_ms: number;
}

/** An incident without what was seen. */
export type IncidentBrief = Omit<Incident, 'evidence'>;

/** All but the evidence. */
export const briefColumns =
  'id, kind, severity, subject, unit, opened_at, last_at, closed_at, closed_by, acknowledged_at, acknowledged_by, note, ' +
  'count, assigned_to, assigned_by, assigned_at, snoozed_until, snoozed_by, level, held_since, held_ms';

export function briefFromRow(row: Omit<Row, 'evidence'>): IncidentBrief {
  return {
    id: row.id,
    kind: row.kind,
    severity: row.severity,
    subject: row.subject,
    unit: row.unit ?? undefined,
    openedAt: row.opened_at,
    lastAt: row.last_at,
    closedAt: row.closed_at ?? undefined,
    closedBy: row.closed_by ?? undefined,
    acknowledgedAt: row.acknowledged_at ?? undefined,
    acknowledgedBy: row.acknowledged_by ?? undefined,
    assignedTo: row.assigned_to ?? undefined,
    assignedBy: row.assigned_by ?? undefined,
    assignedAt: row.assigned_at ?? undefined,
    snoozedUntil: row.snoozed_until ?? undefined,
    snoozedBy: row.snoozed_by ?? undefined,
    level: row.level,
    heldSince: row.held_since ?? undefined,
    heldMs: row.held_ms,
    note: row.note ?? undefined,
    count: row.count,
  };
}

export function fromRow(row: Row): Incident {
  return { ...briefFromRow(row), evidence: JSON.parse(row.evidence) as Evidence[] };
}
