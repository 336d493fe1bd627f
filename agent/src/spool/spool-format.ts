/** The format of the spool's file, and how errors of SQLite are understood. */
import { randomBytes, randomInt } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync, statfsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { checksumOfColumns, type Row, rowChecksum } from './row.ts';

/** Kept in `user_version`. In format 1 the checksum was of the body only. */
const formatVersion = 2;

const pageCacheKib = 256;

const schema = `
  CREATE TABLE IF NOT EXISTS records (
    id INTEGER PRIMARY KEY AUTOINCREMENT, lane INTEGER NOT NULL, first_time INTEGER NOT NULL, last_time INTEGER NOT NULL,
    points INTEGER NOT NULL, clock_offset INTEGER, thinned INTEGER NOT NULL DEFAULT 0, crc INTEGER NOT NULL, body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS records_by_lane ON records (lane, id);
  CREATE TABLE IF NOT EXISTS gaps (
    reason TEXT NOT NULL, lane INTEGER NOT NULL, points INTEGER NOT NULL, first_time INTEGER NOT NULL,
    last_time INTEGER NOT NULL, crc INTEGER NOT NULL, PRIMARY KEY (reason, lane)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
`;

/** Above each id: they begin below 2^40, and one is given every few seconds. */
const idEnd = 2 ** 47;

/** The name of a spool with what shows that it is whole. */
export function sealEpoch(epoch: string): string {
  return epoch + crc32(epoch).toString(16);
}

/** Throws DamagedFile. */
export function unsealEpoch(sealed: unknown): string {
  const epoch = String(sealed).slice(0, 16);
  if (!/^[0-9a-f]{16}$/.test(epoch) || sealed !== sealEpoch(epoch)) throw new DamagedFile(`its epoch is ${sealed}`);
  return epoch;
}

/** Settings of each connection, the function `row_checksum` included. */
export function prepareConnection(database: DatabaseSync): void {
  database.exec(
    `PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
     PRAGMA cache_size = -${pageCacheKib}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_size_limit = 1048576;`,
  );
  database.function(
    'row_checksum',
    // A damaged number may be larger than what JavaScript takes for one.
    { deterministic: true, useBigIntArguments: true },
    (id, lane, first_time, last_time, points, clock_offset, body) =>
      rowChecksum({ id, lane, first_time, last_time, points, clock_offset, body } as unknown as Omit<
        Row,
        'crc' | 'thinned'
      >),
  );
}

/** Makes the tables where there are none, which is true, and takes the file to this format. Throws NewerFormat or DamagedFile. */
export function adoptFormat(database: DatabaseSync, epoch: string = randomBytes(8).toString('hex')): boolean {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > formatVersion) throw new NewerFormat();
  if (version === 0) createFormat(database, epoch);
  // Of the indexes too: what a damaged one leaves out is never sent.
  const verdict = database.prepare('PRAGMA integrity_check(1)').get() as { integrity_check: string };
  if (verdict.integrity_check !== 'ok') throw new DamagedFile(verdict.integrity_check);
  if (version === 1) {
    // SQLite's unsigned CRC of the body, as format 1 kept it, tells which rows are sound.
    database.function('body_checksum', (body) => crc32(String(body)));
    database.function('gap_checksum', { varargs: true }, (...columns) => crc32(columns.join(' ')));
    database.exec(
      `BEGIN; UPDATE records SET crc = ${checksumOfColumns} WHERE crc = body_checksum(body);
       INSERT OR REPLACE INTO meta (key, value) VALUES ('epoch', '${sealEpoch(epoch)}');
       CREATE TEMP TABLE old_gaps AS SELECT reason, lane, points, first_time, last_time FROM gaps;
       DROP TABLE gaps; ${schema}
       INSERT INTO gaps SELECT *, gap_checksum(reason, lane, points, first_time, last_time) FROM old_gaps;
       DROP TABLE old_gaps; PRAGMA user_version = ${formatVersion}; COMMIT;`,
    );
  }
  checkSchema(database);
  return version === 0;
}

