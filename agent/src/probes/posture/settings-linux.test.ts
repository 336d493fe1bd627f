import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountsPart, countAdmins } from './accounts-linux.ts';
import { compareVersions } from './compare-versions.ts';
import { encryptionPart } from './encryption-linux.ts';
import { exposurePart } from './exposure-linux.ts';
import { parseListening } from './listening-ports.ts';
import type { PosturePart } from './posture.ts';
import { rebootPart } from './reboot-linux.ts';
import { parseSambaMinimum } from './samba-config.ts';
import { parseRootPassword } from './sshd-config.ts';
import { supportPart } from './support-linux.ts';

const now = Date.UTC(2026, 10, 20);
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vonggac-posture-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function file(path: string, text = ''): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function read(part: PosturePart) {
  return part.read({ time: now, monotonicMs: () => 0 }, new AbortController().signal);
}

describe('reboot', () => {
  const kernels = (running: string, ...installed: string[]) => {
    file('proc/sys/kernel/osrelease', `${running}\n`);
    for (const release of installed) file(`lib/modules/${release}/modules.dep`);
  };

  it('is pending when the packages say so', () => {
    file('run/reboot-required', '*** System restart required ***\n');
    utimesSync(join(root, 'run/reboot-required'), 1_795_000_000, 1_795_000_000);
    expect(read(rebootPart(root))).toEqual({ reboot_pending: true, reboot_pending_seconds: 1_795_000_000 });
  });

  it('is pending when a newer kernel of the same kind is installed', () => {
    kernels('6.1.0-9-amd64', '6.1.0-9-amd64', '6.1.0-18-amd64', '6.1.0-30-cloud-amd64');
    utimesSync(join(root, 'lib/modules/6.1.0-18-amd64/modules.dep'), 1_795_000_000, 1_795_000_000);
    expect(read(rebootPart(root))).toEqual({ reboot_pending: true, reboot_pending_seconds: 1_795_000_000 });
  });

  it.each([
    ['6.1.0-18-amd64', ['6.1.0-9-amd64', '6.1.0-18-amd64']],
    ['5.14.0-427.13.1.el9_4.x86_64', ['5.14.0-427.13.1.el9_4.x86_64', '5.14.0-70.el9.x86_64']],
  ])('is not pending with the newest kernel %s', (running, installed) => {
    kernels(running, ...installed);
    expect(read(rebootPart(root))).toEqual({ reboot_pending: false });
  });

  it('is not known with a kernel from elsewhere', () => {
    kernels('6.18.44-host', '6.1.0-18-amd64');
    expect(read(rebootPart(root))).toEqual({
      problem: 'the running kernel 6.18.44-host is none of the installed ones',
    });
  });

  it('compares numbers as numbers', () => {
    const sorted = ['6.1.0-18', '6.1.0-9', '6.1', '6.1.0-9.1', '5.15'].sort(compareVersions);
    expect(sorted).toEqual(['5.15', '6.1', '6.1.0-9', '6.1.0-9.1', '6.1.0-18']);
  });
});

describe('disk encryption', () => {
  const mounted = (device: string, source: string) =>
    file('proc/self/mountinfo', `22 27 0:21 / /proc rw - proc proc rw\n27 1 ${device} / / rw - ext4 ${source} rw\n`);

  it('is off on a plain partition', () => {
    mounted('254:1', '/dev/vda1');
    file('sys/dev/block/254:1/size', '1');
    expect(read(encryptionPart(root))).toEqual({ disk_encryption: 'off' });
  });

  it('is on for LUKS, and for LVM on it', () => {
    mounted('253:1', '/dev/mapper/vg-root');
    file('sys/devices/dm-1/dm/uuid', 'LVM-abc');
    file('sys/devices/dm-0/dm/uuid', 'CRYPT-LUKS2-abc-crypt');
    mkdirSync(join(root, 'sys/dev/block'), { recursive: true });
    mkdirSync(join(root, 'sys/devices/dm-1/slaves'), { recursive: true });
    symlinkSync('../../devices/dm-1', join(root, 'sys/dev/block/253:1'));
    symlinkSync('../../dm-0', join(root, 'sys/devices/dm-1/slaves/dm-0'));
    expect(read(encryptionPart(root))).toEqual({ disk_encryption: 'on' });
    file('sys/devices/vdb/size', '1');
    symlinkSync('../../vdb', join(root, 'sys/devices/dm-1/slaves/vdb'));
    expect(read(encryptionPart(root))).toEqual({ disk_encryption: 'off' });
  });

  it('finds the disk of Btrfs by its name', () => {
    mounted('0:29', '/dev/sda2');
    file('sys/class/block/sda2/size', '1');
    expect(read(encryptionPart(root))).toEqual({ disk_encryption: 'off' });
  });

  it('is not known for a root on no disk', () => {
    mounted('0:29', 'overlay');
    expect(read(encryptionPart(root))).toEqual({ problem: 'the root file system is on no block device' });
  });
});

