import { closeSync, fsyncSync, openSync } from 'node:fs';

/** So that a new name outlives a power cut. Windows does so by itself, and cannot open folders. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
