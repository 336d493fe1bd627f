/**
 * Sources: `/proc/self/mountinfo` and statfs(2).
 *
 * Only file systems on local disks: asking about one over the network (nfs, cifs, fuse) can hang for as long as its
 * server is away, and its space is its server's to report. Read-only images (squashfs, iso9660) are always full.
 */
import { join } from 'node:path';
import { catalogue, type Point, point } from '@vonggac/shared';
import { ProcFile } from '../../system/proc-file.ts';
import { cleanText } from '../clean-text.ts';
import type { Probe } from '../probe.ts';
import { filesystemUsage } from './filesystem-usage.ts';
import { type Mount, parseMountinfo } from './mountinfo.ts';
import { type Statfs, StatfsGuard } from './statfs-guard.ts';

const localTypes = new Set(
  'bcachefs btrfs exfat ext2 ext3 ext4 f2fs hfsplus jfs msdos nilfs2 ntfs ntfs3 reiserfs vfat xfs zfs'.split(' '),
);

export function filesystemProbe(root: string, statfs: Statfs): Probe {
  const file = new ProcFile(join(root, 'proc/self/mountinfo'));
  const guard = new StatfsGuard(statfs);
  return {
    name: 'filesystem',
    cadence: catalogue.filesystem.cadence,
    atStart: true,
    timeoutMs: 20_000,
    async collect({ time }) {
      const points: Point[] = [];
      const problems: string[] = [];
      for (const mount of localMounts(parseMountinfo(file.read()))) {
        try {
          const usage = filesystemUsage(await guard.ask(mount.mountPoint));
          const fields = { ...usage, read_only: mount.readOnly };
          const tags = { mount: cleanText(mount.mountPoint), type: mount.type };
          points.push(point('filesystem', { time, tags, fields }));
        } catch (error) {
          // Unmounted between the list and the question.
          if (codeOf(error) === 'ENOENT') continue;
          problems.push(error instanceof Error ? error.message : String(error));
        }
      }
      return { status: 'measured', points, ...(problems.length > 0 && { incomplete: problems.join('; ') }) };
    },
  };
}

/**
 * The mounts to report: local file systems, each once. A mount hidden by a later one at the same place does not count,
 * because asking there would answer for the other.
 */
export function localMounts(mounts: readonly Mount[]): Mount[] {
  const visible = new Map(mounts.map((mount) => [mount.mountPoint, mount]));
  const byDevice = new Map<string, Mount>();
  for (const mount of visible.values()) {
    if (!isLocal(mount)) continue;
    const other = byDevice.get(mount.device);
    if (other === undefined || rank(mount) < rank(other)) byDevice.set(mount.device, mount);
  }
  return [...byDevice.values()];
}

function isLocal({ type, root, mountPoint }: Mount): boolean {
  if (mountPoint === '/') return type === 'overlay' || localTypes.has(type);
  // Only a folder of it is mounted here, and the rest nowhere: a file that a container was given. Subvolumes look alike.
  if (root !== '/' && type !== 'btrfs' && type !== 'bcachefs') return false;
  return localTypes.has(type);
}

/** Which mount stands for its file system: the root, or else a mount of the whole, or else the shortest path. */
function rank({ root, mountPoint }: Mount): number {
  if (mountPoint === '/') return 0;
  return mountPoint.length + (root === '/' ? 0 : 1_000_000);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
