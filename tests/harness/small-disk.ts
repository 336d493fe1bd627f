/** A disk of a few mebibytes, in memory, that can be filled to the last byte. Takes root. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Why there can be none, or undefined. */
export function noSmallDisk(): string | undefined {
  return process.platform === 'linux' && process.getuid?.() === 0 ? undefined : 'mounting a small disk takes root';
}

export class SmallDisk {
  readonly path: string;
  readonly #ballast: string;
  #isMounted = false;

  constructor(path: string) {
    this.path = path;
    this.#ballast = join(path, 'ballast');
  }

  mount(mebibytes: number): void {
    mkdirSync(this.path, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes * 1_024}k,mode=0700`, 'tmpfs', this.path]);
    this.#isMounted = true;
  }

  /** Takes all room; again, what was given back since. */
  fill(): void {
    const file = openSync(this.#ballast, 'a');
    try {
      // The size of a page first, then what is left of the last one.
      for (const bytes of [4_096, 1]) while (writes(file, bytes));
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(this.#ballast, { force: true });
  }

  /** Throws while a file is open for writing. */
  remount(how: 'ro' | 'rw'): void {
    execFileSync('mount', ['-o', `remount,${how}`, this.path]);
  }

  /** Safe twice, and before `mount`. */
  unmount(): void {
    if (!this.#isMounted) return;
    this.#isMounted = false;
    execFileSync('umount', ['--lazy', this.path]);
  }
}

function writes(file: number, bytes: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(bytes)) === bytes;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}
