/** The one way to run a probe: adds time limit, statistics and logging, and lets nothing that goes wrong out. */
import type { Point } from '@vonggac/shared';
import type { Logger } from '../log.ts';
import type { Probe, ProbeResult } from './probe.ts';

/** How one probe's runs went since the last report. */
export interface ProbeStatistics {
  readonly probe: string;
  /** Runs that were due, those skipped because the one before had not ended included. */
  readonly runs: number;
  /** Runs without a complete result, skipped ones included. */
  readonly failures: number;
  /** Of the runs that ended; undefined when none did. */
  readonly meanDurationSeconds: number | undefined;
  readonly maxDurationSeconds: number | undefined;
}

interface State {
  runs: number;
  failures: number;
  /** Runs that started and ended. */
  ended: number;
  totalMs: number;
  maxMs: number;
  /** From the start of a run until its promise settles, which may be long after its time limit. */
  current: AbortController | undefined;
  failing: boolean;
  /** Whether the log says already that the machine has no such thing. */
  absent: boolean;
}

const noRuns = { runs: 0, failures: 0, ended: 0, totalMs: 0, maxMs: 0 };

export class ProbeRunner {
  readonly #logger: Logger;
  readonly #monotonic: () => number;
  readonly #states = new Map<string, State>();
  #totalFailures = 0;
  #stopped = false;

  /** `monotonic` never jumps, in milliseconds. */
  constructor(options: { logger: Logger; monotonic: () => number }) {
    this.#logger = options.logger;
    this.#monotonic = options.monotonic;
  }

  /** Failures of all probes since the start. */
  get totalFailures(): number {
    return this.#totalFailures;
  }

  /** Runs `probe` for the tick at `time` (milliseconds since 1970). Never rejects; a failed run gives no points. */
  async run(probe: Probe, time: number): Promise<readonly Point[]> {
    if (this.#stopped) return [];
    const state = this.#stateOf(probe.name);
    state.runs += 1;
    if (state.current !== undefined) {
      this.#failed(probe, 'the run before has not ended');
      return [];
    }
    const startedAt = this.#monotonic();
    try {
      const result = await this.#collect(probe, { time, state });
      return this.#succeeded(probe, result);
    } catch (error) {
      if (!this.#stopped) this.#failed(probe, messageOf(error));
      return [];
    } finally {
      const durationMs = this.#monotonic() - startedAt;
      state.ended += 1;
      state.totalMs += durationMs;
      state.maxMs = Math.max(state.maxMs, durationMs);
    }
  }

  /** The statistics since the last call, of every probe that was due. */
  takeReport(): ProbeStatistics[] {
    const report: ProbeStatistics[] = [];
    for (const [probe, state] of this.#states) {
      const { runs, failures, ended, totalMs, maxMs } = state;
      if (runs === 0) continue;
      report.push({
        probe,
        runs,
        failures,
        meanDurationSeconds: ended > 0 ? totalMs / ended / 1000 : undefined,
        maxDurationSeconds: ended > 0 ? maxMs / 1000 : undefined,
      });
      Object.assign(state, noRuns);
    }
    return report;
  }

  /** Aborts what is running and starts nothing any more. */
  stop(): void {
    this.#stopped = true;
    for (const state of this.#states.values()) state.current?.abort(new Error('the agent is stopping'));
  }

  #stateOf(name: string): State {
    let state = this.#states.get(name);
    if (state === undefined) {
      state = { ...noRuns, current: undefined, failing: false, absent: false };
      this.#states.set(name, state);
    }
    return state;
  }

  /** Rejects when the probe throws, when its time is up, whether or not it heeds the signal, and at `stop`. */
  async #collect(probe: Probe, run: { time: number; state: State }): Promise<ProbeResult> {
    const controller = new AbortController();
    const { signal } = controller;
    const aborted = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    const timer = setTimeout(
      () => controller.abort(new Error(`no result within ${probe.timeoutMs} ms`)),
      probe.timeoutMs,
    );
    run.state.current = controller;
    const settled = () => {
      run.state.current = undefined;
    };
    const context = { time: run.time, monotonicMs: this.#monotonic };
    const work = (async () => probe.collect(context, signal))();
    work.then(settled, settled);
    try {
      return await Promise.race([work, aborted]);
    } finally {
      clearTimeout(timer);
    }
  }

  #succeeded(probe: Probe, result: ProbeResult): readonly Point[] {
    const state = this.#stateOf(probe.name);
    if (result.status === 'measured' && result.incomplete !== undefined) this.#failed(probe, result.incomplete);
    else if (state.failing) {
      state.failing = false;
      this.#logger.warn('probe works again', { probe: probe.name });
    }
    if (result.status === 'not-here') {
      if (!state.absent) this.#logger.info('nothing to measure here', { probe: probe.name, reason: result.reason });
      state.absent = true;
      return [];
    }
    state.absent = false;
    // A point whose every value was undefined says nothing, and the catalogue allows none.
    return result.points.filter(hasFields);
  }

  #failed(probe: Probe, reason: string): void {
    const state = this.#stateOf(probe.name);
    state.failures += 1;
    this.#totalFailures += 1;
    if (!state.failing) this.#logger.warn('probe failed', { probe: probe.name, reason });
    state.failing = true;
  }
}

function hasFields(point: Point): boolean {
  for (const _ in point.fields) return true;
  return false;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
