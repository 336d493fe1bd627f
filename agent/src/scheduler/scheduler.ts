/**
 * Says what is due, when. One timer for all cadences: everything due at the same moment is one tick with one time.
 *
 * node-cron reads the expressions, and no more: its own timer visits every run that a jump of the clock skipped (one day
 * at one second: 8 seconds blocked and 240 MB), is silent for as long as the clock was set back, and loads 10 MB of
 * calendar data. Here a run that is overdue is made up for once, however many were missed, and the clock is looked at
 * again every minute.
 */
import { createHash } from 'node:crypto';
import { type Cadence, nextMatch, parseCadence } from './cadence.ts';

export interface Schedule {
  readonly name: string;
  /** A cron expression with seconds, or `event` for what no clock starts. */
  readonly cadence: string;
  /** Whether it is also due at the start. */
  readonly atStart: boolean;
}

interface Entry {
  readonly cadence: Cadence;
  readonly names: readonly string[];
  dueMs: number;
  /** The due time of the last run; a clock set back a little does not bring it again. */
  doneMs: number | undefined;
}

interface Options {
  /** Spreads a fleet's ticks: each agent keeps its own offset for ever. */
  readonly agentId: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** `time` is the moment the tick was due, the same for all `names`; of an overdue one, now. Must not throw. */
  readonly onTick: (names: readonly string[], time: number) => void;
}

/** Up to here after its due time a tick counts as punctual, in milliseconds. */
const punctualMs = 1_000;
const longestWaitMs = 60_000;
/** So many are counted of one cadence at a time; a clock set forward by a year must not keep the agent busy. */
const mostMissedCounted = 300;
const longestOffsetMs = 10_000;

export class Scheduler {
  readonly #options: Options;
  readonly #offsetMs: number;
  #schedules: readonly Schedule[] = [];
  #entries: readonly Entry[] = [];
  #timer: NodeJS.Timeout | undefined;
  #missed = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#offsetMs = offsetOf(options.agentId);
  }

  /** Replaces all schedules. Throws `InvalidCadence` and keeps those it had when one of them makes no sense. */
  apply(schedules: readonly Schedule[]): void {
    const namesByExpression = new Map<string, string[]>();
    for (const { name, cadence } of schedules) {
      if (cadence === 'event') continue;
      const names = namesByExpression.get(cadence) ?? [];
      namesByExpression.set(cadence, [...names, name]);
    }
    const now = this.#options.now();
    const entries: Entry[] = [];
    for (const [expression, names] of namesByExpression) {
      const cadence = parseCadence(expression);
      const before = this.#entries.find((entry) => entry.cadence.expression === expression);
      const entry = { cadence, names, doneMs: before?.doneMs, dueMs: 0 };
      // What is due at this moment comes, too; its timer has only not fired yet.
      const isDue = this.#timer !== undefined && before !== undefined && before.dueMs <= now;
      entries.push({ ...entry, dueMs: isDue ? before.dueMs : this.#nextDue(entry, now) });
    }
    this.#schedules = schedules;
    this.#entries = entries;
    if (this.#timer !== undefined) this.#arm();
  }

  /** What runs at the start is due before this returns. */
  start(): void {
    if (this.#timer !== undefined) return;
    this.#plan(this.#options.now());
    this.#arm();
    const names = this.#schedules.filter((schedule) => schedule.atStart).map((schedule) => schedule.name);
    if (names.length > 0) this.#options.onTick(names, this.#options.now());
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Due moments that passed without a run since the start: the machine slept or was starved, or its clock was set. */
  get missed(): number {
    return this.#missed;
  }

  #wake(): void {
    const now = this.#options.now();
    const ticks = new Map<number, string[]>();
    for (const entry of this.#entries) {
      if (entry.dueMs > now) continue;
      const isPunctual = now - entry.dueMs <= punctualMs;
      const time = isPunctual ? entry.dueMs : now;
      if (!isPunctual) this.#missed += this.#passedBetween(entry, now);
      ticks.set(time, [...(ticks.get(time) ?? []), ...entry.names]);
      entry.doneMs = entry.dueMs;
    }
    // Everything is planned anew each time: what was not due keeps its moment, unless the clock was set. By the same
    // reading of the clock: a timer may fire a little early, and what is due by the next reading would be left out.
    this.#plan(now);
    this.#arm();
    for (const [time, names] of ticks) {
      if (this.#timer !== undefined) this.#options.onTick(names, time);
    }
  }

  /** Due moments after the one that is made up for now. */
  #passedBetween({ cadence, dueMs, names }: Entry, now: number): number {
    const offsetMs = this.#offsetMs % cadence.shortestGapMs;
    let passed = 0;
    for (let at = dueMs; passed < mostMissedCounted; passed += 1) {
      at = nextMatch(cadence, at - offsetMs) + offsetMs;
      if (at > now) break;
    }
    return passed * names.length;
  }

  #plan(now: number): void {
    for (const entry of this.#entries) entry.dueMs = this.#nextDue(entry, now);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const nextMs = Math.min(...this.#entries.map((entry) => entry.dueMs));
    const waitMs = Math.min(longestWaitMs, Math.max(0, nextMs - this.#options.now()));
    this.#timer = setTimeout(() => this.#wake(), waitMs);
  }

  /** The modulo keeps cadences together of which one is a multiple of the other. */
  #nextDue({ cadence, doneMs }: Pick<Entry, 'cadence' | 'doneMs'>, now: number): number {
    const offsetMs = this.#offsetMs % cadence.shortestGapMs;
    const dueMs = nextMatch(cadence, now - offsetMs) + offsetMs;
    return dueMs === doneMs ? nextMatch(cadence, dueMs - offsetMs) + offsetMs : dueMs;
  }
}

/** Evenly spread over [0, 10 s), in whole milliseconds. */
export function offsetOf(agentId: string): number {
  const hash = createHash('sha256').update(agentId).digest().readUInt32BE();
  return Math.floor((hash / 2 ** 32) * longestOffsetMs);
}
