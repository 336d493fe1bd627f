import type { StatsFs } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { filesystemUsage } from './filesystem-usage.ts';

const ext4: StatsFs = {
  type: 61_267,
  bsize: 4096,
  frsize: 4096,
  blocks: 1000,
  bfree: 400,
  bavail: 350,
  files: 200,
  ffree: 150,
};

describe('filesystemUsage', () => {
  it('counts as df does: of what unprivileged users can use', () => {
    expect(filesystemUsage(ext4)).toEqual({
      total_bytes: 4_096_000,
      available_bytes: 350 * 4096,
      used_percent: (600 / 950) * 100,
      inodes_used_percent: 25,
    });
  });

  it('is full when nothing is available, though root has a reserve', () => {
    expect(filesystemUsage({ ...ext4, bfree: 50, bavail: 0 }).used_percent).toBe(100);
  });

  it('is full when not even a used block is counted', () => {
    expect(filesystemUsage({ ...ext4, bfree: 1000, bavail: 0 }).used_percent).toBe(100);
  });

  it('has no share of inodes where they are not limited', () => {
    expect(filesystemUsage({ ...ext4, files: 0, ffree: 0 }).inodes_used_percent).toBeUndefined();
  });

  it('has no share of nothing', () => {
    expect(filesystemUsage({ ...ext4, blocks: 0, bfree: 0, bavail: 0 })).toMatchObject({
      total_bytes: 0,
      used_percent: undefined,
    });
  });
});
