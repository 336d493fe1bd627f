/**
 * A database file as it is at one moment, while others write to it. All that a backup holds is opened together: the
 * read transactions stay open until each has been copied, so that the copies agree with each other to a few milliseconds.
 * SQLite's journal (WAL) keeps what is written meanwhile; nobody waits.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { BackupError } from './backup-error.ts';

/** 16 MB of 4 KB pages: large enough to be fast, small enough to tell how far it is. */
const pagesAtOnce = 4_096;

export interface Snapshot {
  readonly name: string;
  readonly bytes: number;
  readonly format: number;
  /** Writes it into a new file. */
  copyTo(file: string, progress: (bytes: number) => void): Promise<void>;
  release(): void;
}

/** Undefined when there is no such file. Throws BackupError. */
export function openSnapshot(folder: string, name: string): Snapshot | undefined {
  const file = join(folder, name);
  if (!existsSync(file)) return undefined;
  let database: DatabaseSync | undefined;
  try {
    const opened = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    database = opened;
    // The first reading, not BEGIN, fixes the moment.
    opened.exec('BEGIN; SELECT count(*) FROM sqlite_schema;');
    const pageBytes = readNumber(opened, 'page_size');
    return {
      name,
      bytes: readNumber(opened, 'page_count') * pageBytes,
      format: readNumber(opened, 'user_version'),
      async copyTo(target, progress) {
        const told = ({ totalPages, remainingPages }: { totalPages: number; remainingPages: number }) =>
          progress((totalPages - remainingPages) * pageBytes);
        await backup(opened, target, { rate: pagesAtOnce, progress: told });
      },
      release: () => opened.isOpen && opened.close(),
    };
  } catch (cause) {
    database?.close();
    throw new BackupError(`cannot read ${file} (${(cause as Error).message})`, { cause });
  }
}

function readNumber(database: DatabaseSync, pragma: string): number {
  return Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0] as number;
}

/** What is wrong with a copy; undefined when it is sound. */
export function damageOf(file: string): string | undefined {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const found = database.prepare('PRAGMA quick_check(1)').get()?.quick_check;
    return found === 'ok' ? undefined : String(found);
  } catch (error) {
    return (error as Error).message;
  } finally {
    database.close();
  }
}
