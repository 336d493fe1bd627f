/** Opens the SQLite files beside `collector.db` that have a format of their own: `audit.db` and `people.db`. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataFolderError, prepareDataFolder, transaction } from './database.ts';

export interface SideFile {
  readonly name: string;
  /** SQL of each format version, in order; one that was released never changes. */
  readonly formats: readonly string[];
}

/** Opens the file in `folder`, creating it or bringing it to the newest format. Throws DataFolderError. */
export function openSideFile(folder: string, { name, formats }: SideFile): DatabaseSync {
  prepareDataFolder(folder);
  const file = join(folder, name);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { enableForeignKeyConstraints: true, timeout: 5_000 });
    const opened = database;
    opened.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    if (formatOf(opened) > formats.length) {
      throw new DataFolderError(`${file} was made by a newer version of Vọng Gác: install that version`);
    }
    // Several commands may find the file old at once: whoever gets the lock second finds it done.
    if (formatOf(opened) < formats.length) {
      transaction(opened, () => {
        for (const sql of formats.slice(formatOf(opened))) opened.exec(sql);
        opened.exec(`PRAGMA user_version = ${formats.length}`);
      });
    }
    return opened;
  } catch (cause) {
    database?.close();
    if (cause instanceof DataFolderError) throw cause;
    throw new DataFolderError(
      `cannot open ${file} (${(cause as Error).message}): check that the folder is writable and the file is not damaged`,
      { cause },
    );
  }
}

function formatOf(database: DatabaseSync): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}
