/**
 * What was told to whom: `notifications.db`.
 *
 * Specification: `told` says what each channel has heard of an incident, `messages` holds what is to be sent and what
 * became of it. Both change in one transaction, synced: after a crash nothing is told twice that was sent, but for the
 * message that was under way, and nothing is forgotten. Waiting messages of a channel are bounded; the oldest give way.
 */
import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Severity } from '../incidents/incident.ts';
import { type DatabaseFile, openDatabaseFile, transaction } from '../registry/database.ts';
import type { Content } from './content.ts';
import type { MessageEvent } from './events.ts';

const formats = [
  `CREATE TABLE told (
     channel TEXT NOT NULL, incident INTEGER NOT NULL, severity TEXT NOT NULL, level INTEGER NOT NULL,
     count INTEGER NOT NULL, at INTEGER NOT NULL, thread TEXT NOT NULL, resolved_at INTEGER,
     PRIMARY KEY (channel, incident)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE messages (
     id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE, channel TEXT NOT NULL, event TEXT NOT NULL,
     created_at INTEGER NOT NULL, incidents TEXT NOT NULL, thread TEXT, content TEXT NOT NULL, state TEXT NOT NULL,
     attempts INTEGER NOT NULL, next_at INTEGER NOT NULL, done_at INTEGER, detail TEXT
   ) STRICT;
   CREATE INDEX messages_waiting ON messages(channel, id) WHERE state = 'waiting';
   CREATE INDEX messages_recent ON messages(channel, created_at);`,
];

export const notificationsFile: DatabaseFile = { name: 'notifications.db', formats };

const keptMs = 30 * 86_400_000;
const maxKept = 5_000;
const maxWaiting = 1_000;

/** What a channel has heard of an incident. */
export interface Told {
  readonly incident: number;
  readonly severity: Severity;
  readonly level: number;
  readonly count: number;
  readonly at: number;
  /** The message that began its thread. */
  readonly thread: string;
}

export const messageStates = ['waiting', 'sent', 'failed', 'dropped'] as const;
export type MessageState = (typeof messageStates)[number];

export interface Message {
  readonly id: number;
  /** Never used again, here or elsewhere: receivers know by it what they have. */
  readonly uid: string;
  readonly channel: string;
  readonly event: MessageEvent;
  readonly createdAt: number;
  readonly incidents: readonly number[];
  /** The message that it follows up. */
  readonly thread: string | undefined;
  readonly content: Content;
  readonly state: MessageState;
  readonly attempts: number;
  readonly nextAt: number;
  readonly doneAt: number | undefined;
  /** What the receiver said. */
  readonly detail: string | undefined;
}

/** A message that is not written down yet, with what its channel has heard then. */
export interface Draft extends Pick<Message, 'channel' | 'event' | 'thread' | 'content'> {
  readonly told: readonly (Omit<Told, 'at' | 'thread'> & { readonly isResolved: boolean })[];
}

interface Row {
  id: number;
  uid: string;
  channel: string;
  event: MessageEvent;
  created_at: number;
  incidents: string;
  thread: string | null;
  content: string;
  state: MessageState;
  attempts: number;
  next_at: number;
  done_at: number | null;
  detail: string | null;
}

function fromRow(row: Row): Message {
  return {
    id: row.id,
    uid: row.uid,
    channel: row.channel,
    event: row.event,
    createdAt: row.created_at,
    incidents: JSON.parse(row.incidents) as number[],
    thread: row.thread ?? undefined,
    content: JSON.parse(row.content) as Content,
    state: row.state,
    attempts: row.attempts,
    nextAt: row.next_at,
    doneAt: row.done_at ?? undefined,
    detail: row.detail ?? undefined,
  };
}

export class Notifications {
  readonly #database: DatabaseSync;

  /** Opens the file in the data folder, creating it. Throws DataFolderError. */
  constructor(folder: string) {
    this.#database = openDatabaseFile(folder, notificationsFile);
  }

  /** What a channel has heard, without what is over for it. */
  toldTo(channel: string): ReadonlyMap<number, Told> {
    const rows = this.#database
      .prepare(
        'SELECT incident, severity, level, count, at, thread FROM told WHERE channel = ? AND resolved_at IS NULL',
      )
      .all(channel) as unknown as Told[];
    return new Map(rows.map((row) => [row.incident, row]));
  }

