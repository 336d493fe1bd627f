/**
 * The collector's own records: units, agents, enrolment codes, programs' tokens. One SQLite file, `collector.db`.
 *
 * Specification: only this process and short-lived `vonggac` commands write to it, each change in one transaction,
 * synced before it is answered. The file carries its format in `user_version`; an older file is migrated forward at
 * opening, a newer one is refused. A running collector notices their changes by `PRAGMA data_version`.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** One entry per format version, in order; never change one that was released. */
const migrations: readonly string[] = [
  `CREATE TABLE units (
     code TEXT PRIMARY KEY, name TEXT NOT NULL, parent TEXT REFERENCES units(code), created_at INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE agents (
     id TEXT PRIMARY KEY, hostname TEXT NOT NULL, unit TEXT NOT NULL REFERENCES units(code), class TEXT NOT NULL,
     public_key TEXT NOT NULL UNIQUE, platform TEXT NOT NULL, version TEXT NOT NULL, code_id TEXT,
     enrolled_at INTEGER NOT NULL, last_seen INTEGER, revoked_at INTEGER
   ) STRICT;
   CREATE INDEX agents_by_unit ON agents(unit, id);
   CREATE TABLE codes (
     id TEXT PRIMARY KEY, lookup TEXT NOT NULL UNIQUE, secret_key TEXT NOT NULL, unit TEXT NOT NULL REFERENCES units(code),
     class TEXT NOT NULL, uses_left INTEGER NOT NULL, uses INTEGER NOT NULL, created_at INTEGER NOT NULL,
     expires_at INTEGER NOT NULL, revoked_at INTEGER
   ) STRICT;
   CREATE TABLE tokens (
     id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL,
     expires_at INTEGER, revoked_at INTEGER, last_used_at INTEGER
   ) STRICT;
   CREATE TABLE browser_sessions (
     hash TEXT PRIMARY KEY, role TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE sign_in_links (
     hash TEXT PRIMARY KEY, role TEXT NOT NULL, expires_at INTEGER NOT NULL, used_at INTEGER
   ) STRICT;`,
  // Units get attributes and a history. A unit of format 1 begins on the day it was made (in Vietnam: UTC+7), or earlier
  // with the earliest unit below it, so that a parent is always there before its children.
  `CREATE TABLE unit_versions (
     code TEXT NOT NULL REFERENCES units(code), valid_from INTEGER NOT NULL, valid_to INTEGER,
     name TEXT NOT NULL, parent TEXT REFERENCES units(code), kind TEXT, contact_name TEXT, contact_phone TEXT,
     location TEXT, security_level INTEGER, declared_servers INTEGER, declared_gateways INTEGER, declared_pcs INTEGER,
     links TEXT, calendar TEXT, note TEXT,
     PRIMARY KEY (code, valid_from), CHECK (valid_to > valid_from)
   ) STRICT;
   CREATE UNIQUE INDEX unit_versions_now ON unit_versions(code) WHERE valid_to IS NULL;
   WITH RECURSIVE above(code, ancestor) AS (
     SELECT code, code FROM units
     UNION SELECT above.code, units.parent FROM above JOIN units ON units.code = above.ancestor
     WHERE units.parent IS NOT NULL
   ), begun(code, at) AS (
     SELECT above.ancestor, min(units.created_at) FROM above JOIN units ON units.code = above.code GROUP BY above.ancestor
   )
   INSERT INTO unit_versions (code, valid_from, name, parent)
     SELECT units.code, begun.at - (begun.at + 25200000) % 86400000, units.name, units.parent
     FROM units JOIN begun ON begun.code = units.code;
   ALTER TABLE units DROP COLUMN name;
   ALTER TABLE units DROP COLUMN parent;
   ALTER TABLE units ADD COLUMN successor TEXT REFERENCES units(code);`,
  // Codes may want a person's word for each machine, and every use of one is kept. Agents' keys get an age and a
  // predecessor, machines get hints of their hardware and
  // their own addresses. Sessions of browsers moved to people.db. Tokens may be limited to a unit.
  `DROP TABLE IF EXISTS browser_sessions;
   ALTER TABLE codes ADD COLUMN approve INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE codes ADD COLUMN created_by TEXT;
   CREATE TABLE pending_enrolments (
     id TEXT PRIMARY KEY, code_id TEXT NOT NULL REFERENCES codes(id), public_key TEXT NOT NULL UNIQUE,
     hostname TEXT NOT NULL, platform TEXT NOT NULL, system TEXT, version TEXT NOT NULL, address TEXT NOT NULL,
     addresses TEXT NOT NULL, asked_at INTEGER NOT NULL, last_asked_at INTEGER NOT NULL,
     decision TEXT, decided_at INTEGER, decided_by TEXT, agent TEXT REFERENCES agents(id)
   ) STRICT;
   CREATE INDEX pending_enrolments_by_decision ON pending_enrolments(decision, asked_at);
   CREATE TABLE code_uses (
     id INTEGER PRIMARY KEY, code_id TEXT NOT NULL REFERENCES codes(id), at INTEGER NOT NULL, outcome TEXT NOT NULL,
     address TEXT NOT NULL, hostname TEXT NOT NULL, agent TEXT
   ) STRICT;
   CREATE INDEX code_uses_by_code ON code_uses(code_id, at);
   ALTER TABLE agents ADD COLUMN key_since INTEGER;
   UPDATE agents SET key_since = enrolled_at;
   ALTER TABLE agents ADD COLUMN previous_public_key TEXT;
   ALTER TABLE agents ADD COLUMN rotate_key_asked_at INTEGER;
   ALTER TABLE agents ADD COLUMN hardware TEXT;
   ALTER TABLE agents ADD COLUMN addresses TEXT;
   ALTER TABLE tokens ADD COLUMN unit TEXT;`,
  'ALTER TABLE agents ADD COLUMN way TEXT;',
];

