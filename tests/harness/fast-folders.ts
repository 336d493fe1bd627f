/**
 * Unit tests keep their temporary folders in memory where that is possible: they sync hundreds of small databases, and
 * on a disk most of their time is spent in waiting for it. What a disk does to files is for the tests with processes.
 */
import { readFileSync, statfsSync } from 'node:fs';

const folder = '/dev/shm';
const needed = 1_073_741_824;

function isFit(): boolean {
  try {
    const mounted = readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' '));
    const options = mounted.find(([, where, kind]) => where === folder && kind === 'tmpfs')?.[3]?.split(',');
    // In a container it is often too small, and programs that a test writes cannot be run from it.
    if (!options?.includes('rw') || options.includes('noexec')) return false;
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= needed;
  } catch {
    return false;
  }
}

if (process.env.TMPDIR === undefined && isFit()) process.env.TMPDIR = folder;
