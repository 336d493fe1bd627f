/** Where records wait while the disk does not take them: bounded, in memory, lost with the process. */
import type { Loss } from './losses.ts';
import { decodeRecord, type KeptRecord, type Lane, type SpoolRecord } from './record.ts';

/** Hours of one machine, half a megabyte. */
const maxRecords = 2_000;

export class MemoryRing {
  /** In the order in which they came. */
  readonly #records = new Map<number, KeptRecord>();

  get size(): number {
    return this.#records.size;
  }

  /** Whether a record about losses would not push out another at once. */
  get hasRoom(): boolean {
    return this.#records.size <= maxRecords / 2;
  }

  has(id: number): boolean {
    return this.#records.has(id);
  }

  /** Adds a record; a full ring gives up its oldest metrics, and events only when there is nothing else. */
  add(id: number, record: KeptRecord): { id: number; loss: Loss } | undefined {
    this.#records.set(id, record);
    return this.#records.size > maxRecords ? this.#pushOut() : undefined;
  }

  /** Sets the clock offset of the records that have none. */
  clockKnown(offset: number): void {
    for (const [id, record] of this.#records) this.#records.set(id, { ...record, offset: record.offset ?? offset });
  }

  delete(id: number): boolean {
    return this.#records.delete(id);
  }

  entries(): [number, KeptRecord][] {
    return [...this.#records];
  }

  /** The oldest record of a lane that `isWanted`, ready to be sent. */
  first(wantedLane: Lane, isWanted: (id: number) => boolean): SpoolRecord | undefined {
    for (const [id, { lane, encoded, offset }] of this.#records) {
      if (lane !== wantedLane || !isWanted(id)) continue;
      return { id, lane, points: decodeRecord(encoded.body, encoded.firstTime), offset };
    }
    return undefined;
  }

  #pushOut(): { id: number; loss: Loss } | undefined {
    const entries = this.entries();
    const oldest = entries.find(([, { lane }]) => lane === 'metrics') ?? entries[0];
    if (!oldest) return undefined;
    const [id, { lane, encoded }] = oldest;
    this.#records.delete(id);
    const { points, firstTime: from, lastTime: to } = encoded;
    return { id, loss: { reason: 'memory_overflow', lane, points, from, to } };
  }
}
