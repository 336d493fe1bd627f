import { readFileSync } from 'node:fs';
import { BackupError } from './backup-error.ts';

const shortest = 12;
const longest = 4_096;

/** The first line of the file; undefined when none is named. Throws BackupError. */
export function readPassphrase(file: unknown): string | undefined {
  if (typeof file !== 'string') return undefined;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new BackupError(`cannot read the passphrase: ${(cause as Error).message}`, { cause });
  }
  const [passphrase = ''] = text.split(/\r?\n/, 1);
  if (passphrase.length < shortest || passphrase.length > longest) {
    throw new BackupError(
      `the passphrase in ${file} has ${passphrase.length} characters: its first line must have ${shortest} to ${longest}`,
    );
  }
  return passphrase;
}
