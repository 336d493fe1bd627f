/** Keeps record of the times in which the collector itself knew nothing: it was away, held up, or cut off. */
import type { LiveState } from '../live/live-state.ts';
import { graceMs } from '../live/live-state.ts';
import type { GapCause, OutageLedger } from './outage-ledger.ts';

const aliveEveryMs = 5_000;
/** Agents heard this long before are waited for. */
const expectedMs = 600_000;

interface Options {
  readonly ledger: Pick<OutageLedger, 'openGap' | 'endGap' | 'aliveAt' | 'setAlive'>;
  readonly live: Pick<LiveState, 'all' | 'knowsSince'>;
}

export class OwnGaps {
  readonly #options: Options;
  #tickedAt = 0;
  #savedAt = 0;
  #knowsSince = 0;
  /** Agents that were there before, of which nothing was heard yet. */
  #missing: Set<string> | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** From when the last collector was known to be alive until this one can tell who is there. */
  start(now: number): void {
    const { ledger, live } = this.#options;
    const aliveAt = ledger.aliveAt();
    this.#tickedAt = now;
    this.#knowsSince = live.knowsSince;
    // One that was open when it stopped goes on.
    if (aliveAt !== undefined) this.#begin('stopped', Math.min(aliveAt, now));
    this.#alive(now);
  }

  /** Call it every second, behind the look at the agents. */
  tick(now: number, { isCutOff }: { isCutOff: boolean }): void {
    const { live } = this.#options;
    if (live.knowsSince !== this.#knowsSince) {
      this.#begin('held-up', Math.min(this.#tickedAt, now));
      this.#knowsSince = live.knowsSince;
    }
    this.#tickedAt = now;
    if (this.#missing && !isCutOff) this.#settle(now);
    if (Math.abs(now - this.#savedAt) >= aliveEveryMs) this.#alive(now);
  }

  /** The collector's own line is dead since then. */
  cutOff(since: number): void {
    this.#begin('cut-off', since);
  }

  /** The last word of a collector that stops in order. */
  stop(now: number): void {
    if (this.#tickedAt > 0) this.#options.ledger.setAlive(now);
  }

  #begin(cause: GapCause, from: number): void {
    const { ledger, live } = this.#options;
    ledger.openGap(cause, from);
    const expected = live.all().filter(({ lastSeen = 0 }) => lastSeen >= from - expectedMs);
    this.#missing = new Set(expected.map(({ record }) => record.id));
  }

  #settle(now: number): void {
    const { ledger, live } = this.#options;
    const missing = this.#missing;
    for (const { record, state } of missing ? live.all() : []) {
      if (state !== 'inconclusive' && state !== 'late') missing?.delete(record.id);
    }
    if (missing && missing.size > 0 && now - live.knowsSince <= graceMs) return;
    this.#missing = undefined;
    ledger.endGap(now);
  }

  #alive(now: number): void {
    this.#savedAt = now;
    this.#options.ledger.setAlive(now);
  }
}
