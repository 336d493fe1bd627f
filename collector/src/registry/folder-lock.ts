/**
 * One collector works on a data folder. The lock is SQLite's on `lock.db`, which the system lets go of however the
 * process ends; a file with a process number in it would outlive a crash.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataFolderError, prepareDataFolder } from './database.ts';

export interface FolderLock {
  release(): void;
}

/** Throws DataFolderError when another collector holds it or the folder cannot be used. */
export function lockFolder(folder: string): FolderLock {
  prepareDataFolder(folder);
  const file = join(folder, 'lock.db');
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT;');
  } catch (cause) {
    database?.close();
    const isBusy = (cause as { errcode?: unknown }).errcode === 5;
    throw new DataFolderError(
      isBusy
        ? `another collector works on ${folder}: stop it first, or choose another folder with --data`
        : `cannot use ${file} (${(cause as Error).message}): check that the folder is writable`,
      { cause },
    );
  }
  const held = database;
  return { release: () => held.close() };
}
