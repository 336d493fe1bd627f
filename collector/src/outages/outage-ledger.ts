/**
 * Every outage of every agent, and the times in which the collector itself knew nothing: `outages.db`.
 *
 * Specification: at most one outage of an agent is open. A row is made when an agent is no longer heard, closed when it
 * is heard again, and revised as evidence arrives, each revision noted in it; closed ones are kept for a while. A gap of
 * the collector begins when it was last known to be alive and ends when it could tell again who is there; `alive` is
 * written every few seconds, so that a collector that was killed knows at its next start since when. A gap that
 * turns out to be wrong is withdrawn: it stays in the file with the time and the reason, and counts no more. Only the
 * collector writes; commands read.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { AgentClass } from '@vonggac/shared';
import type { Stretch } from '../calendar/stretches.ts';
import type { Evidence } from '../incidents/incident.ts';
import { type DatabaseFile, openDatabaseFile, transaction } from '../registry/database.ts';
import type { Confidence, Outage, Revision, Verdict } from './outage.ts';

const formats = [
  `CREATE TABLE outages (
     id INTEGER PRIMARY KEY AUTOINCREMENT, agent TEXT NOT NULL, hostname TEXT NOT NULL, unit TEXT NOT NULL,
     class TEXT NOT NULL, began_at INTEGER NOT NULL, ended_at INTEGER, verdict TEXT NOT NULL, confidence TEXT NOT NULL,
     evidence TEXT NOT NULL, revisions TEXT NOT NULL, incident INTEGER, CHECK (ended_at >= began_at)
   ) STRICT;
   CREATE UNIQUE INDEX outages_open ON outages(agent) WHERE ended_at IS NULL;
   CREATE INDEX outages_by_agent ON outages(agent, began_at);
   CREATE INDEX outages_by_unit ON outages(unit, began_at);
   CREATE INDEX outages_by_incident ON outages(incident) WHERE incident IS NOT NULL;
   CREATE INDEX outages_ended ON outages(ended_at);
   CREATE TABLE gaps (
     id INTEGER PRIMARY KEY AUTOINCREMENT, cause TEXT NOT NULL, from_at INTEGER NOT NULL, to_at INTEGER
   ) STRICT;
   CREATE TABLE alive (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL) STRICT;`,
  'ALTER TABLE gaps ADD COLUMN withdrawn_at INTEGER; ALTER TABLE gaps ADD COLUMN withdrawn_why TEXT;',
];

export const outagesFile: DatabaseFile = { name: 'outages.db', formats };

const keptMs = 400 * 86_400_000;
const maxGaps = 10_000;

/** Why the collector knew nothing: it did not run, it was held up, or its own line was dead. */
export type GapCause = 'stopped' | 'held-up' | 'cut-off';

export interface Gap {
  readonly id: number;
  readonly cause: GapCause;
  readonly from: number;
  /** Undefined while it lasts. */
  readonly to: number | undefined;
}

export interface OutageQuery {
  readonly agents?: ReadonlySet<string> | undefined;
  readonly units?: ReadonlySet<string> | undefined;
  /** Only those that this incident tells of. */
  readonly incident?: number | undefined;
  readonly state?: 'open' | 'closed' | 'all' | undefined;
  /** Only outages of which some part lies within. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Only those recorded before this one. */
  readonly before?: number | undefined;
  readonly limit?: number | undefined;
}

/** Of an outage, what an account of time needs. */
export type OutageSpan = Pick<Outage, 'agent' | 'beganAt' | 'endedAt' | 'verdict'>;

export type OutageToOpen = Omit<Outage, 'id' | 'endedAt' | 'revisions' | 'incident'>;

interface Row {
  id: number;
  agent: string;
  hostname: string;
  unit: string;
  class: AgentClass;
  began_at: number;
  ended_at: number | null;
  verdict: Verdict;
  confidence: Confidence;
  evidence: string;
  revisions: string;
  incident: number | null;
}

function fromRow(row: Row): Outage {
  return {
    id: row.id,
    agent: row.agent,
    hostname: row.hostname,
    unit: row.unit,
    class: row.class,
    beganAt: row.began_at,
    endedAt: row.ended_at ?? undefined,
    verdict: row.verdict,
    confidence: row.confidence,
    evidence: JSON.parse(row.evidence) as Evidence[],
    revisions: JSON.parse(row.revisions) as Revision[],
    incident: row.incident ?? undefined,
  };
}

export class OutageLedger {
  readonly #database: DatabaseSync;

  /** Opens the file in the data folder, creating it. Throws DataFolderError. */
  constructor(folder: string) {
    this.#database = openDatabaseFile(folder, outagesFile);
  }

