/**
 * Keeps the spool within its bounds of bytes and age. Order of giving up: every second of the oldest metrics, then the
 * oldest metrics, then the oldest events.
 */
import type { SpoolDisk } from './spool-disk.ts';

/** 0: room enough, 1: above 90 %, 2: full, giving up old data. */
export type Level = 0 | 1 | 2;

/** Share of the records given up at once: so little that a small spool keeps most, so much that it is done seldom. */
const dropShare = 1 / 16;
const fullShare = 1;
const highShare = 0.9;
/** Hysteresis: back to normal only well below the mark. */
const normalShare = 0.7;
const expireEveryMs = 3_600_000;

interface Options {
  readonly disk: Pick<SpoolDisk, 'bytes' | 'records' | 'drop'>;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly now: () => number;
  /** What is on its way is not given up: it may arrive, and would be counted as lost as well. */
  readonly inFlight: () => readonly number[];
  /** What may have arrived is given up after all other metrics, for the same reason. */
  readonly doubtful: () => readonly number[];
}

export class Bounds {
  readonly #options: Options;
  #lastExpiry = Number.NEGATIVE_INFINITY;
  #level: Level = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  get level(): Level {
    return this.#level;
  }

  /** Gives up what is too old or too much; true when something was. */
  keep(): boolean {
    const expired = this.#expire();
    const overflowed = this.#makeRoom();
    return expired || overflowed;
  }

  #expire(): boolean {
    const { now, maxAgeMs, disk, inFlight } = this.#options;
    // Of the difference only the size counts: the clock may have been set back.
    if (Math.abs(now() - this.#lastExpiry) < expireEveryMs) return false;
    this.#lastExpiry = now();
    const spare = inFlight();
    const dropped = (['metrics', 'events'] as const).map((lane) =>
      disk.drop((database) => database.dropBefore(now() - maxAgeMs, { lane, spare })),
    );
    return dropped.includes(true);
  }

  #makeRoom(): boolean {
    const { disk, maxBytes } = this.#options;
    const share = () => disk.bytes / maxBytes;
    let gaveUp = false;
    if (share() >= fullShare) {
      this.#level = 2;
      while (share() >= fullShare && this.#giveUpOldest()) gaveUp = true;
    } else if (share() >= highShare) this.#level = this.#level === 0 ? 1 : this.#level;
    else if (share() < normalShare) this.#level = 0;
    return gaveUp;
  }

  #giveUpOldest(): boolean {
    const { disk, inFlight, doubtful } = this.#options;
    const count = Math.ceil(disk.records * dropShare) + 1;
    const spare = inFlight();
    const metrics = (spare: readonly number[]) =>
      disk.drop((database) => database.thinOldest(count, spare)) ||
      disk.drop((database) => database.dropOldest('metrics', { count, spare }));
    return (
      metrics([...spare, ...doubtful()]) ||
      metrics(spare) ||
      disk.drop((database) => database.dropOldest('events', { count, spare }))
    );
  }
}
