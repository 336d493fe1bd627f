/**
 * What the spool owes, in a file of its own: `spool.ledger`. It holds no data, only which records there are and how many
 * points each stands for, so that what a damaged `spool.db` has lost can be counted.
 *
 * - A journal of lines; the state is what they add up to. A line is written before the record is, and when a record is
 *   delivered or given up. It is not synced each time: a killed process loses nothing of it, a power cut its last
 *   seconds, and then the spool's file, which is synced, is believed.
 * - The file has its full length from the start, so a full disk does not stop it soon. Almost full, it is written anew
 *   under another name and put in its place.
 * - A ledger that cannot be written is deleted: no count is better than a wrong one.
 */
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import {
  decodeEntry,
  decodeHead,
  type Entry,
  encodeEnd,
  encodeEntry,
  encodeHead,
  entryBytes,
  isEnd,
  type OwedRecord,
} from './ledger-entry.ts';
import { type Loss, Losses } from './losses.ts';

export interface Tally {
  readonly epoch: string;
  /** The last id that was given. */
  readonly last: number;
  readonly owed: ReadonlyMap<number, OwedRecord>;
  /** Losses that no record tells of yet. */
  readonly untold: readonly Loss[];
}

export interface ReadTally extends Tally {
  /** False when lines are damaged or missing: then the sums are not to be relied on. */
  readonly complete: boolean;
  readonly lines: number;
  readonly capacity: number;
}

/** Called before the spool writes to its disk; in tests it throws what a disk might, or keeps the files as they are now. */
export type OnWrite = (what: 'database' | 'ledger' | 'new ledger' | 'new database') => void;

/** 64 KiB: as many records as the memory takes while the disk is full. */
const fewestLines = 2_048;
const compactShare = 3 / 4;
/** Lines without which an old file is not worth using again. */
const fewestFree = 64;
/** The most that is read: a file that was blown up must not take the agent's memory. */
const mostBytes = 64 * 1_024 * 1_024;

export class Ledger {
  readonly #file: string;
  readonly #onWrite: OnWrite;
  #fd: number | undefined;
  #lines: number;
  #capacity: number;
  /** Lines at which it is written anew. */
  #compactAt: number;

  private constructor(file: string, from: { fd: number; lines: number; capacity: number; onWrite: OnWrite }) {
    this.#file = file;
    this.#fd = from.fd;
    this.#lines = from.lines;
    this.#capacity = from.capacity;
    this.#compactAt = from.capacity * compactShare;
    this.#onWrite = from.onWrite;
  }

  /** Undefined when there is none, or nothing of it can be read. */
  static read(file: string): ReadTally | undefined {
    const bytes = readBounded(file);
    const head = bytes && decodeHead(bytes.subarray(0, entryBytes));
    if (!head) return undefined;
    const owed = new Map<number, OwedRecord>();
    const untold = new Losses();
    let { last } = head;
    let complete = bytes.length === head.capacity * entryBytes;
    let lines = 1;
    let hasEnd = false;
    for (let at = entryBytes; at < bytes.length; at += entryBytes) {
      const line = bytes.subarray(at, at + entryBytes);
      // Behind the end there may be what stood there before the file was written anew in its place.
      hasEnd = isEnd(line, lines);
      if (hasEnd) break;
      lines += 1;
      const entry = decodeEntry(line);
      if (!entry) complete = false;
      else {
        enter(entry, { owed, untold });
        last = Math.max(last, entry.id);
      }
    }
    complete &&= hasEnd;
    return { epoch: head.epoch, last, owed, untold: untold.all(), complete, lines, capacity: head.capacity };
  }

  /** Makes the file anew, synced; where there is no room for another, in the place of the old one. Throws the error of the disk. */
  static write(file: string, tally: Tally, onWrite: OnWrite): Ledger {
    const lines = linesOf(tally);
    const most = Math.max(fewestLines, 2 * lines.length);
    try {
      onWrite('new ledger');
      return new Ledger(file, { ...writeFresh(file, { tally, lines, capacity: most }), onWrite });
    } catch (error) {
      const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
      const capacity = Math.floor(size / entryBytes);
      if (lines.length + fewestFree > capacity) throw error;
      onWrite('ledger');
      return new Ledger(file, { ...writeInPlace(file, { tally, lines, capacity }), onWrite });
    }
  }

  /** Goes on with a file that was read and found complete. Throws the error of the disk. */
  static resume(file: string, read: ReadTally, onWrite: OnWrite): Ledger {
    return new Ledger(file, { fd: openSync(file, 'r+'), lines: read.lines, capacity: read.capacity, onWrite });
  }

  get usable(): boolean {
    return this.#fd !== undefined;
  }

