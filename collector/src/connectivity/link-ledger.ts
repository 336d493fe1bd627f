/**
 * What became of every unit's lines: `links.db`.
 *
 * Specification: the intervals of a line follow each other without gap and overlap, from when it was first known until
 * it is taken from the unit's record; at most the last one is open. The file is written when something changes, and
 * once a minute with the sums of the day and the time at which the collector was alive. What the collector missed while
 * it was away is `unknown`. Late evidence may change the cause of an interval, or say what an unknown time was; each
 * such revision is noted in it. Only the collector writes; commands read.
 */
import type { DatabaseSync } from 'node:sqlite';
import { type Evidence, withEvidence } from '../incidents/incident.ts';
import { type DatabaseFile, openDatabaseFile, transaction } from '../registry/database.ts';
import type { LinkCause, LinkState } from './link-judgement.ts';

const formats = [
  `CREATE TABLE intervals (
     id INTEGER PRIMARY KEY, unit TEXT NOT NULL, link TEXT NOT NULL, carrier TEXT NOT NULL, state TEXT NOT NULL,
     cause TEXT NOT NULL, from_at INTEGER NOT NULL, to_at INTEGER, evidence TEXT NOT NULL, revision TEXT,
     CHECK (to_at > from_at)
   ) STRICT;
   CREATE UNIQUE INDEX intervals_from ON intervals(unit, link, from_at);
   CREATE UNIQUE INDEX intervals_open ON intervals(unit, link) WHERE to_at IS NULL;
   CREATE INDEX intervals_to ON intervals(to_at);
   CREATE TABLE days (
     unit TEXT NOT NULL, link TEXT NOT NULL, day TEXT NOT NULL, latency TEXT NOT NULL, readings INTEGER NOT NULL,
     loss_sum REAL NOT NULL, PRIMARY KEY (unit, link, day)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE alive (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL) STRICT;
   CREATE TABLE relays (agent TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;`,
];

export const linksFile: DatabaseFile = { name: 'links.db', formats };

/** Contracts run for years, and so do disputes about them. */
const keptMs = 5 * 366 * 86_400_000;

export interface LinkKey {
  readonly unit: string;
  readonly link: string;
}

/** Times are milliseconds since 1970. */
export interface LinkInterval extends LinkKey {
  readonly id: number;
  readonly carrier: string;
  readonly state: LinkState;
  readonly cause: LinkCause;
  readonly from: number;
  /** Undefined while it lasts. */
  readonly to: number | undefined;
  readonly evidence: readonly Evidence[];
  /** How late evidence has changed it. */
  readonly revision: string | undefined;
}

interface Row {
  id: number;
  unit: string;
  link: string;
  carrier: string;
  state: LinkState;
  cause: LinkCause;
  from_at: number;
  to_at: number | null;
  evidence: string;
  revision: string | null;
}

function fromRow(row: Row): LinkInterval {
  return {
    id: row.id,
    unit: row.unit,
    link: row.link,
    carrier: row.carrier,
    state: row.state,
    cause: row.cause,
    from: row.from_at,
    to: row.to_at ?? undefined,
    evidence: JSON.parse(row.evidence) as Evidence[],
    revision: row.revision ?? undefined,
  };
}

export interface LinkSeconds extends LinkKey {
  readonly state: LinkState;
  readonly seconds: number;
}

/** A state that begins. */
export interface NewState {
  readonly state: LinkState;
  readonly cause: LinkCause;
  readonly carrier: string;
  /** Never before the state that it follows; then it takes that one's place. */
  readonly at: number;
  readonly evidence: Evidence;
}

/** What late evidence says of the interval that `at` lies in. */
export interface Revision {
  readonly at: number;
  /** Another state holds from `at` on; only the cause changes when absent. */
  readonly state?: LinkState;
  readonly cause: LinkCause;
  readonly note: string;
  readonly evidence: Evidence;
}

export interface IntervalQuery {
  readonly unit?: string | undefined;
  readonly link?: string | undefined;
  /** Only those of these units; all when absent. */
  readonly units?: ReadonlySet<string> | undefined;
  /** Intervals that touch this time, half-open. */
  readonly from: number;
  readonly to: number;
  /** Only those that begin after it. */
  readonly after?: number | undefined;
  readonly limit: number;
}

export class LinkLedger {
  readonly #database: DatabaseSync;

  /** Opens the file in the data folder, creating it. Throws DataFolderError. */
  constructor(folder: string) {
    this.#database = openDatabaseFile(folder, linksFile);
  }

  /** Call it at the collector's start: since it was last alive nothing is known. */
  resume(now: number): void {
    const row = this.#database.prepare('SELECT at FROM alive').get() as { at: number } | undefined;
    this.gap(Math.min(row?.at ?? now, now));
    this.setAlive(now);
  }

