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
  readonly isHistory: boolean;
}

const pointsPerBatch = 1_000;
/** Of the newest state, when nothing more may go: what one machine measures in a minute, roughly. */
const pointsWhenSpent = 100;
/** Whatever the collector asks for, nothing is sent again sooner. */
const shortestRetryMs = 1_000;
/** Readings come in steps of seconds, a little late each time; gathering must not wait for one more. */
const gatheringSlackMs = 1_000;
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
  /** When readings went last, by the monotonic clock. */
  #newestSentAt = Number.NEGATIVE_INFINITY;
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
    if (ack.retry === undefined) this.#options.spool.done(batch.ids);
    else {
      this.#options.spool.release(batch.ids);
      this.#pausedUntil = this.#options.monotonic() + Math.max(ack.retry, shortestRetryMs);
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
    const bytes = this.#sendFrom('metrics', { stored: true, maxBytes });
    if (bytes > 0) historyShare.take(bytes);
    return bytes > 0;
  }

  /** Sends a batch of one lane; its bytes on the line, 0 when there is none. */
  #sendFrom(lane: Lane, options: { stored: boolean; maxPoints?: number; maxBytes?: number }): number {
    const limits = { maxPoints: pointsPerBatch, maxBytes: bytesPerFrame, ...options };
    const records = this.#options.spool.take(lane, limits);
    if (records.length === 0) return 0;
    return this.#send(records, options.stored && lane === 'metrics');
  }

  #send(records: readonly SpoolRecord[], isHistory: boolean): number {
    const { now, monotonic, send } = this.#options;
    const seq = this.#nextSeq++;
    const frame = batchFrame(records, { seq, sent: now(), baselines: this.#baselines });
    this.#inFlight.set(seq, { ids: records.map((record) => record.id), sentAt: monotonic(), isHistory });
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
