/**
 * Who did what: `audit.db`, append-only, each entry chained to the one before by SHA-256.
 *
 * Specification: any process appends, under SQLite's write lock, synced before `append` returns. Triggers refuse UPDATE,
 * DELETE and an INSERT that is not the next number. The first entry is chained to the log's random id. After each
 * commit `audit.head` is replaced by the last number and hash; `verify` compares it, so that entries cut off at the end
 * and a log put in another's place are noticed, and the next `append` records such a finding as an entry of its own.
 * Non-goal: whoever may write both files can write a new history; against that, keep the hash that `verify` prints, or
 * an export, on another machine.
 */
import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { type AuditEntry, type AuditEvent, anchorOf, chainEntry, hashEntry } from './audit-entry.ts';
import { readAuditHead, writeAuditHead } from './audit-head.ts';
import { type DatabaseFile, openDatabaseFile, transaction } from './database.ts';

const formats = [
  `CREATE TABLE log (id TEXT NOT NULL) STRICT;
   CREATE TABLE entries (
     seq INTEGER PRIMARY KEY, time INTEGER NOT NULL, actor TEXT NOT NULL, source TEXT NOT NULL, action TEXT NOT NULL,
     subject TEXT, before TEXT, after TEXT, hash TEXT NOT NULL
   ) STRICT;
   CREATE TRIGGER entries_stay BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
   CREATE TRIGGER entries_keep BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
   CREATE TRIGGER entries_follow BEFORE INSERT ON entries
     WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entries)
     BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
   CREATE TRIGGER log_stays BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
   CREATE TRIGGER log_keeps BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;`,
];

export const auditFile: DatabaseFile = { name: 'audit.db', formats };

const pageSize = 1_000;

/** Written by the log about itself when it finds that entries are gone. */
export const damagedAction = 'audit.damaged';

export interface AuditListQuery {
  /** Only entries before this number. */
  readonly before?: number | undefined;
  /** Only entries at or after this time. */
  readonly since?: number | undefined;
  /** Only entries before this time. */
  readonly until?: number | undefined;
  /** Only of this actor, in whatever case. */
  readonly actor?: string | undefined;
  /** Only this action, or all of a thing: `unit` stands for `unit.add` and the others. */
  readonly action?: string | undefined;
  readonly limit: number;
}

export interface AuditVerdict {
  readonly entries: number;
  /** Number and hash of the last entry, to be compared later or elsewhere. */
  readonly head: { readonly seq: number; readonly hash: string };
  /** The first thing that is wrong; `seq` is the entry that shows it. */
  readonly problem: { readonly seq: number; readonly detail: string } | undefined;
  /** Entries in which the log recorded earlier damage to itself. */
  readonly damageRecorded: readonly number[];
}

type Place = Pick<AuditEntry, 'seq' | 'hash'>;

export class AuditLog {
  readonly #folder: string;
  readonly #database: DatabaseSync;
  readonly #id: string;

  /** Opens the log in the data folder, creating it. Throws DataFolderError. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#database = openDatabaseFile(folder, auditFile);
    this.#id = transaction(this.#database, () => this.#takeId());
  }

  /** Appends and syncs. Throws when the disk does not take it. */
  append(event: AuditEvent): AuditEntry {
    const entry = transaction(this.#database, () => {
      const damage = this.#findLoss();
      if (damage !== undefined) {
        const after = { detail: damage };
        this.#insert({ at: event.at, actor: 'vonggac', source: 'audit log', action: damagedAction, after });
      }
      return this.#insert(event);
    });
    // In a transaction of its own, after the commit: the file must never know of an entry that a crash undid.
    transaction(this.#database, () => writeAuditHead(this.#folder, { log: this.#id, ...this.#last() }));
    return entry;
  }

  /** Newest first. */
  list({ before, since, until, actor, action, limit }: AuditListQuery): AuditEntry[] {
    return this.#database
      .prepare(
        `SELECT * FROM entries WHERE seq < ?1 AND time >= ?2 AND time < ?3
           AND (?4 IS NULL OR lower(actor) = lower(?4))
           AND (?5 IS NULL OR action = ?5 OR substr(action, 1, length(?5) + 1) = ?5 || '.')
         ORDER BY seq DESC LIMIT ?6`,
      )
      .all(
        before ?? Number.MAX_SAFE_INTEGER,
        since ?? 0,
        until ?? Number.MAX_SAFE_INTEGER,
        actor ?? null,
        action ?? null,
        limit,
      ) as unknown as AuditEntry[];
  }