describe('exposure', () => {
  const row = (address: string, port: number, state = '0A') =>
    `   0: ${address}:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 ${state} 00000000:00000000`;
  const listening = (...rows: string[]) => file('proc/net/tcp', ['  sl  local_address', ...rows].join('\n'));

  it('knows ports that others can connect to', () => {
    const rows = [
      row('00000000', 22),
      row('0100007F', 3389),
      row('020000C0', 445, '01'),
      row('0'.repeat(32), 5901),
      row(`${'0'.repeat(24)}01000000`, 5900),
      row('0000000000000000FFFF00000100007F', 80),
    ];
    expect([...parseListening(rows.join('\n'))]).toEqual([22, 5901]);
  });

  it.each([
    [3_389, true],
    [5_900, true],
    [5_911, false],
    [22, false],
  ])('takes port %i for remote desktop: %s', (port, expected) => {
    listening(row('00000000', port));
    expect(read(exposurePart(root))).toMatchObject({ remote_desktop: expected, smb1: false, ssh_password_root: false });
  });

  it.each([
    ['[global]\n server min protocol = NT1\n', true],
    ['[global]\n min protocol = SMB2\n', false],
    ['[global]\n server min protocol = CORE\n[share]\n min protocol = SMB3\n', true],
  ])('reads %j of Samba', (config, smb1) => {
    listening(row('00000000', 445));
    file('usr/sbin/smbd');
    file('etc/samba/smb.conf', config);
    expect(read(exposurePart(root))).toMatchObject({ smb1 });
  });

  it('does not know the default of a Samba whose version it does not know', () => {
    expect(parseSambaMinimum('[global]\n# server min protocol = NT1\n;min protocol = NT1\n')).toBe('default');
    listening(row('00000000', 445));
    file('usr/sbin/smbd');
    const fields = read(exposurePart(root));
    expect(fields).toMatchObject({ problem: expect.stringContaining('least version of SMB') });
    expect(fields).not.toHaveProperty('smb1');
  });

  it('fails when ports cannot be read', () => {
    expect(() => read(exposurePart(root))).toThrow('ENOENT');
  });

  it('reads the configuration of sshd with what it includes', () => {
    listening();
    file('usr/sbin/sshd');
    file('etc/ssh/sshd_config', 'Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin no\n');
    expect(read(exposurePart(root))).toMatchObject({ ssh_password_root: false });
    file('etc/ssh/sshd_config.d/50-cloud.conf', 'PermitRootLogin yes\n');
    expect(read(exposurePart(root))).toMatchObject({ ssh_password_root: true });
  });
});

describe('parseRootPassword', () => {
  it.each([
    ['', false],
    ['PermitRootLogin yes', true],
    ['permitrootlogin=yes', true],
    ['PermitRootLogin "yes"', true],
    ['#PermitRootLogin yes', false],
    ['PermitRootLogin no\nPermitRootLogin yes', false],
    ['PermitRootLogin without-password', false],
    ['PermitRootLogin yes\nPasswordAuthentication no\nKbdInteractiveAuthentication no', false],
    ['PermitRootLogin yes\nPasswordAuthentication no', true],
    ['PermitRootLogin no\nMatch Address 192.0.2.0/24\n  PermitRootLogin yes', undefined],
    ['PermitRootLogin no\nMatch User backup\n  PasswordAuthentication no', false],
    ['Include /elsewhere/*', undefined],
  ])('reads %j', (text, expected) => {
    expect(parseRootPassword(text, () => undefined)).toBe(expected);
  });

  it('comes to an end with a file that includes itself', () => {
    const text = 'Include x\n';
    expect(parseRootPassword(text, () => [text])).toBeUndefined();
  });

  it('takes any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseRootPassword(text, () => [])));
  });
});

it('counts administrators once each', () => {
  const passwd =
    'root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/:/bin/sh\nan:x:1000:1000::/:/bin/sh\nbinh:x:1001:27::/:/bin/sh\n';
  const group = 'sudo:x:27:an,\nwheel:x:10:an,domain-user\nusers:x:100:chi\n';
  expect(countAdmins(passwd, group)).toBe(5);
  file('etc/passwd', passwd);
  file('etc/group', group);
  expect(read(accountsPart(root))).toEqual({ local_admins: 5 });
});

describe('end of support', () => {
  it.each([
    ['ID=debian\nVERSION_ID="12"\n', '2028-06-30', false],
    ['ID=ubuntu\nVERSION_ID="20.04"\n', '2025-05-31', true],
    ['ID="rocky"\nVERSION_ID="9.4"\nID_LIKE="rhel centos fedora"\n', '2032-05-31', false],
    ["ID='centos'\nVERSION_ID='7'\n", '2024-06-30', true],
  ])('reads %j', (text, day, unsupported) => {
    file('etc/os-release', text);
    const seconds = Date.parse(`${day}T23:59:59Z`) / 1_000;
    expect(read(supportPart(root))).toEqual({ os_support_ends_seconds: seconds, os_unsupported: unsupported });
  });

  it('is not known for others', () => {
    file('etc/os-release', 'ID=arch\n');
    expect(read(supportPart(root))).toEqual({ problem: 'not known for arch ' });
  });
});
