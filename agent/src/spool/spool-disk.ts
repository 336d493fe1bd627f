/**
 * The disk's part of the spool: `spool.db` and the ledger beside it. It opens them, looks what is missing, and keeps them in
 * step; a disk that fails is tried anew from time to time, and nothing here throws but SpoolLocked, when another process has
 * the spool. After an error nothing is known of the connection to the file, so it is opened anew.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from '../log.ts';
import { Ledger, type OnWrite } from './ledger.ts';
import type { Owed } from './ledger-entry.ts';
import { gapRecord, type Loss, Losses, without } from './losses.ts';
import { openSpool, type SpoolFiles } from './open-spool.ts';
import type { KeptRecord, Lane } from './record.ts';
import type { Dropped, SpoolDatabase } from './spool-database.ts';
import { isSqliteError, SpoolLocked, sqliteFull, whyUnusable } from './spool-format.ts';

export const reopenEveryMs = 5_000;

type ReadResult = Omit<ReturnType<SpoolDatabase['read']>, 'damaged'>;

interface Options {
  readonly folder: string;
  readonly now: () => number;
  readonly logger: Logger;
  /** As in Spool. */
  readonly onWrite?: OnWrite;
  /** Whether this process has the record's points elsewhere. */
  readonly isInMemory: (id: number) => boolean;
  readonly onOpen: (missing: ReadonlyMap<number, Owed>) => void;
  readonly onLoss: (loss: Loss) => void;
  readonly onFailing: (failing: boolean) => void;
}

export class SpoolDisk {
  readonly #options: Options;
  readonly #files: SpoolFiles;
  #database: SpoolDatabase | undefined;
  #ledger: Ledger | undefined;
  /** Of this run only, until a file could be opened. */
  #epoch = randomBytes(8).toString('hex');
  /** The last id that was given; undefined until a file could be opened. */
  #last: number | undefined;
  /** The last id of the run before. */
  #lastBefore: number | undefined;
  #nextTemporary = -1;
  /** Done with while there was no connection. */
  #removed: readonly number[] = [];
  /** Losses that are not in the file yet. */
  readonly #unwritten = new Losses();
  /** What has shown that the file is damaged; it is replaced when it is opened next. */
  #suspect: Error | undefined;
  #failing = false;
  #lastFailure = Number.NEGATIVE_INFINITY;