  /** Oldest first, one at a time. */
  *entries(): Generator<AuditEntry> {
    for (const page of this.#pages()) yield* page;
  }

  /** Walks the whole chain. */
  verify(): AuditVerdict {
    const walk = this.#walk();
    for (;;) {
      const step = walk.next();
      if (step.done) return step.value;
    }
  }

  /** The same, but lets others have their turn between the pages of a long log. */
  async verifyInTurns(): Promise<AuditVerdict> {
    const walk = this.#walk();
    for (;;) {
      const step = walk.next();
      if (step.done) return step.value;
      await setImmediate();
    }
  }

  *#walk(): Generator<undefined, AuditVerdict> {
    let last: Place = { seq: 0, hash: anchorOf(this.#id) };
    let entries = 0;
    const damageRecorded: number[] = [];
    const verdict = (problem: AuditVerdict['problem']) => ({ entries, head: last, problem, damageRecorded });
    for (const page of this.#pages()) {
      for (const entry of page) {
        if (entry.seq !== last.seq + 1) {
          return verdict({ seq: last.seq + 1, detail: `entry ${last.seq + 1} is missing` });
        }
        if (hashEntry(last.hash, entry) !== entry.hash) {
          return verdict({ seq: entry.seq, detail: `entry ${entry.seq} is not what was written` });
        }
        if (entry.action === damagedAction) damageRecorded.push(entry.seq);
        last = { seq: entry.seq, hash: entry.hash };
        entries += 1;
      }
      yield;
    }
    const loss = this.#findLoss();
    return verdict(loss === undefined ? undefined : { seq: last.seq + 1, detail: loss });
  }

  /** Oldest first. No statement stays open between two pages, so that entries can be appended meanwhile. */
  *#pages(): Generator<AuditEntry[]> {
    const next = this.#database.prepare('SELECT * FROM entries WHERE seq > ? ORDER BY seq LIMIT ?');
    for (let seq = Number.MIN_SAFE_INTEGER; ; ) {
      const page = next.all(seq, pageSize) as unknown as AuditEntry[];
      if (page.length === 0) return;
      yield page;
      seq = page.at(-1)?.seq ?? seq;
    }
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #takeId(): string {
    const row = this.#database.prepare('SELECT id FROM log').get() as { id: string } | undefined;
    if (row) return row.id;
    const id = randomBytes(16).toString('hex');
    this.#database.prepare('INSERT INTO log (id) VALUES (?)').run(id);
    return id;
  }

  #last(): Place {
    const row = this.#database.prepare('SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1').get();
    return row ? (row as unknown as Place) : { seq: 0, hash: anchorOf(this.#id) };
  }

  #insert(event: AuditEvent): AuditEntry {
    const entry = chainEntry(event, this.#last());
    const { seq, time, actor, source, action, subject, before, after, hash } = entry;
    this.#database
      .prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(seq, time, actor, source, action, subject, before, after, hash);
    return entry;
  }

  /** What the head file knows and the log no longer does. */
  #findLoss(): string | undefined {
    // The file first: what another process appends meanwhile is then in the log, not beyond it.
    const head = readAuditHead(this.#folder);
    const last = this.#last();
    if (!head) return last.seq === 0 ? undefined : 'audit.head is missing or unreadable: the end may have been cut off';
    if (head.log !== this.#id) return `audit.db was replaced: the log before it had ${head.seq} entries`;
    if (head.seq > last.seq) return `entries ${last.seq + 1} to ${head.seq} were cut off`;
    const row = this.#database.prepare('SELECT hash FROM entries WHERE seq = ?').get(head.seq);
    const isSame = head.seq === 0 || (row as { hash: string } | undefined)?.hash === head.hash;
    return isSame ? undefined : `entry ${head.seq} is not the one that audit.head names`;
  }
}