  /** Never throws; what cannot be written makes the ledger unusable. */
  enter(entries: readonly Entry[]): void {
    if (this.#fd === undefined || entries.length === 0) return;
    try {
      this.#onWrite('ledger');
      if (this.#lines + entries.length > this.#compactAt) this.#compact(entries.length);
      const lines = this.#lines + entries.length;
      // In one write, which the end of the process does not cut in two.
      const bytes = Buffer.concat([...entries.map(encodeEntry), encodeEnd(lines)]);
      writeSync(this.#fd, bytes, 0, undefined, this.#lines * entryBytes);
      this.#lines = lines;
    } catch {
      this.#giveUp();
    }
  }

  close(): void {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd === undefined) return;
    try {
      fdatasyncSync(fd);
    } finally {
      closeSync(fd);
    }
  }

  #compact(room: number): void {
    try {
      const tally = Ledger.read(this.#file);
      if (!tally?.complete) throw new Error('the ledger is damaged');
      const { fd, lines, capacity } = Ledger.write(this.#file, tally, this.#onWrite).#release();
      if (this.#fd !== undefined) closeSync(this.#fd);
      this.#fd = fd;
      this.#lines = lines;
      this.#capacity = capacity;
      this.#compactAt = capacity * compactShare;
    } catch (error) {
      // There is room for some more; a disk that is full may have some by then.
      this.#compactAt = Math.min(this.#capacity, this.#lines + room + fewestLines / 16);
      if (this.#lines + room >= this.#capacity) throw error;
    }
  }

  #release(): { fd: number; lines: number; capacity: number } {
    const fd = this.#fd;
    if (fd === undefined) throw new Error('the ledger is closed');
    this.#fd = undefined;
    return { fd, lines: this.#lines, capacity: this.#capacity };
  }

  #giveUp(): void {
    try {
      this.close();
    } catch {
      // What could not be written is what it is given up for.
    }
    removeLedger(this.#file);
  }
}

/** Never throws: a ledger that cannot even be deleted is told from its place by its ids. */
export function removeLedger(file: string): void {
  try {
    rmSync(file, { force: true, recursive: true });
  } catch {
    // Nothing can be done on a disk that takes nothing; the spool says so itself.
  }
}

function readBounded(file: string): Buffer | undefined {
  try {
    const fd = openSync(file, 'r');
    try {
      const stat = fstatSync(fd);
      if (!stat.isFile() || stat.size > mostBytes || stat.size < entryBytes) return undefined;
      return readFileSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}

function enter(entry: Entry, state: { owed: Map<number, OwedRecord>; untold: Losses }): void {
  const { owed, untold } = state;
  if (entry.kind === 'told') untold.clear();
  if (entry.kind === 'lost' || entry.kind === 'loss') untold.add(entry);
  if (entry.kind === 'add' || entry.kind === 'told') {
    const { lane, points, from, to } = entry;
    owed.set(entry.id, { lane, points, from, to, place: owed.has(entry.id) ? 'moved' : 'file' });
  } else if (entry.kind === 'held') {
    const before = owed.get(entry.id);
    if (before) owed.set(entry.id, { ...before, place: 'memory' });
  } else owed.delete(entry.id);
}

/** All but the head. */
function linesOf(tally: Tally): Buffer[] {
  const lines: Buffer[] = [];
  for (const [id, owed] of tally.owed) {
    const line = encodeEntry({ kind: 'add', id, ...owed });
    lines.push(line);
    if (owed.place === 'memory') lines.push(encodeEntry({ kind: 'held', id }));
    if (owed.place === 'moved') lines.push(line);
  }
  for (const loss of tally.untold) lines.push(encodeEntry({ kind: 'loss', id: 0, ...loss }));
  return lines;
}

interface Contents {
  readonly tally: Tally;
  readonly lines: readonly Buffer[];
  readonly capacity: number;
}

interface Written {
  readonly fd: number;
  readonly lines: number;
  readonly capacity: number;
}

function writeFresh(file: string, contents: Contents): Written {
  const fresh = `${file}.new`;
  rmSync(fresh, { force: true });
  const fd = openSync(fresh, 'wx+', 0o600);
  try {
    writeAll(fd, contents);
    renameSync(fresh, file);
  } catch (error) {
    closeSync(fd);
    rmSync(fresh, { force: true });
    throw error;
  }
  return { fd, lines: contents.lines.length + 1, capacity: contents.capacity };
}

function writeInPlace(file: string, contents: Contents): Written {
  const fd = openSync(file, 'r+');
  try {
    writeAll(fd, contents);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return { fd, lines: contents.lines.length + 1, capacity: contents.capacity };
}

function writeAll(fd: number, { tally, lines, capacity }: Contents): void {
  const bytes = Buffer.concat(
    [encodeHead({ ...tally, capacity }), ...lines, encodeEnd(lines.length + 1)],
    capacity * entryBytes,
  );
  const written = writeSync(fd, bytes, 0, bytes.length, 0);
  if (written !== bytes.length) throw new Error(`only ${written} of ${bytes.length} bytes of the ledger were written`);
  fsyncSync(fd);
}
