/**
 * Reads what was added to a log file, over rotation, truncation and replacement.
 *
 * A cursor says: of the file that has these bytes before `offset`, everything up to there was read. The file is found again
 * by those bytes, not by its name or inode: under its own name, or, rotated away by renaming or copying, beside it as
 * `NAME.1`, `NAME-20261123` and the like. Then what is newer follows, in the order of modification. When no file has
 * those bytes any more (truncated, removed, compressed), reading goes on with every file that was modified after the
 * cursor's. So no line is read twice, and none is missed that an uncompressed file still has; two changes within one
 * tick of the file system's clock (4 ms) are the exception.
 *
 * A program that has its log renamed goes on writing to the old file until it opens the new one; therefore an empty file
 * counts as not there, and a file is left for the next only once that has a line.
 */
import { createHash } from 'node:crypto';
import { type BigIntStats, closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod/mini';

export const LogCursor = z.object({
  /** Bytes of the file that were read; 0 of a file that did not exist or was empty. */
  offset: z.int().check(z.nonnegative()),
  /** SHA-256 of the last `markLength` bytes before `offset`, as hex. */
  mark: z.string().check(z.maxLength(64)),
  /** When that file was modified last, as far as it was read; milliseconds since 1970, with fractions. */
  modified: z.number(),
});
export type LogCursor = z.infer<typeof LogCursor>;

export interface NewLines {
  readonly lines: readonly string[];
  readonly cursor: LogCursor;
}

const markLength = 512;
/** Read at once; the rest comes with the next reading. */
const chunkBytes = 256 * 1024;
/** Of a log that is seen for the first time. */
const firstBytes = 256 * 1024;
/** Twice the longest path, with a name. */
const maxLineLength = 10_000;
/** Files beside the log that are looked at, the newest first; nobody keeps more of them uncompressed. */
const maxRotated = 50;
/** Far more than a tick of any file system's clock. */
const settledMs = 5_000;
const compressed = /\.(?:gz|xz|bz2|zst|lz4|Z)$/;

interface File {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
}

export class LogTail {
  readonly #path: string;
  /** What `stat` said when there was nothing more to read, and the cursor that goes with it. */
  #quiet: { stat: string; cursor: LogCursor } | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * What follows `cursor`; undefined when nothing does, so that the cursor stays. Without a cursor: the last lines of
   * the log, which may be old. Throws when a file is there and cannot be read.
   */
  read(cursor: LogCursor | undefined): NewLines | undefined {
    const stat = statOf(this.#path);
    if (cursor === undefined) return this.#readFirst(stat);
    // No log, or an empty one: then the news may come to what lies beside it, at first as a new name in the folder.
    const key = stat && stat.size > 0n ? keyOf(stat) : `${keyOf(stat)} in ${keyOf(statOf(dirname(this.#path)))}`;
    const { stat: quietStat, cursor: quiet } = this.#quiet ?? {};
    if (quietStat === key && quiet?.offset === cursor.offset && quiet.mark === cursor.mark) return undefined;
    try {
      const found = this.#readAfter(cursor);
      if (found === undefined && ((stat && stat.size > 0n) || this.#isAlone())) this.#quiet = { stat: key, cursor };
      return found;
    } catch (error) {
      // Rotated away between two looks: the next reading finds it.
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  #readFirst(stat: BigIntStats | undefined): NewLines {
    const file = stat && fileOf(this.#path, stat);
    if (!file || file.size === 0) {
      // What was rotated away is history.
      const modified = Math.max(0, ...this.#files().map((rotated) => rotated.modified));
      return { lines: [], cursor: { offset: 0, mark: '', modified } };
    }
    const from = Math.max(0, file.size - firstBytes);
    const { lines, end } = readLines(file, { from, isComplete: false });
    // The first one is cut, unless it begins where the log does.
    return { lines: from === 0 ? lines : lines.slice(1), cursor: cursorAt(file, end) };
  }

  #readAfter(cursor: LogCursor): NewLines | undefined {
    const files = this.#files();
    const current = cursor.offset === 0 ? -1 : files.findLastIndex((file) => isWhereReadingStopped(file, cursor));
    const rest = current >= 0 ? files.slice(current) : files.filter((file) => file.modified > cursor.modified);
    for (const [index, file] of rest.entries()) {
      const from = index === 0 && current >= 0 ? cursor.offset : 0;
      const { lines, end } = readLines(file, { from, isComplete: index < rest.length - 1 });
      if (end > from) return { lines, cursor: cursorAt(file, end) };
    }
    return undefined;
  }

  /**
   * Whether nothing lies beside the log that a program could still write to, and the folder would show a new name: one
   * within the same tick of the file system's clock it would not.
   */
  #isAlone(): boolean {
    const folder = dirname(this.#path);
    const changedAt = Number(statOf(folder)?.mtimeMs ?? 0);
    const name = basename(this.#path);
    return Date.now() - changedAt > settledMs && !namesIn(folder).some((entry) => isRotated(entry, name));
  }

  /** The log and what was rotated away from it, without empty ones, the oldest first. */
  #files(): File[] {
    const name = basename(this.#path);
    const folder = dirname(this.#path);
    const files: File[] = [];
    for (const entry of namesIn(folder)) {
      if (entry !== name && !isRotated(entry, name)) continue;
      const path = join(folder, entry);
      const stat = statOf(path);
      if (stat?.isFile() && stat.size > 0n) files.push(fileOf(path, stat));
    }
    const isLog = (file: File) => Number(file.path === this.#path);
    return files.sort((one, other) => one.modified - other.modified || isLog(one) - isLog(other)).slice(-maxRotated);
  }
}

/** Whether the file was rotated away from the log of this name, and can be read. */
function isRotated(entry: string, name: string): boolean {
  return entry.startsWith(name) && /^[.-]/.test(entry.slice(name.length)) && !compressed.test(entry);
}

function keyOf(stat: BigIntStats | undefined): string {
  return stat ? `${stat.ino} ${stat.size} ${stat.mtimeNs}` : 'none';
}

function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function fileOf(path: string, stat: BigIntStats): File {
  return { path, size: Number(stat.size), modified: Number(stat.mtimeNs) / 1e6 };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function isWhereReadingStopped(file: File, cursor: LogCursor): boolean {
  return file.size >= cursor.offset && markAt(file, cursor.offset) === cursor.mark;
}

function cursorAt(file: File, offset: number): LogCursor {
  return { offset, mark: markAt(file, offset), modified: file.modified };
}

function markAt(file: File, offset: number): string {
  const from = Math.max(0, offset - markLength);
  return createHash('sha256')
    .update(readBytes(file.path, { from, length: offset - from }))
    .digest('hex');
}

/** Whole lines from `from` on and where they end. Of a file that nothing is added to, the last one may lack its end. */
function readLines(
  file: File,
  options: { from: number; isComplete: boolean },
): { lines: readonly string[]; end: number } {
  const { from, isComplete } = options;
  const bytes = readBytes(file.path, { from, length: Math.min(chunkBytes, file.size - from) });
  const isAll = from + bytes.length >= file.size;
  const newline = bytes.lastIndexOf(0x0a);
  // A line longer than a chunk is no line of a log: it is passed over.
  const length = (isAll && isComplete) || (newline < 0 && !isAll) ? bytes.length : newline + 1;
  const lines = bytes.toString('utf8', 0, length).split('\n');
  if (lines.at(-1) === '') lines.pop();
  return { lines: lines.filter((line) => line.length <= maxLineLength), end: from + length };
}

function readBytes(path: string, range: { from: number; length: number }): Buffer {
  const buffer = Buffer.alloc(range.length);
  const descriptor = openSync(path, 'r');
  try {
    let length = 0;
    while (length < buffer.length) {
      const count = readSync(descriptor, buffer, length, buffer.length - length, range.from + length);
      if (count === 0) break;
      length += count;
    }
    return buffer.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}
