/**
 * The collector's incidents: `incidents.db`.
 *
 * Specification: at most one incident of a kind is open for a subject; seeing it again raises its count and adds to its
 * evidence. The collector opens incidents, people and detectors close them, commands of other processes write to the
 * file too; each change is synced before it is answered. Closed incidents are kept for a while, open ones for ever:
 * there are never more than kinds × subjects.
 */
import type { DatabaseSync } from 'node:sqlite';
import { cleanText } from '../registry/audit-entry.ts';
import { type DatabaseFile, openDatabaseFile, transaction } from '../registry/database.ts';
import {
  type Evidence,
  type Incident,
  type IncidentKind,
  type Severity,
  type Sighting,
  withEvidence,
} from './incident.ts';

const formats = [
  `CREATE TABLE incidents (
     id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, severity TEXT NOT NULL, subject TEXT NOT NULL, unit TEXT,
     opened_at INTEGER NOT NULL, last_at INTEGER NOT NULL, closed_at INTEGER, closed_by TEXT,
     acknowledged_at INTEGER, acknowledged_by TEXT, note TEXT, count INTEGER NOT NULL, evidence TEXT NOT NULL
   ) STRICT;
   CREATE UNIQUE INDEX incidents_open ON incidents(kind, subject) WHERE closed_at IS NULL;
   CREATE INDEX incidents_closed ON incidents(closed_at) WHERE closed_at IS NOT NULL;
   CREATE INDEX incidents_subject ON incidents(kind, subject, id);`,
];

export const incidentsFile: DatabaseFile = { name: 'incidents.db', formats };

const keptMs = 400 * 86_400_000;
const keptClosed = 10_000;

export interface IncidentQuery {
  readonly state: 'open' | 'closed' | 'all';
  /** Only those of these units; all when absent. */
  readonly units?: ReadonlySet<string> | undefined;
  /** Only those opened before this one. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Someone's word on an incident. */
export interface Word {
  readonly at: number;
  readonly by: string;
  readonly note?: string | undefined;
}

interface Row {
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
}

function fromRow(row: Row): Incident {
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
    note: row.note ?? undefined,
    count: row.count,
    evidence: JSON.parse(row.evidence) as Evidence[],
  };
}

export class Incidents {
  readonly #database: DatabaseSync;

  /** Opens the file in the data folder, creating it. Throws DataFolderError. */
  constructor(folder: string) {
    this.#database = openDatabaseFile(folder, incidentsFile);
  }

