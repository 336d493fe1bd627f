/** What goes into a backup: small files as they are, databases as they are at one moment. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BackupError } from './backup-error.ts';
import { databases, neededFiles, plainFiles, seriesName } from './data-files.ts';
import { openSnapshot, type Snapshot } from './snapshot.ts';

export interface PlainPart {
  readonly name: string;
  readonly content: Buffer;
}

export interface BackupParts {
  readonly plain: readonly PlainPart[];
  readonly snapshots: readonly Snapshot[];
  release(): void;
}

/** Throws BackupError. */
export function openParts(folder: string, options: { readonly withSeries: boolean }): BackupParts {
  const missing = neededFiles.find((name) => !existsSync(join(folder, name)));
  if (missing !== undefined) {
    throw new BackupError(
      `${folder} is not the data folder of a collector (there is no ${missing}): name the right one with --data`,
    );
  }
  // audit.head first: it may lag behind the log, but never be ahead of it.
  const plain = plainFiles
    .filter((name) => existsSync(join(folder, name)))
    .map((name) => ({ name, content: readFileSync(join(folder, name)) }));
  checkAuthority(plain);
  const snapshots: Snapshot[] = [];
  const release = () => {
    for (const snapshot of snapshots) snapshot.release();
  };
  try {
    const names = [...(options.withSeries ? [seriesName] : []), ...databases.map(({ name }) => name)];
    for (const name of names) {
      const snapshot = openSnapshot(folder, name);
      if (snapshot) snapshots.push(snapshot);
    }
  } catch (error) {
    release();
    throw error;
  }
  return { plain, snapshots, release };
}

/** `vonggac trust rotate` changes keys and certificates one after the other. */
function checkAuthority(plain: readonly PlainPart[]): void {
  const find = (name: string) => plain.find((part) => part.name === name)?.content;
  for (const name of ['ca', 'next-ca', 'leaf']) {
    const [key, certificate] = [find(`trust/${name}-key.pem`), find(`trust/${name}.pem`)];
    if (!key && !certificate) continue;
    if (key && certificate && isPair(key, certificate)) continue;
    throw new BackupError(
      `trust/${name}-key.pem and trust/${name}.pem do not belong together: when they are just being changed, try again`,
    );
  }
}

function isPair(key: Buffer, certificate: Buffer): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}
