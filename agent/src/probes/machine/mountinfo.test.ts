import { describe, expect, it } from 'vitest';
import { fixture } from '../../../../tests/golden/fixture-machine.ts';
import { parseMountinfo } from './mountinfo.ts';

describe('parseMountinfo', () => {
  it('reads a captured file', () => {
    const mounts = parseMountinfo(fixture('first/proc/self/mountinfo'));
    expect(mounts).toHaveLength(19);
    expect(mounts.find((mount) => mount.type === 'ext4')).toEqual({
      device: '254:0',
      root: '/',
      mountPoint: '/',
      type: 'ext4',
      readOnly: false,
    });
  });

  it('reads lines with any number of optional columns', () => {
    const text = [
      '36 35 98:0 / /mnt/a rw,noatime - ext3 /dev/root rw,errors=continue',
      '37 35 98:1 / /mnt/b rw,noatime master:1 - ext3 /dev/sdb rw',
      '38 35 98:2 / /mnt/c rw shared:7 master:1 propagate_from:2 - xfs /dev/sdc rw',
    ].join('\n');
    expect(parseMountinfo(text).map((mount) => mount.mountPoint)).toEqual(['/mnt/a', '/mnt/b', '/mnt/c']);
  });

  it('reads names with blanks, tabs, line breaks, backslashes and accents', () => {
    const text = '36 35 8:1 /a\\040b /media/\\011Ổ\\040đĩa\\012\\134\\043 rw - vfat /dev/sdb1 rw\n';
    expect(parseMountinfo(text)[0]).toMatchObject({ root: '/a b', mountPoint: '/media/\tỔ đĩa\n\\#' });
  });

  it('tells a read-only file system from a read-only mount of a writable one', () => {
    const text = [
      '36 35 8:1 / / ro,relatime - ext4 /dev/sda1 rw',
      '37 35 8:2 / /data ro,relatime - ext4 /dev/sda2 ro,errors=remount-ro',
    ].join('\n');
    expect(parseMountinfo(text).map((mount) => mount.readOnly)).toEqual([false, true]);
  });

  it.each(['garbage', '36 35 8:1 / /mnt rw', '36 35 8:1 / - ext4 /dev/sda1 rw', '36 35 8:1 / /mnt rw - ext4'])(
    'throws at %j',
    (text) => {
      expect(() => parseMountinfo(text)).toThrow('cannot parse /proc/self/mountinfo');
    },
  );
});
