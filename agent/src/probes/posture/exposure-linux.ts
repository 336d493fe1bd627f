/** What others on the network may try: remote desktop, SMBv1, the password of root. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listeningPorts } from './listening-ports.ts';
import type { PostureFields, PosturePart } from './posture.ts';
import { parseSambaMinimum } from './samba-config.ts';
import { parseRootPassword } from './sshd-config.ts';

const rdp = 3389;
/** One for each screen. */
const vnc = { first: 5900, last: 5910 };
const smb = [139, 445];

export function exposurePart(root: string): PosturePart {
  return {
    name: 'exposure',
    read() {
      const ports = listeningPorts(root);
      const isRemote = [...ports].some((port) => port === rdp || (port >= vnc.first && port <= vnc.last));
      const samba = sambaFields(root, ports);
      const ssh = sshFields(root);
      const problems = [samba.problem, ssh.problem].filter((problem) => problem !== undefined);
      return {
        ...samba,
        ...ssh,
        remote_desktop: isRemote,
        problem: problems.length > 0 ? problems.join(', ') : undefined,
      };
    },
  };
}

function sambaFields(root: string, ports: ReadonlySet<number>): PostureFields {
  if (!smb.some((port) => ports.has(port))) return { smb1: false };
  const file = join(root, 'etc/samba/smb.conf');
  // Another server than Samba, such as the kernel's own, which never knew version 1.
  if (!existsSync(join(root, 'usr/sbin/smbd'))) return {};
  const minimum = existsSync(file) ? parseSambaMinimum(readFileSync(file, 'utf8')) : 'default';
  if (minimum === 'smb1') return { smb1: true };
  if (minimum === 'smb2') return { smb1: false };
  return { problem: 'the least version of SMB is not set; it depends on the version of Samba' };
}

function sshFields(root: string): PostureFields {
  if (!existsSync(join(root, 'usr/sbin/sshd'))) return { ssh_password_root: false };
  const folder = join(root, 'etc/ssh');
  const allowed = parseRootPassword(readFileSync(join(folder, 'sshd_config'), 'utf8'), (pattern) => {
    // Debian and Red Hat both include this folder, and hardly anybody another one.
    if (!/^(?:\/etc\/ssh\/)?sshd_config\.d\/\*\.conf$/.test(pattern)) return undefined;
    const included = join(folder, 'sshd_config.d');
    const names = existsSync(included) ? readdirSync(included).filter((name) => name.endsWith('.conf')) : [];
    return names.sort().map((name) => readFileSync(join(included, name), 'utf8'));
  });
  return allowed === undefined
    ? { problem: 'whether root may use a password depends on who connects' }
    : { ssh_password_root: allowed };
}
