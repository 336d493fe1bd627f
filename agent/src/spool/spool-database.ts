/**
 * The spool's file: one SQLite database, `spool.db`, in WAL mode with `synchronous=FULL`.
 *
 * - Only one process opens it at a time (`locking_mode=EXCLUSIVE`); a second one gets SpoolLocked.
 * - `insert` returns after the record is synced. `remove` takes effect with the next transaction or close: a crash before
 *   that brings acknowledged records back, and sending them twice is harmless.
 * - Every row carries a CRC-32 of all that is in it; one that fails it is removed and counted, the others live on.
 * - Whatever is given up is counted in the table `gaps` in the same transaction, by reason and lane, until a record tells
 *   of it; so a crash loses neither data nor count.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { GapTable } from './gap-table.ts';
import type { OnWrite } from './ledger.ts';
import type { Owed, OwedRecord } from './ledger-entry.ts';
import { type Loss, Losses, type LossReason } from './losses.ts';
import { type KeptRecord, type Lane, laneNumbers, type SpoolRecord } from './record.ts';
import { boundedColumns, decodeBody, isSound, owedBy, type Row, rowChecksum } from './row.ts';
import {
  adoptFormat,
  checkHeader,
  isSqliteError,
  keepLogSmall,
  lastId,
  prepareConnection,
  SpoolLocked,
  sealEpoch,
  unsealEpoch,
} from './spool-format.ts';

/** What a row costs besides its body, roughly. */
const rowOverheadBytes = 64;

/** Records that were given up together, and what they come to. */
export interface Dropped {
  readonly loss: Loss;
  readonly records: readonly (Owed & { readonly id: number })[];
}

type DroppedRow = Omit<Row, 'body'> & { readonly bytes: number; readonly sound: number };

interface Options {
  /** What records stand for, of those ids that the ledger knows. */
  readonly lookUp: (ids: readonly number[]) => ReadonlyMap<number, Owed>;
  /** Records that are done with but still there; taken on from the connection before. */
  readonly removed: readonly number[];
  readonly onWrite: OnWrite;
}

export class SpoolDatabase {
  readonly epoch: string;
  /** Whether there was no file. */
  readonly isNew: boolean;
  readonly #file: string;
  readonly #options: Options;
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #find: StatementSync;
  readonly #delete: StatementSync;
  readonly #gaps: GapTable;
  #removed: number[];
  #records = 0;
  #bytes = 0;

