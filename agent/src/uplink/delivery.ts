/**
 * Sends what the spool has over one connection, as far as the window allows, and forgets what was acknowledged. The order
 * is: events that just happened, the newest readings, older events, and last the history of readings. History is held to
 * its share of the line, and only one batch of it is on its way: nothing new waits behind more.
 */
import { type Ack, Baselines } from '@vonggac/shared';
import type { Lane, SpoolRecord } from '../spool/record.ts';
import { bytesPerFrame } from '../spool/sendable.ts';
import type { Spool } from '../spool/spool.ts';
import { batchFrame } from './batch-frame.ts';
import type { Pace } from './spending.ts';
import type { TokenBucket } from './token-bucket.ts';

export interface DeliveryOptions {
  readonly spool: Pick<Spool, 'take' | 'done' | 'release'>;
  readonly pace: () => Pace;
  /** What history may take of the line. */
  readonly historyShare: Pick<TokenBucket, 'waitMs' | 'take' | 'bytesPerSecond'>;
  readonly now: () => number;
  /** A clock that never jumps, in milliseconds. */
  readonly monotonic: () => number;
}

interface Options extends DeliveryOptions {
  readonly send: (frame: string | Buffer) => void;
}

interface InFlight {
  readonly ids: readonly number[];
  /** By the monotonic clock. */
  readonly sentAt: number;
  /** Not just measured. */
  readonly isStored: boolean;
  readonly isHistory: boolean;
}

const pointsPerBatch = 1_000;
/** Of the newest state, when nothing more may go: what one machine measures in a minute, roughly. */
const pointsWhenSpent = 100;
/** Whatever the collector asks for, nothing is sent again sooner. */
const shortestRetryMs = 1_000;
/**
 * What is put off again and again is sent at ever longer intervals, each twice the one before up to these: sent in vain, it
 * takes the line from what is new, and ten thousand agents would keep the collector busy with nothing.
 */
const longestPauseMs = { storeAway: 600_000, historyOnly: 60_000 } as const;
/** Readings come in steps of seconds, a little late each time; gathering must not wait for one more. */
const gatheringSlackMs = 1_000;
/**
 * The first batch of history on a connection, in points; each that is taken makes the next twice as large. After an
 * outage a whole province has history at the same moment.
 */
const firstHistoryPoints = 64;
/** What WebSocket and TLS add to a frame. */
const framingBytes = 30;
/** A batch of history is as large as its share of the line carries in this time; what comes after it waits that long. */
const historySeconds = 2;
/** How much smaller a batch becomes than what the spool reckons for it: eight times at least, with its numbers delta-coded. */
const shrinking = 8;

export class Delivery {
  readonly #options: Options;
  readonly #inFlight = new Map<number, InFlight>();
  readonly #baselines = new Baselines();
  #nextSeq = 1;
  #window = 0;
  #pausedUntil = 0;
  /** As the collector has said. */
  #askedUntil = 0;
  /** Pauses one after the other, since something stored was taken. */
  #pauses = 0;
  /** Even what was just measured is put off. */
  #isStoreAway = false;
  /** When readings went last, by the monotonic clock. */
  #newestSentAt = Number.NEGATIVE_INFINITY;
  #historyPoints = firstHistoryPoints;
  #historyTimer: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** When the oldest batch without an ack was sent, by the monotonic clock. */
  get waitingSince(): number | undefined {
    return this.#inFlight.values().next().value?.sentAt;
  }

  /** Begins, with so many batches at once. */
  start(window: number): void {
    this.#window = window;
    this.pump();
  }