  /** Nothing is known of any line from `from` until something is recorded again. */
  gap(from: number): void {
    transaction(this.#database, () => {
      for (const interval of this.open()) {
        const evidence = { at: from, what: 'collector-outage', facts: {} };
        this.#begin(interval, { ...interval, state: 'unknown', cause: 'collector-outage', at: from, evidence });
      }
    });
  }

  setAlive(now: number): void {
    this.#database.prepare('INSERT INTO alive VALUES (1, ?) ON CONFLICT DO UPDATE SET at = excluded.at').run(now);
    this.#database.prepare('DELETE FROM intervals WHERE to_at < ?').run(now - keptMs);
  }

  /** Runs `work` with one write to the disk at its end: a province that is cut off is many changes at once. */
  together(work: () => void): void {
    transaction(this.#database, work);
  }

  /** The state of a line from a time on; nothing happens when it is the same already. */
  record(key: LinkKey, state: NewState): void {
    transaction(this.#database, () => this.#begin(key, state));
  }

  /** The line is no longer in the unit's record. */
  end(key: LinkKey, at: number): void {
    const open = this.last(key);
    if (!open || open.to !== undefined) return;
    if (at <= open.from) this.#database.prepare('DELETE FROM intervals WHERE id = ?').run(open.id);
    else this.#database.prepare('UPDATE intervals SET to_at = ? WHERE id = ?').run(at, open.id);
  }

  /** False when there is no interval at that time. */
  revise(key: LinkKey, { at, state, cause, note, evidence }: Revision): boolean {
    return transaction(this.#database, () => {
      const found = this.at(key, at);
      if (!found) return false;
      const isSplit = state !== undefined && state !== found.state && at > found.from;
      const text = JSON.stringify(withEvidence(found.evidence, evidence));
      if (isSplit) {
        this.#database.prepare('UPDATE intervals SET to_at = ? WHERE id = ?').run(at, found.id);
        this.#insert({ ...found, state, cause, from: at, revision: note }, text);
        return true;
      }
      this.#database
        .prepare('UPDATE intervals SET state = ?, cause = ?, revision = ?, evidence = ? WHERE id = ?')
        .run(state ?? found.state, cause, note, text, found.id);
      return true;
    });
  }

  /** The newest interval of a line. */
  last({ unit, link }: LinkKey): LinkInterval | undefined {
    const sql = 'SELECT * FROM intervals WHERE unit = ? AND link = ? ORDER BY from_at DESC LIMIT 1';
    const row = this.#database.prepare(sql).get(unit, link) as Row | undefined;
    return row && fromRow(row);
  }

  /** The interval that a time lies in. */
  at({ unit, link }: LinkKey, time: number): LinkInterval | undefined {
    const row = this.#database
      .prepare('SELECT * FROM intervals WHERE unit = ? AND link = ? AND from_at <= ? ORDER BY from_at DESC LIMIT 1')
      .get(unit, link, time) as Row | undefined;
    return row && (row.to_at === null || row.to_at > time) ? fromRow(row) : undefined;
  }

  /** What every line is right now, in the order of units and lines. */
  open(): LinkInterval[] {
    const rows = this.#database.prepare('SELECT * FROM intervals WHERE to_at IS NULL ORDER BY unit, link').all();
    return (rows as unknown as Row[]).map(fromRow);
  }

  /** By unit and line, oldest first. */
  intervals({ unit, link, units, from, to, after, limit }: IntervalQuery): LinkInterval[] {
    const conditions = ['from_at < ?', '(to_at IS NULL OR to_at > ?)'];
    const values: (string | number)[] = [to, from];
    const ask = (condition: string, value: string | number) => {
      conditions.push(condition);
      values.push(value);
    };
    if (unit !== undefined) ask('unit = ?', unit);
    if (link !== undefined) ask('link = ?', link);
    if (after !== undefined) ask('from_at > ?', after);
    if (units) ask('unit IN (SELECT value FROM json_each(?))', JSON.stringify([...units]));
    const rows = this.#database
      .prepare(`SELECT * FROM intervals WHERE ${conditions.join(' AND ')} ORDER BY unit, link, from_at LIMIT ?`)
      .all(...values, limit);
    return (rows as unknown as Row[]).map(fromRow);
  }

  /** Seconds that each line spent in each state within a time, without reading what happened. */
  seconds(from: number, to: number): LinkSeconds[] {
    const rows = this.#database
      .prepare(
        `SELECT unit, link, state, sum(min(coalesce(to_at, ?), ?) - max(from_at, ?)) / 1000.0 AS seconds FROM intervals
         WHERE from_at < ? AND (to_at IS NULL OR to_at > ?) GROUP BY unit, link, state`,
      )
      .all(to, to, from, to, from);
    return rows as unknown as LinkSeconds[];
  }

  /** For what else is kept in the file. */
  get database(): DatabaseSync {
    return this.#database;
  }

  get isOpen(): boolean {
    return this.#database.isOpen;
  }

  /** Closes the file. */
  stop(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #begin(key: LinkKey, { state, cause, carrier, at, evidence }: NewState): void {
    const last = this.last(key);
    const isOpen = last !== undefined && last.to === undefined;
    if (isOpen && isSame(last, { state, cause, carrier })) return;
    const from = Math.max(at, isOpen ? last.from : (last?.to ?? at));
    if (isOpen && from > last.from) {
      this.#database.prepare('UPDATE intervals SET to_at = ? WHERE id = ?').run(from, last.id);
    } else if (isOpen) {
      this.#database.prepare('DELETE FROM intervals WHERE id = ?').run(last.id);
      const before = this.last(key);
      if (before?.to === from && isSame(before, { state, cause, carrier })) {
        this.#database.prepare('UPDATE intervals SET to_at = NULL WHERE id = ?').run(before.id);
        return;
      }
    }
    const text = JSON.stringify(withEvidence([], evidence));
    this.#insert({ ...key, state, cause, carrier, from, to: undefined, revision: undefined }, text);
  }

  #insert(interval: Omit<LinkInterval, 'id' | 'evidence'>, evidence: string): void {
    const { unit, link, carrier, state, cause, from, to, revision } = interval;
    this.#database
      .prepare(
        `INSERT INTO intervals (unit, link, carrier, state, cause, from_at, to_at, evidence, revision)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(unit, link, carrier, state, cause, from, to ?? null, evidence, revision ?? null);
  }
}

type Kind = Pick<LinkInterval, 'state' | 'cause' | 'carrier'>;

function isSame(a: Kind, b: Kind): boolean {
  return a.state === b.state && a.cause === b.cause && a.carrier === b.carrier;
}
