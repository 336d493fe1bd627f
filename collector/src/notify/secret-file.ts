/** A secret in a file of its own: the first line, and nobody else's to read. */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';

const maxBytes = 4_096;
const forOthers = 0o077;

/** Read anew each time, so that a secret can be changed while the collector runs. Throws. */
export function readSecretFile(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const { size, mode } = fstatSync(descriptor);
    if (process.platform !== 'win32' && (mode & forOthers) !== 0) {
      throw new Error(`${file} can be read by others (mode ${(mode & 0o777).toString(8)}): chmod 600 it`);
    }
    if (size > maxBytes) throw new Error(`${file} has ${size} bytes: a secret has at most ${maxBytes}`);
    const [secret = ''] = readFileSync(descriptor, 'utf8').split(/\r?\n/, 1);
    if (secret === '') throw new Error(`${file} is empty: its first line must be the secret`);
    return secret;
  } finally {
    closeSync(descriptor);
  }
}