  pump(): void {
    while (this.#inFlight.size < this.#window) {
      if (!this.#sendNew() && !this.#sendStored()) return;
    }
  }

  isWaitingFor(seq: number): boolean {
    return this.#inFlight.has(seq);
  }

  /** True when the collector has a batch that it did not have before. */
  acknowledged(ack: Ack): boolean {
    const batch = this.#inFlight.get(ack.seq);
    if (!batch) return false;
    this.#inFlight.delete(ack.seq);
    if (ack.retry === undefined) {
      this.#options.spool.done(batch.ids);
      this.#taken(batch);
    } else {
      this.#options.spool.release(batch.ids);
      this.#putOff(batch, ack.retry);
    }
    this.pump();
    return ack.retry === undefined;
  }

  /** Gives back what was not acknowledged: the connection is gone. */
  stop(): void {
    this.#window = 0;
    clearTimeout(this.#historyTimer);
    for (const { ids } of this.#inFlight.values()) this.#options.spool.release(ids);
    this.#inFlight.clear();
  }

  #putOff({ isStored, isHistory }: InFlight, retryMs: number): void {
    if (isHistory) this.#historyPoints = firstHistoryPoints;
    if (!isStored) this.#isStoreAway = true;
    const now = this.#options.monotonic();
    const askedMs = Math.max(retryMs, shortestRetryMs);
    this.#askedUntil = now + askedMs;
    // What comes back of the same moment is one pause.
    if (now < this.#pausedUntil) return;
    const longest = this.#isStoreAway ? longestPauseMs.storeAway : longestPauseMs.historyOnly;
    const pauseMs = Math.min(longest, askedMs * 2 ** Math.min(this.#pauses, 10));
    this.#pausedUntil = now + Math.max(pauseMs, askedMs);
    this.#pauses += 1;
  }

  /** What was just measured is the first that a store takes which is back: agents send it at their own times. */
  #taken({ isStored, isHistory }: InFlight): void {
    if (isHistory) this.#historyPoints = Math.min(2 * this.#historyPoints, pointsPerBatch);
    if (isStored) this.#pauses = 0;
    if (isStored || !this.#isStoreAway) return;
    this.#isStoreAway = false;
    this.#pauses = 0;
    this.#pausedUntil = Math.min(this.#pausedUntil, this.#askedUntil);
  }

  /** What was just measured. False when there is nothing that may go. */
  #sendNew(): boolean {
    if (this.#sendFrom('events', { stored: false }) > 0) return true;
    const { state, everyMs } = this.#options.pace();
    const waitedMs = this.#options.monotonic() - this.#newestSentAt;
    if (everyMs > 0 && waitedMs < everyMs - gatheringSlackMs) return false;
    const maxPoints = state === 'spent' ? pointsWhenSpent : pointsPerBatch;
    if (this.#sendFrom('metrics', { stored: false, maxPoints }) === 0) return false;
    this.#newestSentAt = this.#options.monotonic();
    return true;
  }

  /** What is older. */
  #sendStored(): boolean {
    const { monotonic, pace, historyShare } = this.#options;
    if (monotonic() < this.#pausedUntil) return false;
    if (this.#sendFrom('events', { stored: true }) > 0) return true;
    if (!pace().history || this.#hasHistoryInFlight) return false;
    const { waitMs, bytesPerSecond } = historyShare;
    if (waitMs > 0) {
      this.#pumpIn(waitMs);
      return false;
    }
    const maxBytes = Math.min(bytesPerFrame, bytesPerSecond * historySeconds * shrinking);
    const bytes = this.#sendFrom('metrics', { stored: true, maxBytes, maxPoints: this.#historyPoints });
    if (bytes > 0) historyShare.take(bytes);
    return bytes > 0;
  }

  /** Sends a batch of one lane; its bytes on the line, 0 when there is none. */
  #sendFrom(lane: Lane, options: { stored: boolean; maxPoints?: number; maxBytes?: number }): number {
    const limits = { maxPoints: pointsPerBatch, maxBytes: bytesPerFrame, ...options };
    const records = this.#options.spool.take(lane, limits);
    if (records.length === 0) return 0;
    return this.#send(records, { isStored: options.stored, isHistory: options.stored && lane === 'metrics' });
  }

  #send(records: readonly SpoolRecord[], about: Pick<InFlight, 'isStored' | 'isHistory'>): number {
    const { now, monotonic, send } = this.#options;
    const seq = this.#nextSeq++;
    const frame = batchFrame(records, { seq, sent: now(), baselines: this.#baselines });
    this.#inFlight.set(seq, { ids: records.map((record) => record.id), sentAt: monotonic(), ...about });
    send(frame);
    return Buffer.byteLength(frame) + framingBytes;
  }

  get #hasHistoryInFlight(): boolean {
    for (const { isHistory } of this.#inFlight.values()) if (isHistory) return true;
    return false;
  }

  #pumpIn(ms: number): void {
    clearTimeout(this.#historyTimer);
    this.#historyTimer = setTimeout(() => this.pump(), ms);
  }
}
