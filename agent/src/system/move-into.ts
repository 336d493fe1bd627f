import { closeSync, fsyncSync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';

/** Puts a file in another's place, so that it is still there after a power cut. */
export function moveInto(from: string, to: string): void {
  renameSync(from, to);
  // Windows cannot sync a folder; NTFS keeps a rename in its journal.
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(to), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
