/**
 * What is known of one target, and when that makes a point: at once when `up` or `error` changes, otherwise a summary of
 * the checks since the point before. A point covers only checks that ended alike, so every check is counted once and no
 * point mixes times of a working line with the failures of a dead one.
 */
import { type CheckError, type Point, point } from '@vonggac/shared';
import type { CheckDetails, CheckResult } from './check-run.ts';
import type { Target } from './target.ts';

export class TargetState {
  readonly #target: Target;
  #last: { readonly up: boolean | undefined; readonly error: CheckError | undefined } | undefined;
  #window = new CheckWindow();

  constructor(target: Target) {
    this.#target = target;
  }

  /** Undefined before the first check and when it could not be measured. */
  get up(): boolean | undefined {
    return this.#last?.up;
  }

  get error(): CheckError | undefined {
    return this.#last?.error;
  }

  /** Takes the result of a check that ended at `time`; returns what is to be reported at once, oldest first. */
  record(result: CheckResult, time: number): Point[] {
    const last = this.#last;
    const isChange = !last || last.up !== result.up || last.error !== result.error;
    const before = isChange ? this.summary(this.#window.lastTime) : undefined;
    this.#last = { up: result.up, error: result.error };
    this.#window.add(result, time);
    if (!isChange) return [];
    return [before, this.summary(time)].filter((made) => made !== undefined);
  }

  /** The checks since the last point, or undefined when there were none. */
  summary(time: number): Point | undefined {
    const window = this.#window;
    const last = this.#last;
    if (window.checks === 0 || !last) return undefined;
    this.#window = new CheckWindow();
    const { id, address, scope } = this.#target;
    return point('connectivity', {
      time,
      tags: { target: id, kind: address.kind, scope },
      fields: {
        up: last.up,
        error: last.error,
        checks: window.checks,
        // What could not be measured says nothing about the target.
        ...(last.up !== undefined && window.figures(last.up)),
      },
    });
  }
}

/** Running sums over checks that ended alike. */
export class CheckWindow {
  checks = 0;
  lastTime = 0;
  #answers = 0;
  #total = 0;
  #shortest = Number.POSITIVE_INFINITY;
  #longest = 0;
  #lastRtt: number | undefined;
  #differences = 0;
  #sent = 0;
  #lost = 0;
  #details: Readonly<CheckDetails> = {};

  add({ rtts, packets, details }: CheckResult, time: number): void {
    this.checks += 1;
    this.lastTime = time;
    this.#details = details;
    if (packets) {
      this.#sent += packets.sent;
      this.#lost += packets.lost;
    }
    for (const rtt of rtts) {
      this.#answers += 1;
      this.#total += rtt;
      this.#shortest = Math.min(this.#shortest, rtt);
      this.#longest = Math.max(this.#longest, rtt);
      if (this.#lastRtt !== undefined) this.#differences += Math.abs(rtt - this.#lastRtt);
      this.#lastRtt = rtt;
    }
  }

  figures(up: boolean) {
    const failed = up ? 0 : this.checks;
    const several = this.#answers > 1;
    return {
      rtt_ms: this.#answers > 0 ? this.#total / this.#answers : undefined,
      rtt_min_ms: several ? this.#shortest : undefined,
      rtt_max_ms: several ? this.#longest : undefined,
      jitter_ms: several ? this.#differences / (this.#answers - 1) : undefined,
      loss_percent: 100 * (this.#sent > 0 ? this.#lost / this.#sent : failed / this.checks),
      failed_checks: failed,
      ...this.#details,
    };
  }
}