  /** Opens or makes the file. Throws SpoolLocked, DamagedFile, NewerFormat, or the error of SQLite. */
  constructor(file: string, options: Options) {
    this.#file = file;
    this.#options = options;
    this.#removed = [...options.removed];
    checkHeader(file);
    this.#database = new DatabaseSync(file, { timeout: 1_000 });
    try {
      prepareConnection(this.#database);
      this.isNew = adoptFormat(this.#database);
      this.epoch = this.#readEpoch();
      this.#gaps = new GapTable(this.#database);
      this.#gaps.read();
      this.#insert = this.#database.prepare(
        `INSERT INTO records (id, lane, first_time, last_time, points, clock_offset, crc, body)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      );
      this.#find = this.#database.prepare('SELECT id FROM records WHERE id IN (SELECT value FROM json_each(?))');
      this.#delete = this.#database.prepare('DELETE FROM records WHERE id = ? RETURNING length(body) AS bytes');
      const there = this.present(this.#removed);
      this.#removed = this.#removed.filter((id) => there.has(id));
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

  /** Ids that are done with, but not forgotten yet. */
  get removed(): readonly number[] {
    return this.#removed;
  }

  /** The last id that was given. Throws DamagedFile. */
  get last(): number {
    return lastId(this.#database);
  }

  /** Whether the rows were read out of a damaged file and nobody has looked yet what is missing. */
  get salvaged(): boolean {
    return this.#database.prepare("SELECT 1 FROM meta WHERE key = 'salvaged'").get() !== undefined;
  }

  /** Writes a record and forgets those that were removed, in one synced transaction. Throws the error of the disk. */
  insert(id: number, record: KeptRecord): void {
    this.#transaction(() => this.#insertRow(id, record));
    this.#added(record);
  }

  /** Which of these records are still there. */
  present(ids: readonly number[]): Set<number> {
    const rows = this.#find.all(JSON.stringify(ids)) as { id: number }[];
    return new Set(rows.map(({ id }) => id));
  }

  ids(): number[] {
    const removed = new Set(this.#removed);
    const rows = this.#database.prepare('SELECT id FROM records').all() as { id: number }[];
    return rows.map(({ id }) => id).filter((id) => !removed.has(id));
  }

  owed(): Map<number, OwedRecord> {
    const removed = new Set(this.#removed);
    const rows = this.#database.prepare(`SELECT id, lane, ${boundedColumns} FROM records`).iterate();
    const owed = new Map<number, OwedRecord>();
    for (const row of rows as Iterable<Omit<Row, 'body'>>) {
      if (!removed.has(row.id)) owed.set(row.id, { ...owedBy(row), place: 'file' });
    }
    return owed;
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
   * Records of one lane with an id above `after`, oldest first; damaged ones are removed, counted and returned, but for
   * those to spare, which are still somewhere else. `last` is the id to go on from, undefined at the end.
   */
  read(
    lane: Lane,
    options: { after: number; limit: number; spare: ReadonlySet<number> },
  ): { records: SpoolRecord[]; damaged: Dropped | undefined; last: number | undefined } {
    // Nothing of an unsound row is used but its number.
    const rows = this.#database
      .prepare(
        `SELECT id, ${boundedColumns}, ${isSound} AS sound, CASE WHEN ${isSound} THEN clock_offset END AS clock_offset, body
         FROM records WHERE lane = ? AND id > ? ORDER BY id LIMIT ?`,
      )
      .all(laneNumbers[lane], options.after, options.limit) as unknown as (Row & { sound: number })[];
    const removed = new Set(this.#removed);
    const records: SpoolRecord[] = [];
    const bad: number[] = [];
    for (const row of rows) {
      if (removed.has(row.id)) continue;
      const points = row.sound ? decodeBody(row) : undefined;
      if (points) records.push({ id: row.id, lane, points, offset: row.clock_offset ?? undefined });
      else if (!options.spare.has(row.id)) bad.push(row.id);
    }
    const damaged = bad.length === 0 ? undefined : this.#drop(bad.join(), { reason: 'damaged', lane });
    return { records, damaged, last: rows.at(-1)?.id };
  }

  /** Removes every second of the oldest `count` metrics records that were not thinned before; undefined when none is left. */
  thinOldest(count: number, spare: readonly number[]): Dropped | undefined {
    return this.#drop(
      `SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM records
       WHERE lane = 1 AND thinned = 0 ORDER BY id LIMIT ${count}) WHERE n % 2 = 0 AND id NOT IN (${spare.join()})`,
      {
        reason: 'thinned',
        lane: 'metrics',
        after: `UPDATE records SET thinned = 1 WHERE id IN
          (SELECT id FROM records WHERE lane = 1 AND thinned = 0 ORDER BY id LIMIT ${Math.ceil(count / 2)})`,
      },
    );
  }

  /** Removes the oldest `count` records of a lane; undefined when it is empty. */
  dropOldest(lane: Lane, { count, spare }: { count: number; spare: readonly number[] }): Dropped | undefined {
    const ids = `SELECT id FROM records WHERE lane = ${laneNumbers[lane]} AND id NOT IN (${spare.join()})
      ORDER BY id LIMIT ${count}`;
    return this.#drop(ids, { reason: 'overflow', lane });
  }

  /** Removes records whose last point is older than `time`, by the collector's clock as far as it is known. */
  dropBefore(time: number, { lane, spare }: { lane: Lane; spare: readonly number[] }): Dropped | undefined {
    const ids = `SELECT id FROM records WHERE lane = ${laneNumbers[lane]}
      AND last_time + coalesce(clock_offset, 0) < ${Math.round(time)} AND id NOT IN (${spare.join()})`;
    return this.#drop(ids, { reason: 'expired', lane });
  }

  /** Counts losses that happened elsewhere. */
  count(losses: readonly Loss[]): void {
    this.#transaction(() => this.#gaps.add(losses));
  }

  /** The counted losses that no record tells of. Throws DamagedFile. */
  gaps(): Loss[] {
    return this.#gaps.read();
  }

  /** Puts the record that tells of the counted losses in their place, synced together. */
  settleGaps(id: number, record: KeptRecord): void {
    this.#transaction(() => {
      this.#insertRow(id, record);
      this.#gaps.clear();
    });
    this.#added(record);
  }

  /** Enters what a look into the ledger has shown, synced together; ids after it begin above `last`. */
  adopt(found: { epoch: string; last: number; gaps: readonly Loss[] }): void {
    this.#transaction(() => {
      this.#gaps.clear();
      this.#database.exec("DELETE FROM meta WHERE key = 'salvaged'");
      this.#gaps.add(found.gaps);
      this.#database.prepare("UPDATE meta SET value = ? WHERE key = 'epoch'").run(sealEpoch(found.epoch));
      this.#database.prepare("UPDATE sqlite_sequence SET seq = ? WHERE name = 'records'").run(found.last);
    });
  }

  /** Sets the clock offset of the records above `after` that have none. */
  clockKnown(offset: number, after: number): void {
    const update = this.#database.prepare(
      `UPDATE records SET clock_offset = :offset,
         crc = row_checksum(id, lane, first_time, last_time, points, :offset, body)
       WHERE clock_offset IS NULL AND id > :after AND ${isSound}`,
    );
    this.#transaction(() => update.run({ offset, after }));
  }

  close(): void {
    try {
      this.flush();
    } finally {
      this.#database.close();
    }
  }

  #drop(ids: string, options: { reason: LossReason; lane: Lane; after?: string }): Dropped | undefined {
    const result = this.#transaction(() => {
      const gone = this.#database
        .prepare(
          `DELETE FROM records WHERE id IN (${ids})
           RETURNING id, lane, ${boundedColumns}, length(body) AS bytes, ${isSound} AS sound`,
        )
        .all() as unknown as DroppedRow[];
      const sum = this.#sumUp(options, gone);
      if (sum) this.#gaps.add([sum.loss]);
      if (options.after) this.#database.exec(options.after);
      return { sum, gone };
    });
    this.#records -= result.gone.length;
    for (const { bytes } of result.gone) this.#bytes -= bytes + rowOverheadBytes;
    return result.sum;
  }

  /** What damaged rows stood for is not to be read in them. */
  #sumUp({ reason, lane }: { reason: LossReason; lane: Lane }, rows: readonly DroppedRow[]): Dropped | undefined {
    const unsound = rows.filter(({ sound }) => !sound).map(({ id }) => id);
    const known = unsound.length > 0 ? this.#options.lookUp(unsound) : undefined;
    const records = rows.map((row) => ({ id: row.id, ...(known?.get(row.id) ?? owedBy(row)), lane }));
    const [loss] = new Losses(records.map((record) => ({ ...record, reason }))).all();
    return loss && { loss, records };
  }

  #insertRow(id: number, { lane, encoded, offset }: KeptRecord): void {
    const row = {
      id,
      lane: laneNumbers[lane],
      first_time: encoded.firstTime,
      last_time: encoded.lastTime,
      points: encoded.points,
      clock_offset: offset ?? null,
      body: encoded.body,
    };
    const { first_time, last_time, points, clock_offset, body } = row;
    this.#insert.run(id, row.lane, first_time, last_time, points, clock_offset, rowChecksum(row), body);
  }

  #added({ encoded }: KeptRecord): void {
    this.#records += 1;
    this.#bytes += encoded.body.length + rowOverheadBytes;
  }

  /** Runs `work` and forgets what was removed, synced together; when it throws nothing has happened. */
  #transaction<T>(work: () => T): T {
    this.#options.onWrite('database');
    const result = this.#attempt(work);
    keepLogSmall(this.#database, this.#file);
    return result;
  }

  #attempt<T>(work: () => T): T {
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

  #readEpoch(): string {
    return unsealEpoch(this.#database.prepare("SELECT value FROM meta WHERE key = 'epoch'").get()?.value);
  }

  #measure(): void {
    const row = this.#database
      .prepare(`SELECT count(*) AS records, total(length(body)) AS bytes FROM records`)
      .get() as { records: number; bytes: number };
    this.#records = row.records;
    this.#bytes = row.bytes + row.records * rowOverheadBytes;
  }
}
