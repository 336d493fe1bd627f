/** What was given up: its kinds, its sums, and how it is told. */
import { type Point, point } from '@vonggac/shared';
import { type EncodedRecord, encodeRecord, type Lane } from './record.ts';

/** Append only: the ledger keeps their places. `interrupted`: in memory only when the agent's process ended. */
export const lossReasons = [
  'thinned',
  'overflow',
  'expired',
  'damaged',
  'memory_overflow',
  'unsendable',
  'interrupted',
] as const;
export type LossReason = (typeof lossReasons)[number];

/** What was given up, and of which times (milliseconds since 1970). */
export interface Loss {
  readonly reason: LossReason;
  readonly lane: Lane;
  /** -1 when they could not be counted. */
  readonly points: number;
  readonly from: number;
  readonly to: number;
}

/** One sum for each reason and lane. */
export class Losses {
  readonly #byKind = new Map<string, Loss>();

  constructor(losses: Iterable<Loss> = []) {
    for (const loss of losses) this.add(loss);
  }

  add(loss: Loss): void {
    const { reason, lane, points, from, to } = loss;
    const key = `${reason} ${lane}`;
    const before = this.#byKind.get(key) ?? { points: 0, from, to };
    this.#byKind.set(key, {
      reason,
      lane,
      points: addCounts(before.points, points),
      from: Math.min(from, before.from),
      to: Math.max(to, before.to),
    });
  }

  all(): Loss[] {
    return [...this.#byKind.values()];
  }

  clear(): void {
    this.#byKind.clear();
  }
}

/** What could not be counted stays so, whatever is added. */
export function addCounts(a: number, b: number): number {
  return a < 0 || b < 0 ? -1 : a + b;
}

/** The losses but for those that are told of. */
export function without(losses: readonly Loss[], told: readonly Loss[]): Loss[] {
  return losses.flatMap((loss) => {
    const part = told.find(({ reason, lane }) => reason === loss.reason && lane === loss.lane);
    if (!part) return [loss];
    const points = loss.points < 0 ? 0 : loss.points - Math.max(part.points, 0);
    return points > 0 ? [{ ...loss, points }] : [];
  });
}

/** The record that tells of losses; `time` is when. It stands for as many points as it tells of: lost, they are told again. */
export function gapRecord(losses: readonly Loss[], time: number): EncodedRecord {
  const encoded = encodeRecord(losses.map((loss) => gapPoint(loss, time)));
  return { ...encoded, points: losses.reduce((sum, loss) => addCounts(sum, loss.points), 0) };
}

function gapPoint(loss: Loss, time: number): Point {
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