  /** Runs `work` with one write to the disk at its end. */
  together(work: () => void): void {
    transaction(this.#database, work);
  }

  /** Opens an incident, or adds to the one that is open; returns it. */
  report(sighting: Sighting): Incident {
    const { kind, severity, unit, evidence, times = 1 } = sighting;
    const subject = cleanText(sighting.subject);
    return transaction(this.#database, () => {
      const open = this.openOf(kind, subject);
      const text = JSON.stringify(withEvidence(open?.evidence ?? [], evidence));
      if (open) {
        this.#database
          .prepare(
            'UPDATE incidents SET severity = ?, unit = ?, last_at = ?, count = count + ?, evidence = ? WHERE id = ?',
          )
          .run(severity, unit ?? null, evidence.at, times, text, open.id);
      } else {
        this.#forgetOld(evidence.at);
        this.#database
          .prepare(
            `INSERT INTO incidents (kind, severity, subject, unit, opened_at, last_at, count, evidence)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          )
          .run(kind, severity, subject, unit ?? null, evidence.at, evidence.at, times, text);
      }
      const reported = this.openOf(kind, subject);
      if (!reported) throw new Error(`the incident ${kind} of ${subject} was not kept`);
      return reported;
    });
  }

  get(id: number): Incident | undefined {
    const row = this.#database.prepare('SELECT * FROM incidents WHERE id = ?').get(id) as Row | undefined;
    return row && fromRow(row);
  }

  /** The open incident of a kind about a subject. */
  openOf(kind: IncidentKind, subject: string): Incident | undefined {
    const row = this.#database
      .prepare('SELECT * FROM incidents WHERE kind = ? AND subject = ? AND closed_at IS NULL')
      .get(kind, subject) as Row | undefined;
    return row && fromRow(row);
  }

  /** The newest incident of a kind about a subject, open or closed. */
  lastOf(kind: IncidentKind, subject: string): Incident | undefined {
    const row = this.#database
      .prepare('SELECT * FROM incidents WHERE kind = ? AND subject = ? ORDER BY id DESC LIMIT 1')
      .get(kind, cleanText(subject)) as Row | undefined;
    return row && fromRow(row);
  }

  /** Newest first. */
  list({ state, units, before, limit }: IncidentQuery): Incident[] {
    const conditions = ['id < ?'];
    if (state !== 'all') conditions.push(state === 'open' ? 'closed_at IS NULL' : 'closed_at IS NOT NULL');
    if (units) conditions.push('unit IN (SELECT value FROM json_each(?))');
    const rows = this.#database
      .prepare(`SELECT * FROM incidents WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT ?`)
      .all(before ?? Number.MAX_SAFE_INTEGER, ...(units ? [JSON.stringify([...units])] : []), limit);
    return (rows as unknown as Row[]).map(fromRow);
  }

  /** How many are open, by kind. */
  openByKind(): ReadonlyMap<string, number> {
    const rows = this.#database
      .prepare('SELECT kind, count(*) AS open FROM incidents WHERE closed_at IS NULL GROUP BY kind')
      .all() as { kind: string; open: number }[];
    return new Map(rows.map(({ kind, open }) => [kind, open]));
  }

  /** Someone has seen it; false when there is no such incident or it is closed. A later word takes the place of an earlier. */
  acknowledge(id: number, { at, by, note }: Word): boolean {
    const result = this.#database
      .prepare(
        `UPDATE incidents SET acknowledged_at = ?, acknowledged_by = ?, note = coalesce(?, note)
         WHERE id = ? AND closed_at IS NULL`,
      )
      .run(at, cleanText(by), cleanNote(note), id);
    return result.changes > 0;
  }

  /** False when there is no such incident or it is closed already. */
  close(id: number, { at, by, note }: Word): boolean {
    const result = this.#database
      .prepare(
        'UPDATE incidents SET closed_at = ?, closed_by = ?, note = coalesce(?, note) WHERE id = ? AND closed_at IS NULL',
      )
      .run(at, cleanText(by), cleanNote(note), id);
    return result.changes > 0;
  }

  /** Its detector says that it is over; false when none is open. */
  resolve(kind: IncidentKind, subject: string, at: number): boolean {
    const result = this.#database
      .prepare('UPDATE incidents SET closed_at = ? WHERE kind = ? AND subject = ? AND closed_at IS NULL')
      .run(at, kind, cleanText(subject));
    return result.changes > 0;
  }

  /** Its detector says that another incident tells of it now; false when there is no such incident or it is closed. */
  fold(id: number, { at, note }: { readonly at: number; readonly note: string }): boolean {
    const result = this.#database
      .prepare('UPDATE incidents SET closed_at = ?, note = ? WHERE id = ? AND closed_at IS NULL')
      .run(at, cleanText(note), id);
    return result.changes > 0;
  }

  /** Something came to light about it later; it counts as seen no more often, and may be closed. */
  amend(id: number, evidence: Evidence): void {
    transaction(this.#database, () => {
      const incident = this.get(id);
      if (!incident) return;
      const text = JSON.stringify(withEvidence(incident.evidence, evidence));
      this.#database.prepare('UPDATE incidents SET evidence = ? WHERE id = ?').run(text, id);
    });
  }

  /** Closes the file. */
  stop(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #forgetOld(now: number): void {
    this.#database
      .prepare(
        `DELETE FROM incidents WHERE closed_at IS NOT NULL AND (closed_at < ? OR id IN
           (SELECT id FROM incidents WHERE closed_at IS NOT NULL ORDER BY closed_at DESC LIMIT -1 OFFSET ?))`,
      )
      .run(now - keptMs, keptClosed - 1);
  }
}

/** Longer notes belong elsewhere; an empty one says nothing. */
function cleanNote(note: string | undefined): string | null {
  return note === undefined ? null : cleanText(note.trim()) || null;
}