/** SQLite believes a changed name of a column, and whatever uses it fails then. */
function checkSchema(database: DatabaseSync): void {
  const expected = new DatabaseSync(':memory:');
  try {
    expected.exec(schema);
    if (schemaOf(database) !== schemaOf(expected)) throw new DamagedFile('its tables are not those of a spool');
  } finally {
    expected.close();
  }
}

/** Without white space, so that its layout in this file may change. */
function schemaOf(database: DatabaseSync): string {
  const rows = database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').all();
  return JSON.stringify(rows.map((row) => Object.values(row).map((value) => String(value).replaceAll(/\s/g, ''))));
}

/** The last id that the file has given. Throws DamagedFile. */
export function lastId(database: DatabaseSync): number {
  const { seq, highest } = database
    .prepare(
      `SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'records') AS seq,
         (SELECT coalesce(max(id), 0) FROM records) AS highest`,
    )
    .get() as { seq: unknown; highest: number };
  // The column has no type, and nothing checks that it is not behind.
  if (typeof seq === 'number' && Number.isInteger(seq) && seq >= highest && seq < idEnd) return seq;
  throw new DamagedFile(`the last id that it has given is ${seq}, its highest ${highest}`);
}

/** Ids begin anywhere: an ack that is under way while a file is replaced must not hit a record of the new one. */
function createFormat(database: DatabaseSync, epoch: string): void {
  database.exec(
    `BEGIN; ${schema}
     INSERT INTO sqlite_sequence (name, seq) VALUES ('records', ${randomInt(2 ** 40)});
     INSERT INTO meta (key, value) VALUES ('epoch', '${sealEpoch(epoch)}');
     PRAGMA user_version = ${formatVersion}; COMMIT;`,
  );
}

/** Another process has the spool open. */
export class SpoolLocked extends Error {
  override name = 'SpoolLocked';
}

export class NewerFormat extends Error {}
export class DamagedFile extends Error {}

/** SQLITE_FULL */
export const sqliteFull = 13;

/** SQLite's primary result code is in the low byte: https://www.sqlite.org/rescode.html */
export function isSqliteError(error: unknown, code: number): boolean {
  const errcode = (error as { errcode?: unknown }).errcode;
  return typeof errcode === 'number' && (errcode & 0xff) === code;
}

/**
 * SQLITE_CORRUPT (11) and SQLITE_NOTADB (26) are damage, and so is on opening what only a file that is not ours answers:
 * SQLITE_ERROR (1), as for a missing table, SQLITE_CONSTRAINT (19), and a number that JavaScript does not take for one.
 * Everything else may pass by itself.
 */
const codesOfDamage = [1, 11, 19, 26];

export function whyUnusable(error: unknown): 'damaged' | 'newer' | undefined {
  if (error instanceof NewerFormat) return 'newer';
  const isTooLarge = (error as { code?: unknown }).code === 'ERR_OUT_OF_RANGE';
  const isSqlDamage = codesOfDamage.some((code) => isSqliteError(error, code));
  return error instanceof DamagedFile || isTooLarge || isSqlDamage ? 'damaged' : undefined;
}

const magic = 'SQLite format 3\0';

/**
 * Throws DamagedFile for a header whose damage SQLite would take for something else: with an unknown format number it
 * only reads, as on a disk that is read-only.
 */
export function checkHeader(file: string): void {
  if (!existsSync(file) || !statSync(file).isFile()) return;
  const header = Buffer.alloc(20);
  const fd = openSync(file, 'r');
  try {
    if (readSync(fd, header, 0, header.length, 0) === 0) return;
  } finally {
    closeSync(fd);
  }
  const formats = [header.readUInt8(18), header.readUInt8(19)];
  if (header.toString('latin1', 0, magic.length) !== magic || formats.some((format) => format < 1 || format > 2)) {
    throw new DamagedFile(`${file} does not begin like a database`);
  }
}

/** Below this the log is kept small: twice of what it grows to. */
const lowDiskBytes = 8 * 1_024 * 1_024;

/** SQLite's log takes up to 4 MB, and with no room left it could not even be played into the file. */
export function keepLogSmall(database: DatabaseSync, file: string): void {
  try {
    const { bavail, bsize } = statfsSync(file);
    if (bavail * bsize < lowDiskBytes) database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // What was to be written is written; the next write shows how the disk is.
  }
}
