/** What was given up and could not be counted on the disk yet: one sum for each reason and lane. */
import { type Point, point } from '@vonggac/shared';
import type { Loss } from './spool-file.ts';

export class Losses {
  readonly #byKind = new Map<string, Loss>();

  /** What could not be counted stays so, whatever is added. */
  add(loss: Loss): void {
    const key = `${loss.reason} ${loss.lane}`;
    const before = this.#byKind.get(key) ?? { ...loss, points: 0 };
    this.#byKind.set(key, {
      ...loss,
      points: loss.points < 0 || before.points < 0 ? -1 : before.points + loss.points,
      from: Math.min(loss.from, before.from),
      to: Math.max(loss.to, before.to),
    });
  }

  all(): Loss[] {
    return [...this.#byKind.values()];
  }

  clear(): void {
    this.#byKind.clear();
  }
}

/** How a loss is told; `time` is when. */
export function gapPoint(loss: Loss, time: number): Point {
  return point('spool_gap', {
    time,
    tags: { reason: loss.reason, lane: loss.lane },
    fields: {
      lost_points: loss.points,
      from_seconds: Math.floor(loss.from / 1_000),
      to_seconds: Math.ceil(loss.to / 1_000),
    },
  });
}
