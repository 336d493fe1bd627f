/** The format of the spool's file, and what is done with a file that is not of it. */
import { randomInt } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

/** Kept in `user_version`. */
export const formatVersion = 1;

const schema = `
  CREATE TABLE IF NOT EXISTS records (
    id INTEGER PRIMARY KEY AUTOINCREMENT, lane INTEGER NOT NULL, first_time INTEGER NOT NULL, last_time INTEGER NOT NULL,
    points INTEGER NOT NULL, clock_offset INTEGER, thinned INTEGER NOT NULL DEFAULT 0, crc INTEGER NOT NULL, body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS records_by_lane ON records (lane, id);
  CREATE TABLE IF NOT EXISTS gaps (
    reason TEXT NOT NULL, lane INTEGER NOT NULL, points INTEGER NOT NULL, first_time INTEGER NOT NULL,
    last_time INTEGER NOT NULL, PRIMARY KEY (reason, lane)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
`;

/**
 * Makes the tables. Ids begin anywhere: an ack that is under way while a damaged file is replaced must not hit a record
 * of the new one.
 */
export function createFormat(database: DatabaseSync): void {
  const firstId = randomInt(2 ** 40);
  database.exec(
    `BEGIN; ${schema}; INSERT INTO sqlite_sequence (name, seq) VALUES ('records', ${firstId});
     PRAGMA user_version = ${formatVersion}; COMMIT;`,
  );
}

/** Another process has the spool open. */
export class SpoolLocked extends Error {
  override name = 'SpoolLocked';
}

export class NewerFormat extends Error {}
export class DamagedFile extends Error {}

/** SQLite's primary result code is in the low byte: https://www.sqlite.org/rescode.html */
export function isSqliteError(error: unknown, code: number): boolean {
  const errcode = (error as { errcode?: unknown }).errcode;
  return typeof errcode === 'number' && (errcode & 0xff) === code;
}

/** SQLITE_CORRUPT (11) and SQLITE_NOTADB (26) are damage; everything else may pass by itself. */
export function whyUnusable(error: unknown): 'damaged' | 'newer' | undefined {
  if (error instanceof NewerFormat) return 'newer';
  return error instanceof DamagedFile || isSqliteError(error, 11) || isSqliteError(error, 26) ? 'damaged' : undefined;
}

/** Keeps the file that cannot be used, in the place of one that was kept before, and makes room for a new one. */
export function setAside(file: string): void {
  renameSync(file, `${file}.damaged`);
  for (const suffix of ['-wal', '-shm']) {
    if (existsSync(file + suffix)) rmSync(file + suffix);
  }
}
