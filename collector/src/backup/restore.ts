/**
 * Puts a backup in the place of a data folder.
 *
 * Specification: the folder's lock is held from first to last, so no collector works on it. The backup is read into
 * `restore-incoming` inside the folder and verified to the last byte; until then what was there is as it was. Then that
 * folder is renamed to `restore-ready`, which no other command goes past, the old files go into `before-restore-<time>`
 * and the new ones into their place, all by renaming. Interrupted before, nothing has happened; after, the restore is run
 * again. Inside the folder, because the one around it is often not ours or another file system.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AuditLog } from '../registry/audit-log.ts';
import { halfRestored } from '../registry/database.ts';
import { lockFolder } from '../registry/folder-lock.ts';
import { BackupError } from './backup-error.ts';
import { incomingFolder, setAsidePrefix } from './data-files.ts';
import type { Manifest } from './manifest.ts';
import { readBackup } from './read-backup.ts';
import { syncFolder } from './sync-folder.ts';

export interface RestoreOrder {
  readonly file: string;
  readonly data: string;
  readonly passphrase?: string | undefined;
  /** Whether what is in the folder is set aside. */
  readonly force: boolean;
  /** Who wants it, for the audit log. */
  readonly by: { readonly actor: string; readonly source: string };
  readonly now: () => number;
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

export interface RestoreReport {
  readonly manifest: Manifest;
  /** The folder with what was there before. */
  readonly setAside: string | undefined;
}

/** Throws BackupError, and DataFolderError while a collector works on the folder. */
export async function restoreBackup(order: RestoreOrder): Promise<RestoreReport> {
  const data = resolve(order.data);
  if (!existsSync(order.file)) throw new BackupError(`cannot read the backup ${order.file}: there is no such file`);
  const lock = lockFolder(data);
  try {
    const present = contentOf(data);
    if (present.length > 0 && !order.force) {
      throw new BackupError(
        `${data} is not empty (${present.slice(0, 3).join(', ')}${present.length > 3 ? ', …' : ''}): ` +
          'choose an empty folder with --data, or set aside what is there with --force',
      );
    }
    const incoming = join(data, incomingFolder);
    const manifest = await receive(incoming, order);
    const ready = join(data, halfRestored);
    rmSync(ready, { recursive: true, force: true });
    renameSync(incoming, ready);
    syncFolder(data);
    const setAside = present.length > 0 ? moveAside(data, { present, now: order.now() }) : undefined;
    for (const name of readdirSync(ready)) renameSync(join(ready, name), join(data, name));
    syncFolder(data);
    rmSync(ready, { recursive: true });
    record(order, manifest);
    return { manifest, setAside };
  } finally {
    lock.release();
  }
}

/** What a restore would replace. */
function contentOf(folder: string): string[] {
  const ours = /^lock\.db(-journal)?$/;
  return readdirSync(folder).filter(
    (name) => !ours.test(name) && name !== incomingFolder && name !== halfRestored && !name.startsWith(setAsidePrefix),
  );
}

async function receive(incoming: string, { file, passphrase, progress }: RestoreOrder): Promise<Manifest> {
  rmSync(incoming, { recursive: true, force: true });
  mkdirSync(incoming, { mode: 0o700 });
  try {
    const manifest = await readBackup(file, { into: incoming, passphrase, progress });
    for (const folder of [incoming, join(incoming, 'trust')]) syncFolder(folder);
    return manifest;
  } catch (error) {
    rmSync(incoming, { recursive: true, force: true });
    throw error;
  }
}

function moveAside(data: string, { present, now }: { present: readonly string[]; now: number }): string {
  const stamp = new Date(now).toISOString().replaceAll(':', '-');
  let aside = join(data, `${setAsidePrefix}${stamp}`);
  for (let copy = 2; existsSync(aside); copy += 1) aside = join(data, `${setAsidePrefix}${stamp}-${copy}`);
  mkdirSync(aside, { mode: 0o700 });
  for (const name of present) renameSync(join(data, name), join(aside, name));
  syncFolder(aside);
  return aside;
}

function record({ data, by, file, now }: RestoreOrder, manifest: Manifest): void {
  const log = new AuditLog(data);
  try {
    const after = { made_at: manifest.made_at, host: manifest.host, version: manifest.version };
    log.append({ at: now(), ...by, action: 'backup.restore', subject: resolve(file), after });
  } finally {
    log.close();
  }
}
