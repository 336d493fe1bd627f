/** Where records wait while the disk does not take them: bounded, in memory, lost with the process. */
import { decodeRecord, type EncodedRecord, type Lane, type SpoolRecord } from './record.ts';
import type { Loss } from './spool-file.ts';

export interface RingEntry {
  readonly lane: Lane;
  readonly encoded: EncodedRecord;
  readonly offset: number | undefined;
}

/** Hours of one machine, half a megabyte. */
const maxRecords = 2_000;

export class MemoryRing {
  /** Negative ids, so that they never meet those of the file. */
  readonly #entries = new Map<number, RingEntry>();
  #nextId = -1;

  get size(): number {
    return this.#entries.size;
  }

  /** Whether a record about losses would not push out another at once. */
  get hasRoom(): boolean {
    return this.#entries.size <= maxRecords / 2;
  }

  /** Adds a record; a full ring gives up its oldest metrics, and events only when there is nothing else. */
  add(entry: RingEntry): { id: number; pushedOut: { id: number; loss: Loss } | undefined } {
    const id = this.#nextId--;
    this.#entries.set(id, entry);
    return { id, pushedOut: this.#entries.size > maxRecords ? this.#pushOut() : undefined };
  }

  /** Sets the clock offset of the records that have none. */
  clockKnown(offset: number): void {
    for (const [id, entry] of this.#entries) this.#entries.set(id, { ...entry, offset: entry.offset ?? offset });
  }

  delete(id: number): void {
    this.#entries.delete(id);
  }

  entries(): [number, RingEntry][] {
    return [...this.#entries];
  }

  /** The oldest record of a lane that `isWanted`, ready to be sent. */
  first(wantedLane: Lane, isWanted: (id: number) => boolean): SpoolRecord | undefined {
    for (const [id, { lane, encoded, offset }] of this.#entries) {
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
    this.#entries.delete(id);
    const { points, firstTime: from, lastTime: to } = encoded;
    return { id, loss: { reason: 'memory_overflow', lane, points, from, to } };
  }
}
