/**
 * The agent's durable queue. `append` never throws and never blocks the agent: what the disk does not take goes to a
 * bounded ring in memory until it does. Every point that has to be given up is counted, and the counts are delivered as
 * `spool_gap` points: one for each reason and lane, as soon as something is sent.
 *
 * Events are apart from metrics, and what was just measured is apart from what is only on the disk, which is read back
 * from its oldest; which of them goes next is the taker's choice. What is given up first is in `bounds.ts`, what is on
 * the disk and how it is counted in `spool-disk.ts`. What all of it promises is in docs/promises.md.
 */
import type { Point } from '@vonggac/shared';
import type { Logger } from '../log.ts';
import { Bounds, type Level } from './bounds.ts';
import type { OnWrite } from './ledger.ts';
import type { Owed } from './ledger-entry.ts';
import type { Loss } from './losses.ts';
import { MemoryRing } from './memory-ring.ts';
import { encodeRecord, type KeptRecord, type Lane, type SpoolRecord } from './record.ts';
import { frameBytes, splitIntoRecords } from './sendable.ts';
import { reopenEveryMs, SpoolDisk } from './spool-disk.ts';

/** A level, or 3: the disk does not take anything. */
export type SpoolState = Level | 3;

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
  /** The time by which age is reckoned, unless `now`: that of the collector, so that a clock that is set ages nothing. */
  readonly collectorTime?: () => number;
  readonly logger: Logger;
  /** Called after the state has changed. */
  readonly onState?: () => void;
  /** For tests. */
  readonly onWrite?: OnWrite;
}

const stateMessages = [
  'the spool is back to normal',
  'the spool is almost full',
  'the spool is full, giving up old data',
] as const;
/** Records read back at once. */
const readChunk = 64;
/**
 * Just-measured records kept decoded for sending; older unsent ones are read back from the disk. As many as are gathered
 * in five minutes at the default cadences.
 */
const freshRecords = 32;
const doneBeforeFlush = 256;
const mostDoubtful = 1_024;

