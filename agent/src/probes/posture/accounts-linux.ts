/** How many local accounts may do everything: uid 0, and members of the groups that sudo lets in by custom. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PosturePart } from './posture.ts';

const groups = ['sudo', 'wheel', 'admin'];

export function accountsPart(root: string): PosturePart {
  return {
    name: 'accounts',
    read() {
      const passwd = readFileSync(join(root, 'etc/passwd'), 'utf8');
      return { local_admins: countAdmins(passwd, readFileSync(join(root, 'etc/group'), 'utf8')) };
    },
  };
}

export function countAdmins(passwd: string, group: string): number {
  const admins = new Set<string>();
  const ids = new Set<string>();
  for (const line of group.split('\n')) {
    const [name = '', , id = '', members = ''] = line.split(':');
    if (!groups.includes(name)) continue;
    ids.add(id);
    for (const member of members.split(',')) if (member.trim() !== '') admins.add(member.trim());
  }
  for (const line of passwd.split('\n')) {
    const [name = '', , user, main = ''] = line.split(':');
    if (name !== '' && (user === '0' || ids.has(main))) admins.add(name);
  }
  return admins.size;
}
