/**
 * Source: `fs.statfs` on the drives C: to Z:. The type of a drive's file system is not to be had there, nor whether it
 * is read-only. Network drives belong to a person's session; a service does not see them.
 * Not run on a Windows machine yet: only its computing is tested.
 */
import type { StatsFs } from 'node:fs';
import { catalogue, type Point, point } from '@vonggac/shared';
import type { Probe } from '../probe.ts';
import { filesystemUsage } from './filesystem-usage.ts';
import { type Statfs, StatfsGuard } from './statfs-guard.ts';

/** A: and B: are floppies. */
const letters = [...'CDEFGHIJKLMNOPQRSTUVWXYZ'];

/** The largest common disc, a double-layer DVD, and images of one. */
const discBytes = 9e9;

export function filesystemProbe(statfs: Statfs): Probe {
  const guard = new StatfsGuard(statfs);
  const known = new Set<string>();
  return {
    name: 'filesystem',
    cadence: catalogue.filesystem.cadence,
    atStart: true,
    timeoutMs: 20_000,
    async collect({ time }) {
      const points: Point[] = [];
      const problems: string[] = [];
      for (const letter of letters) {
        const mount = `${letter}:`;
        try {
          const stats = await guard.ask(`${mount}\\`);
          if (isDisc(stats)) continue;
          known.add(mount);
          points.push(point('filesystem', { time, tags: { mount, type: 'drive' }, fields: filesystemUsage(stats) }));
        } catch (error) {
          // No such drive, or a reader without a card: only a drive that answered before can be broken, and only once,
          // because one that was pulled out is not.
          if (known.delete(mount)) problems.push(error instanceof Error ? error.message : String(error));
        }
      }
      if (points.length === 0) throw new Error(`no drive can be read${problems.map((text) => `; ${text}`).join('')}`);
      return { status: 'measured', points, ...(problems.length > 0 && { incomplete: problems.join('; ') }) };
    },
  };
}

/** Optical discs and mounted images are always full; nobody has to act on that. */
export function isDisc(stats: StatsFs): boolean {
  return stats.bfree === 0 && stats.blocks * stats.bsize < discBytes;
}