/** The folder in which a restore keeps what it has verified, until all of it is in its place. */
export const halfRestored = 'restore-ready';

/** A data folder that cannot be used; the message says why and what to do. */
export class DataFolderError extends Error {
  override name = 'DataFolderError';
}

/** Creates the folder for the collector's data, readable by its owner only. Throws DataFolderError. */
export function prepareDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new DataFolderError(
      `cannot create the data folder ${folder} (${(cause as Error).message}): choose another with --data or make it writable`,
      { cause },
    );
  }
}

/** A SQLite file of the collector and the SQL of each of its format versions, in order; one that was released never changes. */
export interface DatabaseFile {
  readonly name: string;
  readonly formats: readonly string[];
}

export const registryFile: DatabaseFile = { name: 'collector.db', formats: migrations };

/** Opens `collector.db` in `folder`, creating or migrating it. Throws DataFolderError. */
export function openRegistry(folder: string): DatabaseSync {
  return openDatabaseFile(folder, registryFile);
}

/** Opens the file in `folder`, creating it or bringing it to the newest format. Throws DataFolderError. */
export function openDatabaseFile(folder: string, { name, formats }: DatabaseFile): DatabaseSync {
  prepareDataFolder(folder);
  // To go on would be to begin anew, with another authority and no machines.
  if (existsSync(join(folder, halfRestored))) {
    throw new DataFolderError(`a restore into ${folder} was interrupted: run "vonggac restore FILE --force" again`);
  }
  const file = join(folder, name);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { enableForeignKeyConstraints: true, timeout: 5_000 });
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    migrate(database, { file, formats });
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof DataFolderError) throw cause;
    throw new DataFolderError(
      `cannot open ${file} (${(cause as Error).message}): check that the folder is writable and the file is not damaged`,
      { cause },
    );
  }
}

function migrate(database: DatabaseSync, { file, formats }: { file: string; formats: readonly string[] }): void {
  const found = formatOf(database);
  if (found > formats.length) {
    throw new DataFolderError(
      `${file} was made by a newer version of Vọng Gác (format ${found}, this one knows ${formats.length}): ` +
        'install the newer version or choose another folder with --data',
    );
  }
  if (found === formats.length) return;
  // Several commands may find the file old at once: whoever gets the lock second finds it done.
  transaction(database, () => {
    for (const sql of formats.slice(formatOf(database))) database.exec(sql);
    database.exec(`PRAGMA user_version = ${formats.length}`);
  });
}

function formatOf(database: DatabaseSync): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

/** Runs `work` in one write transaction, the present one if there is one; rolls back and rethrows when it throws. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  if (database.isTransaction) return work();
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
