import type { StatsFs } from 'node:fs';

export interface FilesystemUsage {
  readonly total_bytes: number;
  readonly available_bytes: number;
  /** Undefined for a file system without a size. */
  readonly used_percent: number | undefined;
  /** Undefined where inodes are not limited: btrfs, FAT, NTFS. */
  readonly inodes_used_percent: number | undefined;
}

/** From statfs(2); the share in use is of what unprivileged users can use, as df computes it. */
export function filesystemUsage(stats: StatsFs): FilesystemUsage {
  const used = stats.blocks - stats.bfree;
  return {
    total_bytes: stats.blocks * stats.bsize,
    available_bytes: stats.bavail * stats.bsize,
    used_percent: stats.blocks > 0 ? percent(used, used + stats.bavail) : undefined,
    inodes_used_percent: stats.files > 0 ? percent(stats.files - stats.ffree, stats.files) : undefined,
  };
}

/** A file system whose last block even root's reserve has taken has nothing left to be a share of. */
function percent(part: number, whole: number): number {
  return whole > 0 ? (part / whole) * 100 : 100;
}
