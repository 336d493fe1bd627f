/**
 * The spool's file: one SQLite database, `spool.db`, in WAL mode with `synchronous=FULL`.
 *
 * - Only one process opens it at a time (`locking_mode=EXCLUSIVE`); a second one gets SpoolLocked.
 * - `append` returns after the record is synced. `remove` takes effect with the next append or close: a crash before
 *   that brings acknowledged records back, and sending them twice is harmless.
 * - Every record carries a CRC-32; one that fails it is removed and counted, the others live on.
 * - Whatever is given up is counted in the table `gaps` in the same transaction, by reason and lane, until `settleGaps`
 *   turns the counts into an event record; so a crash loses neither data nor count.
 * - A file that SQLite cannot read is set aside as `spool.db.damaged` (one is kept) and a new one with a new epoch is
 *   begun. A file of a newer format is set aside the same way, never changed.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { decodeRecord, type EncodedRecord, type Lane, type SpoolRecord } from './record.ts';
import {
  createFormat,
  DamagedFile,
  formatVersion,
  isSqliteError,
  NewerFormat,
  SpoolLocked,
  setAside,
  whyUnusable,
} from './spool-format.ts';

const pageCacheKib = 256;

const laneNumbers: Readonly<Record<Lane, number>> = { events: 0, metrics: 1 };
/** What a row costs besides its body, roughly. */
const rowOverheadBytes = 64;

export type LossReason = 'thinned' | 'overflow' | 'expired' | 'damaged' | 'memory_overflow' | 'unsendable';

/** What was given up, and of which times (milliseconds since 1970). */
export interface Loss {
  readonly reason: LossReason;
  readonly lane: Lane;
  /** -1 when they could not be counted. */
  readonly points: number;
  readonly from: number;
  readonly to: number;
}

interface Row {
  id: number;
  lane: number;
  first_time: number;
  last_time: number;
  points: number;
  clock_offset: number | null;
  crc: number;
  body: string;
}

export class SpoolFile {
  readonly epoch: string;
  /** Whether the file that was there could not be used. */
  readonly replaced: 'damaged' | 'newer' | undefined;
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #find: StatementSync;
  readonly #delete: StatementSync;
  #removed: number[] = [];
  #records = 0;
  #bytes = 0;
  #hasGaps = false;
  /** The last record that was there when the file was opened. */
  #lastBefore = 0;

  /** Opens or makes the file in `folder`. Throws SpoolLocked, or the error of the disk. */
  static open(folder: string): SpoolFile {
    const file = join(folder, 'spool.db');
    try {
      return new SpoolFile(file, undefined);
    } catch (error) {
      const reason = whyUnusable(error);
      if (reason === undefined) throw error;
      setAside(file);
      return new SpoolFile(file, reason);
    }
  }

