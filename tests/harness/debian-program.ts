/** A server's program for tests: the system's, or Debian's package unpacked into `.cache`; nothing is installed. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export type ProgramFound = { readonly path: string } | { readonly missing: string };

/** The path of a program, or why there is none. With `CI` in the environment a missing one throws. */
export function findProgram(name: string, options: { readonly package: string }): ProgramFound {
  const cache = join(import.meta.dirname, '../../.cache', options.package);
  const unpacked = join(cache, 'usr/bin', name);
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
  const found = [...onPath, unpacked].find((path) => existsSync(path));
  if (found) return { path: found };
  try {
    unpackPackage(options.package, cache);
    return { path: unpacked };
  } catch (error) {
    const missing = `no ${name} here, and Debian's package cannot be had (${(error as Error).message})`;
    if (process.env.CI) throw new Error(missing, { cause: error });
    return { missing };
  }
}

function unpackPackage(name: string, cache: string): void {
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'unpacking-'));
  try {
    execFileSync('apt-get', ['download', name], { cwd: work, stdio: 'pipe' });
    const archive = readdirSync(work).find((file) => file.endsWith('.deb'));
    if (!archive) throw new Error('apt-get brought no package');
    execFileSync('dpkg', ['-x', archive, 'files'], { cwd: work, stdio: 'pipe' });
    place(join(work, 'files/usr'), join(cache, 'usr'));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Two test files may do this at once: the second finds the first one's. */
function place(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}
