/** The newest result of every target that a machine checks, and since when it is so. */
import type { Point } from '@vonggac/shared';

/** Agents report a target that does not change once a minute, however often they check it. */
const reportEveryMs = 60_000;
/** Checks and reports that may be missing before a result is no longer current. */
const missedReports = 3;
/**
 * How long an agent may keep readings back, by its `budget_state`: normal, gathering, saving, spent. Longer than it says:
 * it may have gone over to the next state since, and tells so only with its next readings. What changes it tells at once.
 */
const keptBackMs = [60_000, 300_000, 900_000, 900_000] as const;
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

/** How often a target is checked, and when the question is asked. */
interface Pace {
  readonly every: number;
  readonly now: number;
}

interface OfAgent {
  readonly results: Map<string, TargetResult>;
  /** Of the newest state of the day's budget that it has told. */
  keptBackMs: number;
  toldAt: number;
}

export class TargetResults {
  readonly #byAgent = new Map<string, OfAgent>();

  /** Takes what a machine has measured; what is older than what is known changes nothing. */
  take(agent: string, points: readonly Point[]): void {
    for (const point of points) {
      if (point.measurement === 'connectivity') this.#take(agent, point);
      else if (point.measurement === 'agent') this.#takeBudget(agent, point);
    }
  }

  of(agent: string, target: string): TargetResult | undefined {
    return this.#byAgent.get(agent)?.results.get(target);
  }

  /** Undefined when there is none that says anything about now. */
  current(agent: string, target: string, pace: Pace): TargetResult | undefined {
    const known = this.#byAgent.get(agent);
    const result = known?.results.get(target);
    return known && result && isCurrent(result, { ...pace, keptBackMs: known.keptBackMs }) ? result : undefined;
  }

  /** Those of a scope that say anything about now. */
  currentOf(agent: string, scope: string, pace: Pace): TargetResult[] {
    const known = this.#byAgent.get(agent);
    if (!known) return [];
    const age = { ...pace, keptBackMs: known.keptBackMs };
    return [...known.results.values()].filter((result) => result.scope === scope && isCurrent(result, age));
  }

  #takeBudget(agent: string, { fields, time }: Point): void {
    const known = this.#knownOf(agent);
    if (typeof fields.budget_state !== 'number' || time <= known.toldAt) return;
    known.toldAt = time;
    known.keptBackMs = keptBackMs[fields.budget_state] ?? keptBackMs[0];
  }

  #knownOf(agent: string): OfAgent {
    const known = this.#byAgent.get(agent);
    if (known) return known;
    const fresh = { results: new Map(), keptBackMs: keptBackMs[0], toldAt: 0 };
    this.#byAgent.set(agent, fresh);
    return fresh;
  }

  #take(agent: string, { tags, fields, time }: Point): void {
    const { target, scope } = tags;
    // A path, which says nothing of the state.
    if (target === undefined || scope === undefined || (fields.up === undefined && fields.checks === undefined)) return;
    const { results } = this.#knownOf(agent);
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

function isCurrent({ at }: TargetResult, pace: Pace & { readonly keptBackMs: number }): boolean {
  const usualMs = missedReports * Math.max(pace.every * 1_000, reportEveryMs);
  return pace.now - at <= Math.max(usualMs, pace.keptBackMs + (missedReports - 1) * reportEveryMs);
}

/** What has been so for `checks` checks in a row; undefined while nothing has. */
export function settledTurn(
  { turns }: Pick<TargetResult, 'turns'>,
  pace: Pace & { readonly checks: number },
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