  private constructor(file: string, replaced: 'damaged' | 'newer' | undefined) {
    this.replaced = replaced;
    this.#database = new DatabaseSync(file, { timeout: 1_000 });
    try {
      this.#database.exec(
        `PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         PRAGMA cache_size = -${pageCacheKib}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_size_limit = 1048576;`,
      );
      this.#checkFormat();
      this.epoch = this.#readEpoch();
      this.#insert = this.#database.prepare(
        `INSERT INTO records (lane, first_time, last_time, points, clock_offset, crc, body) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      );
      this.#find = this.#database.prepare('SELECT id FROM records WHERE id IN (SELECT value FROM json_each(?))');
      this.#delete = this.#database.prepare('DELETE FROM records WHERE id = ? RETURNING length(body) AS bytes');
      this.#measure();
    } catch (error) {
      this.#database.close();
      if (isSqliteError(error, 5)) throw new SpoolLocked(`${file} is in use by another process`, { cause: error });
      throw error;
    }
  }

  /** Records still to be delivered. */
  get records(): number {
    return this.#records - this.#removed.length;
  }

  /** Bytes that the records take, roughly; the file keeps freed pages for later. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Writes a record and forgets those that were removed, in one synced transaction. Throws the error of the disk. */
  append(record: EncodedRecord, options: { lane: Lane; offset: number | undefined }): number {
    const id = this.#transaction(() => this.#insertRecord(record, options));
    this.#added(record);
    return id;
  }

  /** Which of these records are still there. */
  present(ids: readonly number[]): Set<number> {
    const rows = this.#find.all(JSON.stringify(ids)) as { id: number }[];
    return new Set(rows.map(({ id }) => id));
  }

  /** Marks a record as done with. */
  remove(id: number): void {
    this.#removed.push(id);
  }

  /** Forgets at once what was removed; for a quiet moment and before closing. */
  flush(): void {
    if (this.#removed.length > 0) this.#transaction(() => undefined);
  }

  /**
   * Records of one lane with an id above `after`, oldest first; damaged ones are removed, counted and returned. `last`
   * is the id to go on from, undefined at the end.
   */
  read(
    lane: Lane,
    options: { after: number; limit: number },
  ): { records: SpoolRecord[]; lost: Loss[]; last: number | undefined } {
    const rows = this.#database
      .prepare(
        `SELECT id, lane, first_time, last_time, points, clock_offset, crc, body FROM records
         WHERE lane = ? AND id > ? ORDER BY id LIMIT ?`,
      )
      .all(laneNumbers[lane], options.after, options.limit) as unknown as Row[];
    const removed = new Set(this.#removed);
    const records: SpoolRecord[] = [];
    const lost: Loss[] = [];
    for (const row of rows) {
      if (removed.has(row.id)) continue;
      const points = readBody(row);
      if (points) records.push({ id: row.id, lane, points, offset: row.clock_offset ?? undefined });
      else {
        this.remove(row.id);
        lost.push({ reason: 'damaged', lane, points: row.points, from: row.first_time, to: row.last_time });
      }
    }
    if (lost.length > 0) this.count(lost);
    return { records, lost, last: rows.at(-1)?.id };
  }

  /** Removes every second of the oldest `count` metrics records that were not thinned before; undefined when none is left. */
  thinOldest(count: number): Loss | undefined {
    return this.#drop(
      `SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM records
       WHERE lane = 1 AND thinned = 0 ORDER BY id LIMIT ${count}) WHERE n % 2 = 0`,
      {
        reason: 'thinned',
        lane: 'metrics',
        after: `UPDATE records SET thinned = 1 WHERE id IN
          (SELECT id FROM records WHERE lane = 1 AND thinned = 0 ORDER BY id LIMIT ${Math.ceil(count / 2)})`,
      },
    );
  }

  /** Removes the oldest `count` records of a lane; undefined when it is empty. */
  dropOldest(lane: Lane, count: number): Loss | undefined {
    const ids = `SELECT id FROM records WHERE lane = ${laneNumbers[lane]} ORDER BY id LIMIT ${count}`;
    return this.#drop(ids, { reason: 'overflow', lane });
  }

  /** Removes records whose last point is older than `time`. */
  dropBefore(time: number, lane: Lane): Loss | undefined {
    const ids = `SELECT id FROM records WHERE lane = ${laneNumbers[lane]} AND last_time < ${Math.round(time)}`;
    return this.#drop(ids, { reason: 'expired', lane });
  }

  /** Counts losses that happened elsewhere. */
  count(losses: readonly Loss[]): void {
    this.#transaction(() => {
      for (const loss of losses) this.#countOne(loss);
    });
  }

  /** Sets the clock offset of the records that were added since the file was opened and have none. */
  clockKnown(offset: number): void {
    const update = this.#database.prepare('UPDATE records SET clock_offset = ? WHERE clock_offset IS NULL AND id > ?');
    this.#transaction(() => update.run(offset, this.#lastBefore));
  }

  /** Turns the counted losses into an event record, synced together; nothing happens when there are none. */
  settleGaps(toRecord: (losses: readonly Loss[]) => EncodedRecord, offset: number | undefined): void {
    if (!this.#hasGaps) return;
    const rows = this.#database.prepare('SELECT reason, lane, points, first_time, last_time FROM gaps').all() as {
      reason: LossReason;
      lane: number;
      points: number;
      first_time: number;
      last_time: number;
    }[];
    const record = toRecord(
      rows.map(({ reason, lane, points, first_time: from, last_time: to }) => ({
        reason,
        lane: lane === laneNumbers.events ? 'events' : 'metrics',
        points,
        from,
        to,
      })),
    );
    this.#transaction(() => {
      this.#insertRecord(record, { lane: 'events', offset });
      this.#database.exec('DELETE FROM gaps');
    });
    this.#added(record);
    this.#hasGaps = false;
  }

  close(): void {
    try {
      this.flush();
    } finally {
      this.#database.close();
    }
  }

  #drop(ids: string, options: { reason: LossReason; lane: Lane; after?: string }): Loss | undefined {
    const { reason, lane } = options;
    const row = this.#transaction(() => {
      const summary = this.#database
        .prepare(
          `SELECT count(*) AS records, total(length(body)) AS bytes, total(points) AS points,
             min(first_time) AS first, max(last_time) AS last
           FROM records WHERE id IN (${ids})`,
        )
        .get() as { records: number; bytes: number; points: number; first: number; last: number };
      if (summary.records > 0) {
        this.#database.exec(`DELETE FROM records WHERE id IN (${ids})`);
        this.#countOne({ reason, lane, points: summary.points, from: summary.first, to: summary.last });
      }
      if (options.after) this.#database.exec(options.after);
      return summary;
    });
    if (row.records === 0) return undefined;
    this.#records -= row.records;
    this.#bytes -= row.bytes + row.records * rowOverheadBytes;
    return { reason, lane, points: row.points, from: row.first, to: row.last };
  }

  /** What could not be counted stays so, whatever is added. */
  #countOne(loss: Loss): void {
    this.#database
      .prepare(
        `INSERT INTO gaps (reason, lane, points, first_time, last_time) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET
           points = CASE WHEN points < 0 OR excluded.points < 0 THEN -1 ELSE points + excluded.points END,
           first_time = min(first_time, excluded.first_time), last_time = max(last_time, excluded.last_time)`,
      )
      .run(loss.reason, laneNumbers[loss.lane], loss.points, loss.from, loss.to);
    this.#hasGaps = true;
  }

  #insertRecord(record: EncodedRecord, options: { lane: Lane; offset: number | undefined }): number {
    const { lastInsertRowid } = this.#insert.run(
      laneNumbers[options.lane],
      record.firstTime,
      record.lastTime,
      record.points,
      options.offset ?? null,
      crc32(record.body),
      record.body,
    );
    return Number(lastInsertRowid);
  }

  #added(record: EncodedRecord): void {
    this.#records += 1;
    this.#bytes += record.body.length + rowOverheadBytes;
  }

  /** Runs `work` and forgets what was removed, synced together; when it throws nothing has happened. */
  #transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    let result: T;
    let forgotten = 0;
    let freed = 0;
    try {
      for (const id of this.#removed) {
        const row = this.#delete.get(id) as { bytes: number } | undefined;
        if (!row) continue;
        forgotten += 1;
        freed += row.bytes + rowOverheadBytes;
      }
      result = work();
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
    this.#removed = [];
    this.#records -= forgotten;
    this.#bytes -= freed;
    return result;
  }

  #checkFormat(): void {
    const { user_version: version } = this.#database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > formatVersion) throw new NewerFormat();
    if (version === 0) createFormat(this.#database);
    const { quick_check: verdict } = this.#database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
    if (verdict !== 'ok') throw new DamagedFile(verdict);
  }

  #readEpoch(): string {
    const row = this.#database.prepare("SELECT value FROM meta WHERE key = 'epoch'").get() as
      | { value: string }
      | undefined;
    if (row) return row.value;
    const epoch = randomBytes(8).toString('hex');
    this.#database.prepare("INSERT INTO meta (key, value) VALUES ('epoch', ?)").run(epoch);
    return epoch;
  }

  #measure(): void {
    const row = this.#database
      .prepare(`SELECT count(*) AS records, total(length(body)) AS bytes FROM records`)
      .get() as { records: number; bytes: number };
    const given = this.#database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'records'").get();
    this.#lastBefore = Number(given?.seq ?? 0);
    this.#hasGaps = this.#database.prepare('SELECT 1 FROM gaps').get() !== undefined;
    this.#records = row.records;
    this.#bytes = row.bytes + row.records * rowOverheadBytes;
  }
}

function readBody(row: Row): SpoolRecord['points'] | undefined {
  if (crc32(row.body) !== row.crc) return undefined;
  try {
    return decodeRecord(row.body, row.first_time);
  } catch {
    return undefined;
  }
}