export class Spool {
  readonly #options: Options;
  readonly #disk: SpoolDisk;
  readonly #bounds: Bounds;
  readonly #ring = new MemoryRing();
  #fresh: SpoolRecord[] = [];
  readonly #inFlight = new Set<number>();
  /** Sent, and never acknowledged: nobody knows whether they have arrived. The last of them. */
  readonly #doubtful = new Set<number>();
  /** In flight, and gone from the disk meanwhile. */
  readonly #orphans = new Map<number, Owed>();
  /** Lanes of which nothing is stored that is neither fresh nor in flight. */
  readonly #exhausted = new Set<Lane>();
  #doneSinceFlush = 0;
  #lostPoints = 0;
  #state: SpoolState = 0;
  #clockOffset: number | undefined;
  #retryTimer: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#disk = new SpoolDisk({
      ...options,
      isInMemory: (id) =>
        this.#ring.has(id) || this.#inFlight.has(id) || this.#fresh.some((record) => record.id === id),
      onOpen: (missing) => this.#opened(missing),
      onLoss: (loss) => this.#counted(loss),
      onFailing: (failing) => this.#failing(failing),
    });
    this.#bounds = new Bounds({
      ...options,
      now: options.collectorTime ?? options.now,
      disk: this.#disk,
      inFlight: () => [...this.#inFlight],
      doubtful: () => [...this.#doubtful],
    });
  }

  /** Opens the file. Throws SpoolLocked when another agent uses it; any other trouble only degrades. */
  start(): void {
    this.#disk.open();
  }

  /** Names the spool to the collector. */
  get epoch(): string {
    return this.#disk.epoch;
  }

  status(): SpoolStatus {
    return {
      records: this.#disk.records + this.#ring.size,
      bytes: this.#disk.bytes,
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
      this.#doubtful.delete(id);
      this.#orphans.delete(id);
    }
    this.#disk.done(ids, (id) => this.#ring.delete(id));
    this.#doneSinceFlush += ids.length;
    if (this.#doneSinceFlush < doneBeforeFlush) return;
    this.#doneSinceFlush = 0;
    this.#disk.write((database) => database.flush());
  }

  /** They did not arrive, or nobody knows; they are sent again. */
  release(ids: readonly number[]): void {
    for (const id of ids) {
      this.#inFlight.delete(id);
      this.#doubt(id);
      const orphan = this.#orphans.get(id);
      this.#orphans.delete(id);
      if (orphan) this.#disk.lose({ reason: 'damaged', ...orphan }, id);
    }
    this.#exhausted.clear();
  }

  /**
   * Says what the collector's clock is ahead by. Records of this run that were kept before anybody knew get
   * `ofEarlier`: with a wrong clock they would be refused.
   */
  clockKnown(offset: number, ofEarlier = offset): void {
    const isFirst = this.#clockOffset === undefined;
    this.#clockOffset = offset;
    if (!isFirst) return;
    this.#fresh = this.#fresh.map((record) => ({ ...record, offset: record.offset ?? ofEarlier }));
    this.#ring.clockKnown(ofEarlier);
    this.#disk.clockKnown(ofEarlier);
    this.#exhausted.clear();
  }

  stop(): void {
    clearTimeout(this.#retryTimer);
    this.#disk.close();
  }

  #appendRecord(lane: Lane, { points, offset }: { points: readonly Point[]; offset: number | undefined }): void {
    const record = { lane, encoded: encodeRecord(points), offset };
    const { id, stored } = this.#disk.append(record);
    this.#fresh.push({ id, lane, points, offset });
    if (this.#fresh.length > freshRecords) {
      this.#fresh.shift();
      this.#exhausted.clear();
    }
    if (stored) this.#moveRingToDisk();
    else this.#hold(id, record);
    if (this.#bounds.keep()) this.#forgetGivenUp();
    if (this.#state !== 3) this.#enter(this.#bounds.level);
  }

  #doubt(id: number): void {
    this.#doubtful.add(id);
    const [first] = this.#doubtful;
    if (this.#doubtful.size > mostDoubtful && first !== undefined) this.#doubtful.delete(first);
  }

  #hold(id: number, record: KeptRecord): void {
    const pushedOut = this.#ring.add(id, record);
    if (!pushedOut) return;
    this.#forgetFresh(pushedOut.id);
    // In flight its loss is only certain when it does not arrive; then it is released.
    const { lane, points, from, to } = pushedOut.loss;
    if (this.#inFlight.has(pushedOut.id)) this.#orphans.set(pushedOut.id, { lane, points, from, to });
    else this.#disk.lose(pushedOut.loss, pushedOut.id);
  }

  #stored(lane: Lane): SpoolRecord[] {
    if (this.#exhausted.has(lane)) return [];
    if (lane === 'events') {
      const keep = (id: number, record: KeptRecord) => void this.#ring.add(id, record);
      this.#disk.settleGaps(this.#clockOffset, this.#ring.hasRoom ? keep : undefined);
    }
    const spokenFor = new Set(this.#inFlight);
    for (const { id } of this.#fresh) spokenFor.add(id);
    const found = this.#readLane(lane, spokenFor);
    if (found.length > 0) return found;
    const held = this.#ring.first(lane, (id) => !spokenFor.has(id));
    if (held) return [held];
    // What could not be written yet will be an event.
    if (lane === 'metrics' || !this.#disk.hasUnwrittenLosses) this.#exhausted.add(lane);
    return [];
  }

  #readLane(lane: Lane, spokenFor: ReadonlySet<number>): SpoolRecord[] {
    let after = 0;
    for (;;) {
      const { records, last } = this.#disk.read(lane, { after, limit: readChunk, spare: spokenFor });
      const unsent = records.filter((record) => !spokenFor.has(record.id));
      if (unsent.length > 0 || last === undefined) return unsent;
      after = last;
    }
  }

  #moveRingToDisk(): void {
    for (const [id, record] of this.#ring.entries()) {
      if (this.#inFlight.has(id)) continue;
      const stored = this.#disk.moveIn(id, record);
      if (stored === undefined) return;
      this.#ring.delete(id);
      // Under another id it is read back from the disk.
      if (stored !== id) this.#forgetFresh(id);
      this.#exhausted.clear();
    }
  }

  #forgetFresh(id: number): void {
    this.#fresh = this.#fresh.filter((record) => record.id !== id);
  }

  /** Points that no frame can carry; sent all the same, the collector would refuse what is sent with them, again and again. */
  #giveUp(lane: Lane, points: readonly Point[]): void {
    const times = points.map(({ time }) => time);
    this.#disk.lose({
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

  /** What the file has given up is not sent either: the books would not balance. */
  #forgetGivenUp(): void {
    const present = this.#disk.look((database) => database.present(this.#fresh.map(({ id }) => id)));
    if (present) this.#fresh = this.#fresh.filter(({ id }) => this.#ring.has(id) || present.has(id));
  }

  /** The file was opened; `missing` is no longer in it, but in this memory. */
  #opened(missing: ReadonlyMap<number, Owed>): void {
    this.#exhausted.clear();
    for (const [id, owed] of missing) {
      const fresh = this.#fresh.find((record) => record.id === id);
      if (this.#ring.has(id)) continue;
      if (fresh) this.#hold(id, { lane: fresh.lane, encoded: encodeRecord(fresh.points), offset: fresh.offset });
      else this.#orphans.set(id, owed);
    }
  }

  /** There is a gap to tell of. */
  #counted(loss: Loss): void {
    this.#lostPoints += Math.max(loss.points, 0);
    this.#exhausted.delete('events');
  }

  #failing(failing: boolean): void {
    this.#enter(failing ? 3 : this.#bounds.level);
    clearTimeout(this.#retryTimer);
    if (failing) this.#retry();
  }

  /** What is in memory does not wait for the next reading to get to a disk that is back. */
  #retry(): void {
    this.#retryTimer = setTimeout(() => {
      this.#moveRingToDisk();
      if (this.#state === 3) this.#retry();
    }, reopenEveryMs).unref();
  }

  #enter(state: SpoolState): void {
    if (state === this.#state) return;
    const message = stateMessages[state as Level];
    if (message !== undefined)
      this.#options.logger[state === 0 ? 'info' : 'warn'](message, { ...this.status(), state });
    this.#state = state;
    this.#options.onState?.();
  }
}
