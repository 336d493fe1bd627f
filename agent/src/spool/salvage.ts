/**
 * What to do with a spool's file that cannot be used: read out of it what SQLite still reads, into a new one; set the old
 * one aside as `spool.db.damaged`, where one is kept. A file of a newer format is only set aside, never changed.
 */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Tally } from './ledger.ts';
import { type Row, readBody } from './row.ts';
import { adoptFormat, prepareConnection } from './spool-format.ts';

const besides = ['-wal', '-shm', '-journal'];
const walkChunk = 64;

/**
 * Replaces the file by one with what could be salvaged, of the epoch in `tally`; what is missing has to be counted by a
 * look into the ledger. A crash at any moment leaves either the old file or the new one to begin with.
 */
export function replaceFile(file: string, options: { why: 'damaged' | 'newer'; tally: Tally | undefined }): void {
  const fresh = `${file}.new`;
  removeFile(fresh);
  const rows = options.why === 'damaged' ? readable(file, options.tally) : [];
  const database = new DatabaseSync(fresh);
  try {
    prepareConnection(database);
    adoptFormat(database, options.tally?.epoch);
    const insert = database.prepare(
      `INSERT OR IGNORE INTO records (id, lane, first_time, last_time, points, clock_offset, thinned, crc, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    database.exec("BEGIN; INSERT INTO meta (key, value) VALUES ('salvaged', '1')");
    // How far the old file had come is told by its rows.
    if (options.tally) database.exec('UPDATE sqlite_sequence SET seq = 0');
    for (const row of rows) {
      const { id, lane, first_time, last_time, points, clock_offset, thinned, crc, body } = row;
      // The checksum is not of `thinned`.
      insert.run(id, lane, first_time, last_time, points, clock_offset, thinned === 0 ? 0 : 1, crc, body);
    }
    database.exec('COMMIT; PRAGMA journal_mode = DELETE');
  } finally {
    database.close();
  }
  setAside(file);
  renameSync(fresh, file);
}

/** Ends a replacement that a crash has cut short. */
export function finishReplacement(file: string): void {
  const fresh = `${file}.new`;
  if (!existsSync(fresh)) return;
  // The old file is only moved away when the new one is complete.
  if (existsSync(file) || existsSync(`${fresh}-wal`) || existsSync(`${fresh}-journal`)) removeFile(fresh);
  else renameSync(fresh, file);
}

function setAside(file: string): void {
  // The log first: one of the old file beside the new one would be played into it.
  for (const suffix of besides) rmSync(file + suffix, { force: true });
  renameSync(file, `${file}.damaged`);
}

function removeFile(file: string): void {
  for (const suffix of ['', ...besides]) rmSync(file + suffix, { force: true });
}

/** The rows that can be read and are as they were written. */
function* readable(file: string, tally: Tally | undefined): Generator<Row> {
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(file, { timeout: 1_000, defensive: false });
  } catch {
    return;
  }
  try {
    for (const id of candidates(database, tally)) {
      const values = tried(() => database.prepare('SELECT * FROM records WHERE rowid = ?').get(id));
      const row = values && rowOf(Object.values(values));
      if (row && readBody(row)) yield row;
    }
  } finally {
    tried(() => database.close());
  }
}

/** By the places of the columns: their names are in the file, and may be damaged. */
function rowOf(values: readonly unknown[]): Row {
  const [id, lane, first_time, last_time, points, clock_offset, thinned, crc, body] = values;
  return { id, lane, first_time, last_time, points, clock_offset, thinned, crc, body } as Row;
}

/** What the ledger knows of, and what a walk from both ends meets before the damage. */
function candidates(database: DatabaseSync, tally: Tally | undefined): Set<number> {
  const ids = new Set(tally?.owed.keys());
  // Not defensive, and with this, SQLite also reads a file that is shorter than its header says.
  tried(() => database.exec('PRAGMA writable_schema = ON'));
  tried(() => prepareConnection(database));
  for (const [compare, order, start] of [
    ['>', 'ASC', -1],
    ['<', 'DESC', 2 ** 52],
  ] as const) {
    tried(() => {
      const walk = database.prepare(
        `SELECT rowid AS id FROM records WHERE rowid ${compare} ? ORDER BY rowid ${order} LIMIT ${walkChunk}`,
      );
      let from: number = start;
      for (;;) {
        const chunk = walk.all(from) as { id: number }[];
        const next = chunk.at(-1)?.id;
        // On damaged pages the order is not to be relied on, and a walk must end.
        if (next === undefined || (order === 'ASC' ? next <= from : next >= from)) return;
        for (const { id } of chunk) ids.add(id);
        from = next;
      }
    });
  }
  return ids;
}

function tried<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
