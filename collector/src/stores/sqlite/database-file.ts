/** Opening `series.db`: its format, what is created or added at the start, and what becomes of a damaged file. */
import { existsSync, renameSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type TableSpec, tablesOf } from './tables.ts';

/** Raised when older versions could not read, or would spoil, what this one writes. */
export const formatVersion = 1;
/** Marks the file as ours: "VGsr" in ASCII. */
const applicationId = 0x56477372;

/** A file that cannot be used until a person acts; the message says what to do. */
export class DatabaseFileError extends Error {
  override name = 'DatabaseFileError';
}

export type Trouble = 'damaged' | 'full' | 'other';

/** What an error of SQLite means for the file. Codes: https://sqlite.org/rescode.html */
export function troubleOf(error: unknown): Trouble {
  const code = (error as { errcode?: unknown }).errcode;
  if (typeof code !== 'number') return 'other';
  const primary = code & 0xff;
  if (primary === 11 || primary === 26) return 'damaged';
  return primary === 13 ? 'full' : 'other';
}

function readNumber(database: DatabaseSync, sql: string): number {
  return Object.values(database.prepare(sql).get() ?? {})[0] as number;
}

function createTables(database: DatabaseSync, specs: readonly TableSpec[]): void {
  database.exec(`
    PRAGMA application_id = ${applicationId};
    PRAGMA user_version = ${formatVersion};
    CREATE TABLE IF NOT EXISTS series (
      id INTEGER PRIMARY KEY AUTOINCREMENT, measurement TEXT NOT NULL, tags TEXT NOT NULL, seen INTEGER NOT NULL,
      UNIQUE (measurement, tags)
    ) STRICT;`);
  for (const table of specs.flatMap(tablesOf)) {
    const present = database.prepare('SELECT name FROM pragma_table_info(?)').all(table.name);
    if (present.length === 0) database.exec(table.create);
    else {
      const names = new Set(present.map((row) => row.name));
      for (const column of table.columns) {
        if (names.has(column.name)) continue;
        database.exec(`ALTER TABLE ${table.name} ADD COLUMN "${column.name}" ${column.type}`);
      }
    }
  }
}

/** Throws DatabaseFileError for a file that is not ours or too new, before anything is written to it. */
function checkFormat(database: DatabaseSync, file: string): void {
  const isEmpty = readNumber(database, 'SELECT count(*) FROM sqlite_schema') === 0;
  if (!isEmpty && readNumber(database, 'PRAGMA application_id') !== applicationId) {
    throw new DatabaseFileError(`${file} was not made by Vọng Gác: move it away or choose another data folder`);
  }
  const version = readNumber(database, 'PRAGMA user_version');
  if (version > formatVersion) {
    throw new DatabaseFileError(
      `${file} was made by a newer version of Vọng Gác (format ${version}, this one knows ${formatVersion}): ` +
        'install the newer version or choose another data folder',
    );
  }
}

/**
 * Opens the file for writing and brings its tables up to the catalogue. `maxBytes` bounds its size.
 * Throws DatabaseFileError, or SQLite's error.
 */
export function openForWriting(
  file: string,
  options: { specs: readonly TableSpec[]; maxBytes: number | undefined },
): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  try {
    checkFormat(database, file);
    // The journal is cut back after a long query has let it grow.
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA cache_size = -65536;
      PRAGMA temp_store = MEMORY;
      PRAGMA journal_size_limit = 67108864;`);
    if (options.maxBytes !== undefined) {
      const pageSize = readNumber(database, 'PRAGMA page_size');
      database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(options.maxBytes / pageSize))}`);
    }
    inTransaction(database, () => createTables(database, options.specs));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Runs `work` in one transaction; rolls back and rethrows when it throws. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
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

/** Renames a damaged file together with its journal, and returns the new name. Nobody may have it open. */
export function setAside(file: string, now: number): string {
  const stamp = new Date(now).toISOString().replaceAll(':', '-');
  let target = `${file}.damaged-${stamp}`;
  for (let copy = 2; existsSync(target); copy += 1) target = `${file}.damaged-${stamp}-${copy}`;
  // The journal first: left alone, it would be replayed into the file that takes this one's place.
  for (const suffix of ['-wal', '-shm', '']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, target + suffix);
  }
  return target;
}