  constructor(options: Options) {
    this.#options = options;
    this.#files = {
      database: join(options.folder, 'spool.db'),
      ledger: join(options.folder, 'spool.ledger'),
      onWrite: options.onWrite ?? (() => undefined),
    };
  }

  /** Throws SpoolLocked when another process uses the file. */
  open(): void {
    const { isInMemory, now, logger, onOpen, onLoss } = this.#options;
    const unwritten = this.#unwritten.all();
    const state = { files: this.#files, removed: this.#removed, ledger: this.#ledger, last: this.#last, unwritten };
    const opened = openSpool({ ...state, suspect: this.#suspect, isInMemory, now, logger });
    this.#ledger = opened.ledger;
    this.#last = opened.last;
    this.#lastBefore ??= opened.last;
    this.#epoch = opened.epoch ?? this.#epoch;
    this.#suspect = opened.suspect;
    if (opened.lost.length > 0) logger.error('records of the spool were lost', { losses: opened.lost });
    for (const loss of opened.lost) onLoss(loss);
    if ('error' in opened) {
      if (opened.error instanceof SpoolLocked) throw opened.error;
      this.#failed(opened.error);
      return;
    }
    this.#database = opened.database;
    this.#removed = [];
    if (opened.adopted) this.#unwritten.clear();
    onOpen(opened.inMemory);
  }

  get epoch(): string {
    return this.#epoch;
  }

  /** Records that are in the file, and roughly their bytes. */
  get records(): number {
    return this.#database?.records ?? 0;
  }

  get bytes(): number {
    return this.#database?.bytes ?? 0;
  }

  get failing(): boolean {
    return this.#failing;
  }

  get hasUnwrittenLosses(): boolean {
    return this.#unwritten.all().length > 0;
  }

  /** Gives a record its id and writes it; false when it has to stay in memory. A negative id is one of this run only. */
  append(record: KeptRecord): { id: number; stored: boolean } {
    this.#connected();
    const id = this.#announce(record);
    const stored = id > 0 && this.#insert(id, record);
    if (id > 0 && !stored) this.#ledger?.enter([{ kind: 'held', id }]);
    return { id, stored };
  }

  /** Writes a record that was in memory; its id on the disk, or undefined when the disk does not take it. */
  moveIn(id: number, record: KeptRecord): number | undefined {
    if (!this.#mayWrite() || !this.#connected()) return undefined;
    const diskId = id > 0 ? id : this.#announce(record);
    if (this.#insert(diskId, record)) {
      if (id > 0) this.#enterOwed('add', id, record);
      return diskId;
    }
    if (id < 0) this.#ledger?.enter([{ kind: 'done', id: diskId }]);
    return undefined;
  }

  /** As SpoolDatabase.read; what is damaged is counted. */
  read(lane: Lane, options: { after: number; limit: number; spare: ReadonlySet<number> }): ReadResult {
    const result = this.look((database) => database.read(lane, options));
    if (!result) return { records: [], last: undefined };
    if (result.damaged) this.#dropped(result.damaged);
    return result;
  }

  /** The records are done with: those that are not kept `elsewhere` are forgotten with the next write. */
  done(ids: readonly number[], elsewhere: (id: number) => boolean): void {
    this.#ledger?.enter(ids.filter((id) => id > 0).map((id) => ({ kind: 'done', id })));
    const onDisk = ids.filter((id) => !elsewhere(id));
    if (this.#database) for (const id of onDisk) this.#database.remove(id);
    else this.#removed = [...this.#removed, ...onDisk];
  }

  /** Counts the loss of a record that is not on the disk, or of points that never were a record. */
  lose(loss: Loss, id?: number): void {
    if (id !== undefined && id > 0) this.#ledger?.enter([{ kind: 'lost', id, ...loss }]);
    else if (this.#last !== undefined) {
      this.#last += 1;
      this.#ledger?.enter([{ kind: 'loss', id: this.#last, ...loss }]);
    }
    this.#options.onLoss(loss);
    if (this.write((database) => database.count([loss])) === false) this.#unwritten.add(loss);
  }

  /** Runs what gives up records of the file; the ledger hears of it afterwards. */
  drop(work: (database: SpoolDatabase) => Dropped | undefined): boolean {
    const dropped = this.write(work);
    if (dropped) this.#dropped(dropped);
    return Boolean(dropped);
  }

  /** Makes a record of the losses that nothing tells of yet; `keep` takes it while the disk takes nothing. */
  settleGaps(offset: number | undefined, keep: ((id: number, record: KeptRecord) => void) | undefined): void {
    const inFile = this.#writeLosses() && this.look((database) => database.gaps());
    const losses = inFile === false ? this.#unwritten.all() : inFile;
    if (losses.length === 0 || (inFile ? !this.#mayWrite() : !keep)) return;
    const record: KeptRecord = { lane: 'events', encoded: gapRecord(losses, this.#options.now()), offset };
    const untold = inFile === false ? without(Ledger.read(this.#files.ledger)?.untold ?? [], losses) : [];
    const id = this.#announce(record, 'told');
    if (inFile === false) {
      keep?.(id, record);
      this.#unwritten.clear();
      // What is in the file only is not told of yet.
      if (id > 0)
        this.#ledger?.enter([{ kind: 'held', id }, ...untold.map((loss) => ({ kind: 'loss' as const, id, ...loss }))]);
    } else if (this.write((database) => database.settleGaps(id, record)) === false) {
      this.#ledger?.enter([{ kind: 'done', id }, ...losses.map((loss) => ({ kind: 'loss' as const, id, ...loss }))]);
    }
  }

  clockKnown(offset: number): void {
    const before = this.#lastBefore;
    if (before !== undefined) this.write((database) => database.clockKnown(offset, before));
  }

  /** Reads from the file, opening it when needed; false when the disk does not play along. */
  look<T>(work: (database: SpoolDatabase) => T): T | false {
    try {
      return this.#connected() && this.#database ? work(this.#database) : false;
    } catch (error) {
      this.#failed(error as Error);
      return false;
    }
  }

  /** The same with what writes: it shows whether the disk is well. */
  write<T>(work: (database: SpoolDatabase) => T): T | false {
    if (!this.#mayWrite() || !this.#connected() || !this.#database) return false;
    try {
      const result = work(this.#database);
      this.#setFailing(false);
      return result;
    } catch (error) {
      this.#failed(error as Error);
      return false;
    }
  }

  close(): void {
    const [database, ledger] = [this.#database, this.#ledger];
    this.#database = undefined;
    this.#ledger = undefined;
    for (const each of [database, ledger]) {
      try {
        each?.close();
      } catch (error) {
        this.#options.logger.warn('cannot close the spool cleanly', { error: (error as Error).message });
      }
    }
  }

  #announce(record: KeptRecord, kind: 'add' | 'told' = 'add'): number {
    if (this.#last === undefined) return this.#nextTemporary--;
    this.#last += 1;
    this.#enterOwed(kind, this.#last, record);
    return this.#last;
  }

  #enterOwed(kind: 'add' | 'told', id: number, { lane, encoded }: KeptRecord): void {
    const { points, firstTime: from, lastTime: to } = encoded;
    this.#ledger?.enter([{ kind, id, lane, points, from, to }]);
  }

  /** With its id the file says that it knows all losses up to here. */
  #insert(id: number, record: KeptRecord): boolean {
    return this.#writeLosses() && this.write((database) => database.insert(id, record)) !== false;
  }

  #writeLosses(): boolean {
    const unwritten = this.#unwritten.all();
    if (unwritten.length === 0) return true;
    if (this.write((database) => database.count(unwritten)) === false) return false;
    this.#unwritten.clear();
    return true;
  }

  #dropped({ loss, records }: Dropped): void {
    this.#ledger?.enter(records.map((record) => ({ kind: 'lost', reason: loss.reason, ...record })));
    this.#options.onLoss(loss);
  }

  /** Opens the file when it is not open, unless that has just failed. */
  #connected(): boolean {
    if (!this.#database && this.#isDue()) {
      try {
        this.open();
      } catch (error) {
        // Locked: it was free when the agent started.
        this.#failed(error as Error);
      }
    }
    return this.#database !== undefined;
  }

  #mayWrite(): boolean {
    return !this.#failing || this.#isDue();
  }

  #isDue(): boolean {
    // Of the difference only the size counts: the clock may have been set back.
    return Math.abs(this.#options.now() - this.#lastFailure) >= reopenEveryMs;
  }

  #failed(error: Error): void {
    this.#lastFailure = this.#options.now();
    if (whyUnusable(error) === 'damaged') this.#suspect = error;
    // When there is only no room, what is in the file can still be sent.
    if (!(isSqliteError(error, sqliteFull) && this.#database)) this.#disconnect();
    if (!this.#failing) {
      this.#options.logger.error('the spool cannot be written, keeping data in memory', { error: error.message });
    }
    this.#setFailing(true);
  }

  #disconnect(): void {
    const database = this.#database;
    this.#database = undefined;
    this.#removed = database?.removed ?? this.#removed;
    tryToClose(database);
  }

  #setFailing(failing: boolean): void {
    if (failing === this.#failing) return;
    this.#failing = failing;
    this.#options.onFailing(failing);
  }
}

/** What has failed already; the error that matters is reported. */
function tryToClose(database: SpoolDatabase | undefined): void {
  try {
    database?.close();
  } catch {
    // See above.
  }
}
