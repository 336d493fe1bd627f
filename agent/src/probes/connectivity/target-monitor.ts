/**
 * Checks every target at its pace, spread over time and never too many at once, from `start` to `stop`. What changes is
 * handed on at once; the rest waits for `takeSummaries`.
 */
import { isIP } from 'node:net';
import { type Point, point, type TargetScope } from '@vonggac/shared';
import { checkLimitMs } from './check.ts';
import type { CheckResult } from './check-run.ts';
import { describePath, type Hop } from './path.ts';
import type { Target } from './target.ts';
import { TargetState } from './target-state.ts';

interface Options {
  /** One check; undefined when it has nothing to say this time. Must not reject. */
  readonly check: (target: Target, signal: AbortSignal) => Promise<CheckResult | undefined>;
  /** Milliseconds until a target is asked for again; undefined for the usual pace of a target. */
  readonly waitMs?: (target: Target) => number | undefined;
  /** The targets that the machine itself names; asked again every minute, because networks change. */
  readonly deriveTargets: () => Promise<readonly Target[]>;
  readonly tracePath: (address: string, signal: AbortSignal) => Promise<Hop[] | undefined>;
  /** Called with points of changes. */
  readonly onEvents: (points: readonly Point[]) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly monotonic: () => number;
}

interface Entry {
  readonly target: Target;
  readonly state: TargetState;
  dueMs: number;
  running: AbortController | undefined;
  /** Of the last check. */
  address: string | undefined;
  problem: string | undefined;
}

/** The first check of a target comes within this time. */
const firstWithinMs = 15_000;
const leastAtOnce = 16;
const mostAtOnce = 256;
const deriveEveryMs = 60_000;
const traceEveryMs = 60_000;
/** On the machine's own network there are no hops to see. */
const nearby: readonly TargetScope[] = ['lan', 'peer'];
/** Timers closer together than this are one. */
const shortestWaitMs = 20;
const togetherMs = 3_000;
/** Multiples of it, modulo 1, are spread evenly however many there are. */
const goldenRatio = 0.618_033_988_749_895;

export class TargetMonitor {
  readonly #options: Options;
  /** By what the target is; one that stays the same keeps its state and its pace. */
  #entries = new Map<string, Entry>();
  #chosen: readonly Target[] = [];
  #derived: readonly Target[] = [];
  #deriveProblem: string | undefined;
  #added = 0;
  #running = 0;
  #tracedAt = Number.NEGATIVE_INFINITY;
  /** Undefined while stopped; aborts whatever is under way. */
  #life: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #deriveTimer: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  start(): void {
    if (this.#life) return;
    this.#life = new AbortController();
    this.#deriveTimer = setInterval(() => void this.#derive(), deriveEveryMs);
    void this.#derive();
    this.#arm();
  }