  /** Writes messages down, and what their channels have heard by them. Answers how many older ones had to give way. */
  add(drafts: readonly Draft[], at: number): number {
    return transaction(this.#database, () => drafts.reduce((dropped, draft) => dropped + this.#add(draft, at), 0));
  }

  #add({ channel, event, thread, content, told }: Draft, at: number): number {
    const uid = randomUUID();
    this.#database
      .prepare(
        `INSERT INTO messages (uid, channel, event, created_at, incidents, thread, content, state, attempts, next_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', 0, ?)`,
      )
      .run(
        uid,
        channel,
        event,
        at,
        JSON.stringify(told.map(({ incident }) => incident)),
        thread ?? null,
        JSON.stringify(content),
        at,
      );
    const hear = this.#database.prepare(
      `INSERT INTO told (channel, incident, severity, level, count, at, thread, resolved_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (channel, incident) DO UPDATE SET severity = excluded.severity, level = excluded.level,
         count = excluded.count, at = excluded.at, resolved_at = excluded.resolved_at`,
    );
    for (const { incident, severity, level, count, isResolved } of told) {
      hear.run(channel, incident, severity, level, count, at, thread ?? uid, isResolved ? at : null);
    }
    const dropped = this.#database
      .prepare(
        `UPDATE messages SET state = 'dropped', done_at = ?, detail = 'too many were waiting' WHERE id IN
           (SELECT id FROM messages WHERE channel = ? AND state = 'waiting' ORDER BY id DESC LIMIT -1 OFFSET ?)`,
      )
      .run(at, channel, maxWaiting);
    return Number(dropped.changes);
  }

  /** The incident is gone: nothing more is to be told of it. */
  forget(channel: string, incident: number, at: number): void {
    this.#database
      .prepare('UPDATE told SET resolved_at = ? WHERE channel = ? AND incident = ?')
      .run(at, channel, incident);
  }

  /** The oldest that waits: a channel sends one after the other, so that what follows up comes later. */
  nextOf(channel: string): Message | undefined {
    const row = this.#database
      .prepare("SELECT * FROM messages WHERE channel = ? AND state = 'waiting' ORDER BY id LIMIT 1")
      .get(channel) as Row | undefined;
    return row && fromRow(row);
  }

  /** It was tried: it waits for another try, or is done. */
  tried(
    { id, attempts }: Pick<Message, 'id' | 'attempts'>,
    { state, at, nextAt, detail }: { state: MessageState; at: number; nextAt: number; detail: string },
  ): void {
    this.#database
      .prepare('UPDATE messages SET state = ?, attempts = ?, next_at = ?, done_at = ?, detail = ? WHERE id = ?')
      .run(state, attempts + 1, nextAt, state === 'waiting' ? null : at, detail, id);
  }

  /** Those of channels that are not there any more. Answers how many. */
  dropOthers(channels: readonly string[], at: number): number {
    const result = this.#database
      .prepare(
        `UPDATE messages SET state = 'dropped', done_at = ?, detail = 'there is no such channel any more'
         WHERE state = 'waiting' AND channel NOT IN (SELECT value FROM json_each(?))`,
      )
      .run(at, JSON.stringify(channels));
    return Number(result.changes);
  }

  /** How many a channel was given since. */
  countSince(channel: string, since: number): number {
    const row = this.#database
      .prepare('SELECT count(*) AS n FROM messages WHERE channel = ? AND created_at > ?')
      .get(channel, since) as { n: number };
    return row.n;
  }

  /** Of what is kept, by state. */
  counts(channel: string): Readonly<Record<MessageState, number>> {
    const rows = this.#database
      .prepare('SELECT state, count(*) AS n FROM messages WHERE channel = ? GROUP BY state')
      .all(channel) as unknown as { state: MessageState; n: number }[];
    return {
      waiting: 0,
      sent: 0,
      failed: 0,
      dropped: 0,
      ...Object.fromEntries(rows.map(({ state, n }) => [state, n])),
    };
  }

  /** Newest first. */
  list(query: { readonly before?: number | undefined; readonly limit: number }): Message[] {
    const rows = this.#database
      .prepare('SELECT * FROM messages WHERE id < ? ORDER BY id DESC LIMIT ?')
      .all(query.before ?? Number.MAX_SAFE_INTEGER, query.limit);
    return (rows as unknown as Row[]).map(fromRow);
  }

  /** What is done and old. */
  forgetOld(now: number): void {
    transaction(this.#database, () => {
      this.#database
        .prepare(
          `DELETE FROM messages WHERE state <> 'waiting' AND (done_at < ? OR id IN
             (SELECT id FROM messages WHERE state <> 'waiting' ORDER BY id DESC LIMIT -1 OFFSET ?))`,
        )
        .run(now - keptMs, maxKept);
      this.#database.prepare('DELETE FROM told WHERE resolved_at < ?').run(now - keptMs);
    });
  }

  /** Closes the file. */
  stop(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}
