/** The newest result of every target that a machine checks, and since when it is so. */
import type { Point } from '@vonggac/shared';

/** Agents report a target that does not change once a minute, however often they check it. */
const reportEveryMs = 60_000;
/** Checks and reports that may be missing before a result is no longer current. */
const missedReports = 3;
/** A result travels, and the next check may start a little late. */
const slackMs = 2_000;
const maxTargetsPerAgent = 400;
const maxTurns = 4;

/** From when on the target was up, or down, or could not be measured. */
interface Turn {
  readonly up: boolean | undefined;
  readonly at: number;
}

export interface TargetResult {
  readonly scope: string;
  /** When the newest result was measured. */
  readonly at: number;
  readonly error: string | undefined;
  readonly rttMs: number | undefined;
  readonly lossPercent: number | undefined;
  /** The newest last. */
  readonly turns: readonly Turn[];
}

export class TargetResults {
  readonly #byAgent = new Map<string, Map<string, TargetResult>>();

  /** Takes what a machine has measured; what is older than what is known changes nothing. */
  take(agent: string, points: readonly Point[]): void {
    for (const point of points) if (point.measurement === 'connectivity') this.#take(agent, point);
  }

  of(agent: string, target: string): TargetResult | undefined {
    return this.#byAgent.get(agent)?.get(target);
  }

  all(agent: string): TargetResult[] {
    return [...(this.#byAgent.get(agent)?.values() ?? [])];
  }

  #take(agent: string, { tags, fields, time }: Point): void {
    const { target, scope } = tags;
    // A path, which says nothing of the state.
    if (target === undefined || scope === undefined || (fields.up === undefined && fields.checks === undefined)) return;
    const results = this.#byAgent.get(agent) ?? new Map<string, TargetResult>();
    this.#byAgent.set(agent, results);
    const known = results.get(target);
    if (known ? time <= known.at : results.size >= maxTargetsPerAgent) return;
    const up = typeof fields.up === 'boolean' ? fields.up : undefined;
    const turns = known?.turns ?? [];
    results.set(target, {
      scope,
      at: time,
      error: typeof fields.error === 'string' ? fields.error : undefined,
      rttMs: numberOf(fields.rtt_ms),
      lossPercent: numberOf(fields.loss_percent),
      turns: turns.at(-1)?.up === up && known ? turns : [...turns, { up, at: time }].slice(-maxTurns),
    });
  }
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** Whether a result says anything about now. */
export function isCurrent(
  { at }: Pick<TargetResult, 'at'>,
  pace: { readonly every: number; readonly now: number },
): boolean {
  return pace.now - at <= missedReports * Math.max(pace.every * 1_000, reportEveryMs);
}

/** What has been so for `checks` checks in a row; undefined while nothing has. */
export function settledTurn(
  { turns }: Pick<TargetResult, 'turns'>,
  pace: { readonly every: number; readonly checks: number; readonly now: number },
): Turn | undefined {
  // Changes are reported at once, so one that was not taken back within a period has been checked again.
  const holdMs = pace.checks <= 1 ? 0 : (pace.checks - 1) * pace.every * 1_000 + slackMs;
  let end = pace.now;
  for (const turn of turns.toReversed()) {
    if (end - turn.at >= holdMs) return turn;
    end = turn.at;
  }
  return undefined;
}
