/** What a probe is: one function that measures one thing. */
import type { Point } from '@vonggac/shared';

export interface ProbeContext {
  /** Milliseconds since 1970; the time of every point of this run. */
  readonly time: number;
  /** A clock that never jumps, in milliseconds; for rates and durations. */
  monotonicMs(): number;
}

/**
 * What a run found: points, or why there can be none on this machine. Broken is neither: the probe throws. A probe of
 * many things that could read only some of them gives those and says in `incomplete` what is missing; it counts as a
 * failure.
 */
export type ProbeResult =
  | { readonly status: 'measured'; readonly points: readonly Point[]; readonly incomplete?: string }
  | { readonly status: 'not-here'; readonly reason: string };

export interface Probe {
  readonly name: string;
  /** Cron expression with seconds; the default, which pushed configuration may replace. */
  readonly cadence: string;
  /** No two runs are closer, whatever the configuration says; for probes that cost much. 60 s is the most. */
  readonly shortestGapMs?: number;
  /** Whether it also runs right at the start, before its first tick. */
  readonly atStart: boolean;
  /** Aborted after this many milliseconds. */
  readonly timeoutMs: number;
  collect(context: ProbeContext, signal: AbortSignal): Promise<ProbeResult>;
}
