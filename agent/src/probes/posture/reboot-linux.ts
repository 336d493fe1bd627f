/**
 * Whether an update waits for a restart. Sources: the file that Debian's packages leave, and the newest installed kernel
 * beside the running one. Undefined where neither can tell: a container, a kernel from elsewhere.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compareVersions } from './compare-versions.ts';
import type { PostureFields, PosturePart } from './posture.ts';

export function rebootPart(root: string): PosturePart {
  return { name: 'reboot', read: () => rebootFields(root) };
}

function rebootFields(root: string): PostureFields {
  const mark = statSync(join(root, 'run/reboot-required'), { throwIfNoEntry: false });
  if (mark) return { reboot_pending: true, reboot_pending_seconds: Math.floor(mark.mtimeMs / 1_000) };
  const running = readFileSync(join(root, 'proc/sys/kernel/osrelease'), 'utf8').trim();
  const modules = join(root, 'lib/modules');
  const installed = existsSync(modules) ? readdirSync(modules).filter((name) => /^\d/.test(name)) : [];
  if (!installed.includes(running)) return { problem: `the running kernel ${running} is none of the installed ones` };
  // Of the same build: 6.1.0-18-amd64 is not replaced by 6.1.0-20-cloud-amd64.
  const alike = installed.filter((name) => flavour(name) === flavour(running));
  const newest = alike.sort(compareVersions).at(-1) ?? running;
  if (newest === running) return { reboot_pending: false };
  // Written when the kernel is installed; the folder itself carries the date of its making.
  const since = statSync(join(modules, newest, 'modules.dep'), { throwIfNoEntry: false })?.mtimeMs;
  return {
    reboot_pending: true,
    ...(since !== undefined && { reboot_pending_seconds: Math.floor(since / 1_000) }),
  };
}

/** What follows the numbers: `amd64`, `cloud-amd64`, `el9_3.x86_64` without its numbers. */
function flavour(release: string): string {
  return release.replace(/\d+/g, '').replace(/[._-]+/g, '-');
}
