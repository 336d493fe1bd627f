/**
 * The agent's durable queue. `append` never throws and never blocks the agent: what the disk does not take goes to a
 * bounded ring in memory until it does. Every point that has to be given up is counted, and the counts are delivered as
 * `spool_gap` points: one for each reason and lane, as soon as something is sent.
 *
 * Events are apart from metrics, and what was just measured is apart from what is only on the disk, which is read back
 * from its oldest; which of them goes next is the taker's choice. Order of giving up: every second of the oldest metrics,
 * then the oldest metrics, then the oldest events.
 */
import { randomBytes } from 'node:crypto';
import type { Point } from '@vonggac/shared';
import type { Logger } from '../log.ts';
import { gapPoint, Losses } from './losses.ts';
import { MemoryRing, type RingEntry } from './memory-ring.ts';
import { encodeRecord, type Lane, type SpoolRecord } from './record.ts';
import { frameBytes, splitIntoRecords } from './sendable.ts';
import { type Loss, SpoolFile } from './spool-file.ts';
import { SpoolLocked } from './spool-format.ts';

/** 0: room enough, 1: above 90 %, 2: full, giving up old data, 3: the disk does not take anything. */
export type SpoolState = 0 | 1 | 2 | 3;

export interface SpoolStatus {
  readonly records: number;
  readonly bytes: number;
  /** Since the agent started. */
  readonly lostPoints: number;
  readonly state: SpoolState;
}

interface Options {
  /** The data folder. */
  readonly folder: string;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly now: () => number;
  readonly logger: Logger;
}

/** Share of the records given up at once: so little that a small spool keeps most, so much that it is done seldom. */
const dropShare = 1 / 16;
/** Records read back at once. */
const readChunk = 64;
const fullShare = 1;
const highShare = 0.9;
/** Hysteresis: back to normal only well below the mark. */
const normalShare = 0.7;
const reopenEveryMs = 5_000;
const expireEveryMs = 3_600_000;
/**
 * Just-measured records kept decoded for sending; older unsent ones are read back from the disk. As many as are gathered
 * in five minutes at the default cadences.
 */
const freshRecords = 32;
const removedBeforeFlush = 256;

export class Spool {
  readonly #options: Options;
  #file: SpoolFile | undefined;
  #lastOpenAttempt = Number.NEGATIVE_INFINITY;
  #lastExpiry = Number.NEGATIVE_INFINITY;
  readonly #ring = new MemoryRing();
  #fresh: SpoolRecord[] = [];
  readonly #inFlight = new Set<number>();
  /** Lanes of which nothing is stored that is neither fresh nor in flight. */
  readonly #exhausted = new Set<Lane>();
  #removedSinceFlush = 0;
  #lostPoints = 0;
  #state: SpoolState = 0;
  /** Of this run only, until a file could be opened. */
  #epoch = randomBytes(8).toString('hex');
  #clockOffset: number | undefined;
  readonly #unwrittenLosses = new Losses();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Opens the file. Throws SpoolLocked when another agent uses it; any other trouble only degrades. */
  start(): void {
    this.#open();
  }

  /** Names the spool to the collector. */
  get epoch(): string {
    return this.#epoch;
  }

  status(): SpoolStatus {
    return {
      records: (this.#file?.records ?? 0) + this.#ring.size,
      bytes: this.#file?.bytes ?? 0,
      lostPoints: this.#lostPoints,
      state: this.#state,
    };
  }

  /** Keeps points until they are acknowledged, as records that each fit into a frame. */
  append(lane: Lane, options: { points: readonly Point[]; offset: number | undefined }): void {
    const { records, unsendable } = splitIntoRecords(options.points);
    if (unsendable.length > 0) this.#giveUp(lane, unsendable);
    for (const points of records) this.#appendRecord(lane, { points, offset: options.offset });
  }

  #appendRecord(lane: Lane, options: { points: readonly Point[]; offset: number | undefined }): void {
    const encoded = encodeRecord(options.points);
    const id = this.#write({ lane, encoded, offset: options.offset });
    this.#fresh.push({ id, lane, points: options.points, offset: options.offset });
    if (this.#fresh.length > freshRecords) {
      this.#fresh.shift();
      this.#exhausted.clear();
    }
    this.#expire();
    this.#makeRoom();
  }