  stop(): void {
    this.#life?.abort();
    this.#life = undefined;
    clearInterval(this.#deriveTimer);
    clearTimeout(this.#timer);
    for (const { running } of this.#entries.values()) running?.abort();
  }

  /** Replaces the targets that were chosen for this machine; those that it derived itself stay. */
  setTargets(targets: readonly Target[]): void {
    this.#chosen = targets;
    this.#apply();
  }

  /** One point of each target that was checked since its last point, and what could not be measured. */
  takeSummaries(time: number): { points: Point[]; problem: string | undefined } {
    const points: Point[] = [];
    const problems: string[] = this.#deriveProblem === undefined ? [] : [this.#deriveProblem];
    for (const { target, state, problem } of this.#entries.values()) {
      const made = state.summary(time);
      if (made) points.push(made);
      if (problem !== undefined) problems.push(`${target.id}: ${problem}`);
    }
    const [first] = problems;
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    return { points, problem: first === undefined ? undefined : `${first}${more}` };
  }

  async #derive(): Promise<void> {
    try {
      const derived = await this.#options.deriveTargets();
      this.#deriveProblem = undefined;
      if (JSON.stringify(derived) === JSON.stringify(this.#derived)) return;
      this.#derived = derived;
      this.#apply();
    } catch (error) {
      this.#deriveProblem = `cannot find the targets of this machine: ${(error as Error).message}`;
    }
  }

  #apply(): void {
    const names = new Set(this.#chosen.map(({ id }) => id));
    const targets = [...this.#chosen, ...this.#derived.filter(({ id }) => !names.has(id))];
    const before = this.#entries;
    this.#entries = new Map(
      targets
        .map((target) => [JSON.stringify(target), target] as const)
        .map(([key, target]) => {
          const known = before.get(key);
          before.delete(key);
          return [key, known ?? this.#newEntry(target)];
        }),
    );
    for (const { running } of before.values()) running?.abort();
    this.#arm();
  }

  #newEntry(target: Target): Entry {
    return {
      target,
      state: new TargetState(target),
      dueMs: this.#firstDue(target),
      running: undefined,
      address: undefined,
      problem: undefined,
    };
  }

  #firstDue({ every, isCalm, isCollector }: Target): number {
    const now = this.#options.monotonic();
    // Those that mostly find nothing to do look together: waking up is what costs.
    if (isCalm || isCollector) return Math.ceil(now / togetherMs) * togetherMs;
    const phase = (this.#added * goldenRatio) % 1;
    this.#added += 1;
    return now + phase * Math.min(firstWithinMs, every * 1_000);
  }

  /** So many that even with every target dead each is still checked at its pace. */
  get #atOnce(): number {
    let needed = 0;
    for (const { target } of this.#entries.values()) needed += checkLimitMs / 1_000 / target.every;
    return Math.min(mostAtOnce, Math.max(leastAtOnce, Math.ceil(needed)));
  }

  #arm(): void {
    clearTimeout(this.#timer);
    if (!this.#life || this.#running >= this.#atOnce) return;
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { running, dueMs } of this.#entries.values()) {
      if (!running) nextMs = Math.min(nextMs, dueMs);
    }
    if (nextMs === Number.POSITIVE_INFINITY) return;
    const waitMs = Math.max(shortestWaitMs, nextMs - this.#options.monotonic());
    this.#timer = setTimeout(() => this.#wake(), waitMs);
  }

  #wake(): void {
    const now = this.#options.monotonic();
    const due = [...this.#entries.values()].filter(({ running, dueMs }) => !running && dueMs <= now);
    due.sort((a, b) => a.dueMs - b.dueMs);
    for (const entry of due.slice(0, this.#atOnce - this.#running)) void this.#check(entry, now);
    this.#arm();
  }

  async #check(entry: Entry, now: number): Promise<void> {
    const { target, state } = entry;
    const everyMs = target.every * 1_000;
    // Keeps its pace; what was missed is not made up for.
    entry.dueMs += everyMs * Math.max(1, Math.ceil((now - entry.dueMs) / everyMs));
    const controller = new AbortController();
    entry.running = controller;
    this.#running += 1;
    const result = await this.#options.check(target, controller.signal);
    this.#running -= 1;
    entry.running = undefined;
    const waitMs = this.#options.waitMs?.(target);
    if (waitMs !== undefined) entry.dueMs = this.#options.monotonic() + waitMs;
    if (!controller.signal.aborted && result) {
      const wasUp = state.up;
      entry.problem = result.up === undefined ? (result.problem ?? result.error) : undefined;
      entry.address = result.details.address ?? entry.address;
      const points = state.record(result, this.#options.now());
      if (points.length > 0) this.#options.onEvents(points);
      const isCut = result.up === false && wasUp !== false;
      const isBack = result.up === true && wasUp === false;
      if ((isCut || isBack) && !nearby.includes(target.scope)) void this.#trace(entry);
    }
    this.#arm();
  }

  /** Seldom: when a line is cut, many targets change, and all of them for the same reason. */
  async #trace({ target, address, state }: Entry): Promise<void> {
    const signal = this.#life?.signal;
    const now = this.#options.monotonic();
    const destination = address ?? target.address.host;
    if (!signal || isIP(destination) === 0 || now - this.#tracedAt < traceEveryMs) return;
    this.#tracedAt = now;
    const hops = await this.#options.tracePath(destination, signal);
    if (!hops || signal.aborted) return;
    const tags = { target: target.id, kind: target.address.kind, scope: target.scope };
    // The newest point of a target is what people are shown of it: it says the state too.
    const fields = { up: state.up, error: state.error, ...describePath(hops) };
    this.#options.onEvents([point('connectivity', { time: this.#options.now(), tags, fields })]);
  }
}
