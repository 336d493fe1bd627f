import type { StatsFs } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FixtureMachine, fixture } from '../../../../tests/golden/fixture-machine.ts';
import { filesystemProbe, localMounts } from './filesystem-linux.ts';
import { parseMountinfo } from './mountinfo.ts';
import type { Statfs } from './statfs-guard.ts';

const stats: StatsFs = { type: 0, bsize: 1, frsize: 1, blocks: 100, bfree: 50, bavail: 50, files: 10, ffree: 5 };

function mountPoints(...lines: readonly string[]): string[] {
  return localMounts(parseMountinfo(lines.join('\n'))).map((mount) => mount.mountPoint);
}

describe('localMounts', () => {
  it('finds the one disk of a captured machine', () => {
    expect(localMounts(parseMountinfo(fixture('first/proc/self/mountinfo')))).toMatchObject([
      { mountPoint: '/', type: 'ext4' },
    ]);
  });

  it('leaves out the network, memory, images and the kernel', () => {
    expect(
      mountPoints(
        '1 0 8:1 / / rw - ext4 /dev/sda1 rw',
        '2 1 0:50 / /mnt/nfs rw - nfs4 server:/export rw',
        '3 1 0:51 / /mnt/share rw - cifs //server/share rw',
        '4 1 0:52 / /home/a/drive rw - fuse.sshfs a@b: rw',
        '5 1 0:53 / /run rw - tmpfs tmpfs rw',
        '6 1 7:0 / /snap/core/1 ro - squashfs /dev/loop0 ro',
        '7 1 11:0 / /media/cdrom ro - iso9660 /dev/sr0 ro',
        '8 1 0:54 / /mnt/auto rw - autofs systemd-1 rw',
        '9 1 0:55 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw',
      ),
    ).toEqual(['/']);
  });

  it('takes the overlay that is the root of a container, without the files it was given', () => {
    expect(
      mountPoints(
        '1 0 0:60 / / rw - overlay overlay rw,lowerdir=/a',
        '2 1 8:1 /var/lib/docker/containers/x/hosts /etc/hosts rw - ext4 /dev/sda1 rw',
        '3 1 8:1 /var/lib/docker/containers/x/resolv.conf /etc/resolv.conf rw - ext4 /dev/sda1 rw',
      ),
    ).toEqual(['/']);
  });

  it('counts a file system once, whatever was bound where', () => {
    expect(
      mountPoints(
        '1 0 8:1 / / rw - ext4 /dev/sda1 rw',
        '2 1 8:1 /srv/www /www rw - ext4 /dev/sda1 rw',
        '3 1 8:2 /sub /d rw - xfs /dev/sda2 rw',
        '4 1 8:2 / /srv/data rw - xfs /dev/sda2 rw',
        '5 1 8:2 / /mnt/longer/data rw - xfs /dev/sda2 rw',
      ),
    ).toEqual(['/', '/srv/data']);
  });

  it('lets the root stand for an image-based system, and for all subvolumes', () => {
    expect(
      mountPoints(
        '1 0 8:1 /ostree/deploy/os / rw - ext4 /dev/sda1 rw',
        '2 1 8:1 / /sysroot rw - ext4 /dev/sda1 rw',
        '3 1 0:30 /@home /home rw - btrfs /dev/sdb rw',
        '4 1 0:30 /@home/.snapshots /home/.snapshots rw - btrfs /dev/sdb rw',
      ),
    ).toEqual(['/', '/home']);
  });

  it('leaves out what a later mount hides', () => {
    expect(
      mountPoints(
        '1 0 8:1 / / rw - ext4 /dev/sda1 rw',
        '2 1 8:2 / /home rw - ext4 /dev/sda2 rw',
        '3 1 0:40 /systemd/inaccessible/dir /home ro - tmpfs tmpfs ro',
        '4 1 8:3 / /data rw - ext4 /dev/sda3 rw',
        '5 4 8:4 / /data rw - xfs /dev/sdb rw',
      ),
    ).toEqual(['/', '/data']);
  });
});

describe('filesystemProbe', () => {
  let machine: FixtureMachine;

  beforeEach(() => {
    machine = new FixtureMachine();
    machine.show('first');
  });

  afterEach(() => machine.remove());

  function collect(statfs: Statfs) {
    return filesystemProbe(machine.root, statfs).collect(
      { time: 1, monotonicMs: () => 0 },
      new AbortController().signal,
    );
  }

  it('gives one point for each file system', async () => {
    expect(await collect(async () => stats)).toEqual({
      status: 'measured',
      points: [
        {
          measurement: 'filesystem',
          tags: { mount: '/', type: 'ext4' },
          fields: {
            total_bytes: 100,
            available_bytes: 50,
            used_percent: 50,
            inodes_used_percent: 50,
            read_only: false,
          },
          time: 1,
        },
      ],
    });
  });

  it('says what could not be read', async () => {
    expect(await collect(() => Promise.reject(new Error('EIO: i/o error, statfs')))).toEqual({
      status: 'measured',
      points: [],
      incomplete: 'EIO: i/o error, statfs',
    });
  });

  it('does not miss what has just been unmounted', async () => {
    const gone = Object.assign(new Error('gone'), { code: 'ENOENT' });
    expect(await collect(() => Promise.reject(gone))).toEqual({ status: 'measured', points: [] });
  });
});
