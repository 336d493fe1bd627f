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
import { openDatabaseFile, transaction } from '../registry/database.ts';
import { type Evidence, type Incident, type IncidentKind, isWorse, type Sighting, withEvidence } from './incident.ts';
import { briefColumns, briefFromRow, fromRow, type IncidentBrief, incidentsFile, type Row } from './incidents-file.ts';

const keptMs = 400 * 86_400_000;
const keptClosed = 10_000;

export interface IncidentQuery {
  readonly state: 'open' | 'closed' | 'all';
  /** Only those of these units; all when absent. */
  readonly units?: ReadonlySet<string> | undefined;
  /** Only those that this person is to look after. */
  readonly assignee?: string | undefined;
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
            `UPDATE incidents SET severity = ?, unit = ?, last_at = ?, count = count + ?, evidence = ?,
               snoozed_until = CASE ? WHEN 1 THEN NULL ELSE snoozed_until END WHERE id = ?`,
          )
          .run(severity, unit ?? null, evidence.at, times, text, Number(isWorse(severity, open.severity)), open.id);
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
  list({ state, units, assignee, before, limit }: IncidentQuery): Incident[] {
    const conditions = ['id < ?'];
    if (state !== 'all') conditions.push(state === 'open' ? 'closed_at IS NULL' : 'closed_at IS NOT NULL');
    if (units) conditions.push('unit IN (SELECT value FROM json_each(?))');
    if (assignee !== undefined) conditions.push('assigned_to = ?');
    const wanted = [...(units ? [JSON.stringify([...units])] : []), ...(assignee === undefined ? [] : [assignee])];
    const rows = this.#database
      .prepare(`SELECT * FROM incidents WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT ?`)
      .all(before ?? Number.MAX_SAFE_INTEGER, ...wanted, limit);
    return (rows as unknown as Row[]).map(fromRow);
  }

  /** All that are open, oldest first, without what was seen: there may be thousands, and they are asked for every few seconds. */
  open(): IncidentBrief[] {
    const rows = this.#database
      .prepare(`SELECT ${briefColumns} FROM incidents WHERE closed_at IS NULL ORDER BY id`)
      .all();
    return (rows as unknown as Omit<Row, 'evidence'>[]).map(briefFromRow);
  }

  /** How many are open, by kind. */
  openByKind(): ReadonlyMap<string, number> {
    const rows = this.#database
      .prepare('SELECT kind, count(*) AS open FROM incidents WHERE closed_at IS NULL GROUP BY kind')
      .all() as { kind: string; open: number }[];
    return new Map(rows.map(({ kind, open }) => [kind, open]));
  }

  /** Gives it to a person, or to nobody; false when there is no such incident or it is closed. */
  assign(
    id: number,
    { at, by, to }: { readonly at: number; readonly by: string; readonly to: string | undefined },
  ): boolean {
    return this.#change(id, {
      sql: 'assigned_to = ?, assigned_by = ?, assigned_at = ?',
      values: to === undefined ? [null, null, null] : [cleanText(to), cleanText(by), at],
      evidence: {
        at,
        what: to === undefined ? 'unassigned' : 'assigned',
        facts: { ...(to !== undefined && { to }), by },
      },
    });
  }

  /** Nobody is told of it until then, unless it gets worse; false when there is no such incident or it is closed. */
  snooze(
    id: number,
    { at, by, until }: { readonly at: number; readonly by: string; readonly until: number | undefined },
  ): boolean {
    const facts = { ...(until !== undefined && { until: new Date(until).toISOString() }), by };
    return this.#change(id, {
      sql: 'snoozed_until = ?, snoozed_by = ?',
      values: [until ?? null, until === undefined ? null : cleanText(by)],
      evidence: { at, what: until === undefined ? 'unsnoozed' : 'snoozed', facts },
    });
  }

  /** Nobody took it in time: those of the next level are to hear of it. */
  escalate(
    id: number,
    { at, level, minutes }: { readonly at: number; readonly level: number; readonly minutes: number },
  ): boolean {
    return this.#change(id, {
      sql: 'level = ?',
      values: [level],
      evidence: { at, what: 'escalated', facts: { level: `${level}`, waited_minutes: `${minutes}` } },
    });
  }

  /** From `at` on its time to escalate does not run; with undefined it goes on, `heldMs` is how long it stood in all. */
  hold(id: number, { since, heldMs }: { readonly since: number | undefined; readonly heldMs: number }): void {
    this.#database
      .prepare('UPDATE incidents SET held_since = ?, held_ms = ? WHERE id = ?')
      .run(since ?? null, heldMs, id);
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

  /**
   * Appends to what is known of it: something that came to light later, or that was done about it, as "Grafana told
   * people". It counts as seen no more often, and may be closed. `what` names it for programs and gets its words in the
   * console's `evidence-words.ts`; facts are cleaned and bounded here.
   */
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

  /** Changes one that is open, and says so in its evidence. */
  #change(
    id: number,
    change: { sql: string; values: readonly (string | number | null)[]; evidence: Evidence },
  ): boolean {
    return transaction(this.#database, () => {
      const result = this.#database
        .prepare(`UPDATE incidents SET ${change.sql} WHERE id = ? AND closed_at IS NULL`)
        .run(...change.values, id);
      if (result.changes > 0) this.amend(id, change.evidence);
      return result.changes > 0;
    });
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
