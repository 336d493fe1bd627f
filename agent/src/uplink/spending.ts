/**
 * What the connection costs in a day, and what that says about sending. Nothing is lost for it: what does not go stays
 * in the spool.
 *
 *   normal     readings go at once
 *   gathering  they go together, every 30 s, then every minute: a large batch costs far less a value
 *   saving     every 5 minutes, and no history
 *   spent      the newest every 15 minutes, nothing else until the next day
 *
 * Events and heartbeats never wait. The state follows from how far the spending is ahead of the time of day; `#enter` is
 * the only place that changes it.
 */
import type { ByteBudget } from '@vonggac/shared';
import type { Logger } from '../log.ts';
import { readSpending, writeSpending } from './spending-file.ts';

/** In the order of their numbers in the catalogue. */
export const budgetStates = ['normal', 'gathering', 'saving', 'spent'] as const;
export type BudgetState = (typeof budgetStates)[number];

/** What may be sent now, besides events. */
export interface Pace {
  readonly state: BudgetState;
  /** Milliseconds from one batch of new readings to the next. */
  readonly everyMs: number;
  /** Whether readings of the past may go. */
  readonly history: boolean;
}

export interface SpendingStatus {
  readonly state: BudgetState;
  readonly usedBytes: number;
  readonly bytesPerDay: number;
}

interface Options {
  /** The data folder. */
  readonly folder: string;
  /** Asked for each time, because settings change. */
  readonly budget: () => ByteBudget;
  /** Bytes of the line since the start, both ways. */
  readonly lineBytes: () => number;
  readonly now: () => number;
  /** Milliseconds of a clock that never jumps and that goes on while the machine sleeps. */
  readonly uptime: () => number;
  readonly logger: Logger;
}

const dayMs = 86_400_000;
/** Days are those of Vietnam, whatever the machine thinks of its time zone. */
const zoneMs = 7 * 3_600_000;
/** However the clock is set, no new day begins sooner after the last one. */
const shortestDayMs = 20 * 3_600_000;
const writeEveryMs = 60_000;

/** As a share of the day. */
const halfHour = 1 / 48;
/** What is to be spent by the end of the day; the rest is what a machine may be ahead by without running out. */
const planned = 1 - 4 * halfHour;
/** Each is entered at `from` and left below `until`, so that a machine does not go to and fro. */
const paces = [
  { state: 'normal', everyMs: 0, from: Number.NEGATIVE_INFINITY, until: Number.NEGATIVE_INFINITY },
  { state: 'gathering', everyMs: 30_000, from: halfHour, until: 0 },
  { state: 'gathering', everyMs: 60_000, from: 2 * halfHour, until: halfHour },
  { state: 'saving', everyMs: 300_000, from: 4 * halfHour, until: 2 * halfHour },
] as const;
const spent = { state: 'spent', everyMs: 900_000 } as const;
/** History may bring about that readings are gathered, but not that they are saved. */
const historyUntil = 3 * halfHour;

type Step = (typeof paces)[number] | typeof spent;

export class Spending {
  readonly #options: Options;
  #day = 0;
  #used = 0;
  #lineBytes = 0;
  #step: Step = paces[0];
  /** When a day has begun, by `uptime`; undefined when none has in this run. */
  #begunAt: number | undefined;
  #writtenAt: number;
  #written = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#day = dayOf(options.now());
    this.#writtenAt = options.uptime();
  }

  /** Goes on from what was spent before, on the same day. */
  start(): void {
    const kept = readSpending(this.#options.folder);
    this.#day = dayOf(this.#options.now());
    this.#lineBytes = this.#options.lineBytes();
    this.#used = kept && kept.day >= this.#day ? kept.used : 0;
    this.#written = this.#used;
  }

  stop(): void {
    this.#settle();
    this.#write();
  }

  pace(): Pace {
    this.#settle();
    const { state, everyMs } = this.#step;
    const history = (state === 'normal' || state === 'gathering') && this.#ahead < historyUntil;
    return { state, everyMs, history };
  }

  status(): SpendingStatus {
    this.#settle();
    return { state: this.#step.state, usedBytes: this.#used, bytesPerDay: this.#options.budget().bytes_per_day };
  }

  #settle(): void {
    const lineBytes = this.#options.lineBytes();
    this.#used += lineBytes - this.#lineBytes;
    this.#lineBytes = lineBytes;
    this.#turnDay();
    this.#enter(this.#nextStep());
    if (this.#options.uptime() - this.#writtenAt >= writeEveryMs) this.#write();
  }

  #turnDay(): void {
    const today = dayOf(this.#options.now());
    // The clock was set back: the same budget goes on under the earlier date.
    if (today < this.#day) this.#day = today;
    if (today === this.#day) return;
    const uptime = this.#options.uptime();
    if (this.#begunAt !== undefined && uptime - this.#begunAt < shortestDayMs) return;
    this.#day = today;
    this.#begunAt = uptime;
    this.#used = 0;
    this.#enter(paces[0]);
  }

  /** By how much more than planned was spent so far, as a share of the day's budget; negative when it was less. */
  get #ahead(): number {
    const { now, budget } = this.#options;
    const passed = ((now() + zoneMs) % dayMs) / dayMs;
    return this.#used / budget().bytes_per_day - planned * passed;
  }

  #nextStep(): Step {
    if (this.#used >= this.#options.budget().bytes_per_day) return spent;
    const ahead = this.#ahead;
    const present = this.#step;
    return paces.findLast((step) => ahead >= (step.everyMs <= present.everyMs ? step.until : step.from)) ?? paces[0];
  }

  #enter(step: Step): void {
    const before = this.#step;
    this.#step = step;
    if (step.state === before.state) return;
    const { logger, budget } = this.#options;
    const fields = { state: step.state, before: before.state, usedBytes: this.#used, ...budget() };
    if (step.state === 'spent') logger.warn("the day's bytes are spent, sending what matters only", fields);
    else logger.info("what the day's bytes allow has changed", fields);
  }

  #write(): void {
    this.#writtenAt = this.#options.uptime();
    if (this.#used === this.#written) return;
    this.#written = this.#used;
    writeSpending(this.#options.folder, { day: this.#day, used: this.#used });
  }
}

/** Days since 1970. */
function dayOf(time: number): number {
  return Math.floor((time + zoneMs) / dayMs);
}