  /**
   * Records of one lane to send next, in the order in which they were made: the newest of those that were just measured,
   * or with `stored` the oldest of the others. At most `maxPoints` points and `maxBytes` bytes together (but at least one
   * record), all with the same clock offset. They count as in flight until `done` or `release`.
   */
  take(lane: Lane, options: { stored: boolean; maxPoints: number; maxBytes: number }): SpoolRecord[] {
    const candidates = options.stored ? this.#stored(lane) : this.#fresh.filter((record) => record.lane === lane);
    if (!options.stored) candidates.reverse();
    const taken: SpoolRecord[] = [];
    let points = 0;
    let bytes = 0;
    for (const record of candidates) {
      if (record.offset !== candidates[0]?.offset) continue;
      points += record.points.length;
      for (const point of record.points) bytes += frameBytes(point);
      if (taken.length > 0 && (points > options.maxPoints || bytes > options.maxBytes)) break;
      taken.push(record);
      this.#inFlight.add(record.id);
    }
    this.#fresh = this.#fresh.filter((record) => !this.#inFlight.has(record.id));
    return options.stored ? taken : taken.reverse();
  }

  /** The collector has them. */
  done(ids: readonly number[]): void {
    for (const id of ids) {
      this.#inFlight.delete(id);
      if (id < 0) this.#ring.delete(id);
      else this.#file?.remove(id);
    }
    this.#removedSinceFlush += ids.length;
    if (this.#removedSinceFlush < removedBeforeFlush) return;
    this.#removedSinceFlush = 0;
    this.#tryDisk((file) => file.flush());
  }

  /** They did not arrive, or nobody knows; they are sent again. */
  release(ids: readonly number[]): void {
    for (const id of ids) this.#inFlight.delete(id);
    this.#exhausted.clear();
  }

  /**
   * Says what the collector's clock is ahead by. Records of this run that were kept before anybody knew get it too: a
   * wrong clock would have them refused.
   */
  clockKnown(offset: number): void {
    const isFirst = this.#clockOffset === undefined;
    this.#clockOffset = offset;
    if (!isFirst) return;
    this.#fresh = this.#fresh.map((record) => ({ ...record, offset: record.offset ?? offset }));
    this.#ring.clockKnown(offset);
    this.#tryDisk((file) => file.clockKnown(offset));
    this.#exhausted.clear();
  }

  stop(): void {
    const file = this.#file;
    this.#file = undefined;
    try {
      file?.close();
    } catch (error) {
      this.#options.logger.warn('cannot close the spool cleanly', { error: (error as Error).message });
    }
  }

  #stored(lane: Lane): SpoolRecord[] {
    if (this.#exhausted.has(lane)) return [];
    if (lane === 'events') this.#settleGaps();
    const spokenFor = new Set(this.#inFlight);
    for (const { id } of this.#fresh) spokenFor.add(id);
    const found = this.#readLane(lane, spokenFor);
    if (found.length > 0) return found;
    const held = this.#ring.first(lane, (id) => !spokenFor.has(id));
    if (held) return [held];
    // What could not be written yet will be an event.
    if (lane === 'metrics' || this.#unwrittenLosses.all().length === 0) this.#exhausted.add(lane);
    return [];
  }

  #readLane(lane: Lane, spokenFor: ReadonlySet<number>): SpoolRecord[] {
    const result = this.#tryDisk((file) => {
      let after = 0;
      for (;;) {
        const { records, lost, last } = file.read(lane, { after, limit: readChunk });
        for (const loss of lost) this.#counted(loss);
        const unsent = records.filter((record) => !spokenFor.has(record.id));
        if (unsent.length > 0 || last === undefined) return unsent;
        after = last;
      }
    });
    return result ?? [];
  }

  #write(entry: RingEntry): number {
    const id = this.#tryDisk((file) => file.append(entry.encoded, entry));
    if (id !== undefined) {
      this.#moveRingToDisk();
      return id;
    }
    const { id: ringId, pushedOut } = this.#ring.add(entry);
    if (pushedOut) {
      this.#forgetFresh(pushedOut.id);
      this.#lost(pushedOut.loss);
    }
    return ringId;
  }

  #moveRingToDisk(): void {
    for (const [id, entry] of this.#ring.entries()) {
      if (this.#inFlight.has(id)) continue;
      if (this.#tryDisk((file) => file.append(entry.encoded, entry)) === undefined) return;
      this.#ring.delete(id);
      this.#forgetFresh(id);
      this.#exhausted.clear();
    }
  }

  #forgetFresh(id: number): void {
    this.#fresh = this.#fresh.filter((record) => record.id !== id);
  }