  /** What `work` writes is synced once. */
  together(work: () => void): void {
    transaction(this.#database, work);
  }

  open({ agent, hostname, unit, class: agentClass, beganAt, verdict, confidence, evidence }: OutageToOpen): Outage {
    const row = this.#database
      .prepare(
        `INSERT INTO outages (agent, hostname, unit, class, began_at, verdict, confidence, evidence, revisions)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, '[]') RETURNING *`,
      )
      .get(agent, hostname, unit, agentClass, beganAt, verdict, confidence, JSON.stringify(evidence));
    return fromRow(row as unknown as Row);
  }

  /** Writes what can change of an outage. */
  save({ id, endedAt, verdict, confidence, evidence, revisions, incident }: Outage): void {
    this.#database
      .prepare(
        `UPDATE outages SET ended_at = ?, verdict = ?, confidence = ?, evidence = ?, revisions = ?, incident = ?
         WHERE id = ?`,
      )
      .run(
        endedAt ?? null,
        verdict,
        confidence,
        JSON.stringify(evidence),
        JSON.stringify(revisions),
        incident ?? null,
        id,
      );
  }

  get(id: number): Outage | undefined {
    const row = this.#database.prepare('SELECT * FROM outages WHERE id = ?').get(id) as Row | undefined;
    return row && fromRow(row);
  }

  /** Newest first. */
  list({ agents, units, incident, state = 'all', from, to, before, limit }: OutageQuery): Outage[] {
    const conditions: string[] = [];
    const values: (string | number)[] = [];
    const where = (condition: string, ...given: (string | number)[]) => {
      conditions.push(condition);
      values.push(...given);
    };
    where('id < ?', before ?? Number.MAX_SAFE_INTEGER);
    if (agents) where('agent IN (SELECT value FROM json_each(?))', JSON.stringify([...agents]));
    if (units) where('unit IN (SELECT value FROM json_each(?))', JSON.stringify([...units]));
    if (incident !== undefined) where('incident = ?', incident);
    if (state !== 'all') where(state === 'open' ? 'ended_at IS NULL' : 'ended_at IS NOT NULL');
    if (from !== undefined) where('(ended_at IS NULL OR ended_at > ?)', from);
    if (to !== undefined) where('began_at < ?', to);
    const rows = this.#database
      .prepare(`SELECT * FROM outages WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT ?`)
      .all(...values, limit ?? -1);
    return (rows as unknown as Row[]).map(fromRow);
  }

  /** Of which some part lies in a time, by agent, oldest first; without the evidence, since there are many of them. */
  spans({ agents, from, to }: Stretch & { readonly agents: ReadonlySet<string> }): OutageSpan[] {
    const rows = this.#database
      .prepare(
        `SELECT agent, began_at AS beganAt, ended_at AS endedAt, verdict FROM outages
         WHERE agent IN (SELECT value FROM json_each(?)) AND began_at < ? AND (ended_at IS NULL OR ended_at > ?)
         ORDER BY agent, began_at`,
      )
      .all(JSON.stringify([...agents]), to, from) as unknown as (OutageSpan & { endedAt: number | null })[];
    return rows.map(({ endedAt, ...row }) => ({ ...row, endedAt: endedAt ?? undefined }));
  }

  /** Begins a time in which the collector knows nothing; false when one is open already. */
  openGap(cause: GapCause, from: number): boolean {
    if (this.#openGap()) return false;
    this.#database.prepare('INSERT INTO gaps (cause, from_at) VALUES (?, ?)').run(cause, from);
    this.#database
      .prepare('DELETE FROM gaps WHERE id <= (SELECT id FROM gaps ORDER BY id DESC LIMIT 1 OFFSET ?)')
      .run(maxGaps);
    return true;
  }

  endGap(to: number): void {
    const gap = this.#openGap();
    if (!gap) return;
    this.#database.prepare('UPDATE gaps SET to_at = ? WHERE id = ?').run(Math.max(gap.from, to), gap.id);
  }

  /** A gap that has ended was none, as is known by now; false when there is no such. */
  withdrawGap({ cause, from }: Pick<Gap, 'cause' | 'from'>, { at, why }: { at: number; why: string }): boolean {
    const sql = `UPDATE gaps SET withdrawn_at = ?, withdrawn_why = ?
                 WHERE cause = ? AND from_at = ? AND to_at IS NOT NULL AND withdrawn_at IS NULL`;
    return this.#database.prepare(sql).run(at, why, cause, from).changes > 0;
  }

  /** Those that stand, of which some part lies within, oldest first. */
  gaps(from: number, to: number): Gap[] {
    const rows = this.#database
      .prepare(
        'SELECT * FROM gaps WHERE from_at < ? AND (to_at IS NULL OR to_at > ?) AND withdrawn_at IS NULL ORDER BY id',
      )
      .all(to, from) as { id: number; cause: GapCause; from_at: number; to_at: number | null }[];
    return rows.map(({ id, cause, from_at, to_at }) => ({ id, cause, from: from_at, to: to_at ?? undefined }));
  }

  /** When the collector was last known to be alive; undefined before its first start. */
  aliveAt(): number | undefined {
    const row = this.#database.prepare('SELECT at FROM alive').get() as { at: number } | undefined;
    return row?.at;
  }

  setAlive(at: number): void {
    this.#database.prepare('INSERT INTO alive VALUES (1, ?) ON CONFLICT DO UPDATE SET at = excluded.at').run(at);
  }

  forgetOld(now: number): void {
    this.#database.prepare('DELETE FROM outages WHERE ended_at < ?').run(now - keptMs);
    this.#database.prepare('DELETE FROM gaps WHERE to_at < ?').run(now - keptMs);
  }

  get isOpen(): boolean {
    return this.#database.isOpen;
  }

  /** Closes the file. */
  stop(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #openGap(): Gap | undefined {
    const row = this.#database.prepare('SELECT * FROM gaps WHERE to_at IS NULL').get() as
      | { id: number; cause: GapCause; from_at: number }
      | undefined;
    return row && { id: row.id, cause: row.cause, from: row.from_at, to: undefined };
  }
}
