/**
 * Whether the file system at `/` lies on an encrypted disk (LUKS and others of the kernel's device mapper). Sources:
 * mountinfo and `/sys`; no program is started. Undefined for a root that is on no block device.
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseMountinfo } from '../machine/mountinfo.ts';
import type { PosturePart } from './posture.ts';

const maxDepth = 8;

export function encryptionPart(root: string): PosturePart {
  return {
    name: 'disk encryption',
    read() {
      const device = rootDevice(root);
      if (device === undefined) return { problem: 'the root file system is on no block device' };
      return { disk_encryption: isEncrypted(device, 0) ? 'on' : 'off' };
    },
  };
}

/** Its folder in `/sys`. */
function rootDevice(root: string): string | undefined {
  const lines = readFileSync(join(root, 'proc/self/mountinfo'), 'utf8').split('\n').filter(Boolean);
  // The last one hides those below it.
  const line = lines.findLast((one) => parseMountinfo(one)[0]?.mountPoint === '/');
  const [mount] = line === undefined ? [] : parseMountinfo(line);
  if (line === undefined || mount === undefined) return undefined;
  const byNumber = join(root, 'sys/dev/block', mount.device);
  if (existsSync(byNumber)) return realpathSync(byNumber);
  // Btrfs has a number of its own; its source names the disk.
  const source = line.split(' - ')[1]?.split(' ')[1] ?? '';
  if (!source.startsWith('/dev/')) return undefined;
  const file = join(root, source);
  const name = basename(existsSync(file) ? realpathSync(file) : file);
  const byName = join(root, 'sys/class/block', name);
  return existsSync(byName) ? realpathSync(byName) : undefined;
}

/** Itself, or everything below it: a volume of LVM may lie on several disks. */
function isEncrypted(device: string, depth: number): boolean {
  const uuid = join(device, 'dm/uuid');
  if (existsSync(uuid) && readFileSync(uuid, 'utf8').startsWith('CRYPT-')) return true;
  const slaves = join(device, 'slaves');
  const below = existsSync(slaves) ? readdirSync(slaves) : [];
  if (below.length === 0 || depth >= maxDepth) return false;
  return below.every((name) => isEncrypted(realpathSync(join(slaves, name)), depth + 1));
}