  /** Points that no frame can carry; sent all the same, the collector would refuse what is sent with them, again and again. */
  #giveUp(lane: Lane, points: readonly Point[]): void {
    const times = points.map(({ time }) => time);
    this.#lost({
      reason: 'unsendable',
      lane,
      points: points.length,
      from: Math.min(...times),
      to: Math.max(...times),
    });
    this.#options.logger.error('points that do not fit into a message were given up', {
      points: points.length,
      measurement: points[0]?.measurement,
    });
  }

  /** Counts a loss that the file did not count itself. */
  #lost(loss: Loss): void {
    this.#counted(loss);
    this.#unwrittenLosses.add(loss);
  }

  /** What the file has given up is not sent either: the books would not balance. */
  #gaveUp(loss: Loss): void {
    this.#counted(loss);
    const present = this.#tryDisk((file) => file.present(this.#fresh.map(({ id }) => id)));
    if (present) this.#fresh = this.#fresh.filter(({ id }) => id < 0 || present.has(id));
  }

  /** There is a gap to tell of. */
  #counted(loss: Loss): void {
    this.#lostPoints += Math.max(loss.points, 0);
    this.#exhausted.delete('events');
  }

  /** Makes the counted losses a record that can be sent: in the file, or in the ring once that has room again. */
  #settleGaps(): void {
    const now = this.#options.now();
    const toRecord = (losses: readonly Loss[]) => encodeRecord(losses.map((loss) => gapPoint(loss, now)));
    const unwritten = this.#unwrittenLosses.all();
    const settled = this.#tryDisk((file) => {
      if (unwritten.length > 0) file.count(unwritten);
      file.settleGaps(toRecord, this.#clockOffset);
      return true;
    });
    if (!settled) {
      if (unwritten.length === 0 || !this.#ring.hasRoom) return;
      this.#ring.add({ lane: 'events', encoded: toRecord(unwritten), offset: this.#clockOffset });
    }
    this.#unwrittenLosses.clear();
  }

  /** Runs `work` on the file, opening it when needed; undefined when the disk does not play along. */
  #tryDisk<T>(work: (file: SpoolFile) => T): T | undefined {
    try {
      const file = this.#file ?? this.#reopen();
      if (!file) return undefined;
      const result = work(file);
      if (this.#state === 3) this.#enter(0);
      return result;
    } catch (error) {
      this.#diskFailed(error as Error);
      return undefined;
    }
  }

  #reopen(): SpoolFile | undefined {
    // Of the difference only the size counts: the clock may have been set back.
    if (Math.abs(this.#options.now() - this.#lastOpenAttempt) < reopenEveryMs) return undefined;
    this.#open();
    return this.#file;
  }

  #open(): void {
    this.#lastOpenAttempt = this.#options.now();
    try {
      const file = SpoolFile.open(this.#options.folder);
      this.#file = file;
      this.#epoch = file.epoch;
      this.#exhausted.clear();
      if (file.replaced !== undefined) {
        this.#options.logger.error('the spool could not be used and was set aside as spool.db.damaged', {
          reason: file.replaced,
        });
        const now = this.#options.now();
        this.#lost({ reason: 'damaged', lane: 'metrics', points: -1, from: now, to: now });
      }
    } catch (error) {
      if (error instanceof SpoolLocked) throw error;
      this.#diskFailed(error as Error);
    }
  }

  /** After an error nothing is known of the connection to the file, so it is opened anew. */
  #diskFailed(error: Error): void {
    const file = this.#file;
    this.#file = undefined;
    this.#lastOpenAttempt = this.#options.now();
    try {
      file?.close();
    } catch {
      // It has failed already; the error that matters is reported below.
    }
    if (this.#state !== 3) {
      this.#options.logger.error('the spool cannot be written, keeping data in memory', { error: error.message });
      this.#enter(3);
    }
  }

  #expire(): void {
    const now = this.#options.now();
    if (Math.abs(now - this.#lastExpiry) < expireEveryMs) return;
    this.#lastExpiry = now;
    for (const lane of ['metrics', 'events'] as const) {
      const loss = this.#tryDisk((file) => file.dropBefore(now - this.#options.maxAgeMs, lane));
      if (loss) this.#gaveUp(loss);
    }
  }

  #makeRoom(): void {
    const file = this.#file;
    if (!file) return;
    const share = () => file.bytes / this.#options.maxBytes;
    if (share() >= fullShare) {
      this.#enter(2);
      while (share() >= fullShare && this.#giveUpOldest()) {
        // Each round gives up one chunk.
      }
    } else if (share() >= highShare && this.#state === 0) this.#enter(1);
    else if (share() < normalShare && this.#state !== 3) this.#enter(0);
  }

  #giveUpOldest(): boolean {
    const count = Math.ceil((this.#file?.records ?? 0) * dropShare) + 1;
    const steps: ((file: SpoolFile) => Loss | undefined)[] = [
      (file) => file.thinOldest(count),
      (file) => file.dropOldest('metrics', count),
      (file) => file.dropOldest('events', count),
    ];
    for (const step of steps) {
      const loss = this.#tryDisk(step);
      if (!loss) continue;
      this.#gaveUp(loss);
      return true;
    }
    return false;
  }

  #enter(state: SpoolState): void {
    if (state === this.#state) return;
    const messages = [
      'the spool is back to normal',
      'the spool is almost full',
      'the spool is full, giving up old data',
    ];
    const message = messages[state];
    if (message !== undefined)
      this.#options.logger[state === 0 ? 'info' : 'warn'](message, { ...this.status(), state });
    this.#state = state;
  }
}
