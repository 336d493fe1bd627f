/** The agent about itself. Source: the process, and the parts that the status comes from. */
import { catalogue, point } from '@vonggac/shared';
import type { Probe } from '../probe.ts';
import { PreviousReading } from './previous-reading.ts';

export interface AgentStatus {
  /** Unix time. */
  readonly startTimeSeconds: number;
  readonly spool: {
    readonly records: number;
    readonly bytes: number;
    readonly lostPoints: number;
    /** As the catalogue numbers it. */
    readonly state: number;
  };
  /** The collector's clock minus this machine's; undefined before the first session. */
  readonly clockOffsetSeconds: number | undefined;
  /** Of the line, since the start. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** Of the day's bytes. */
  readonly budget: {
    readonly usedPercent: number;
    /** As the catalogue numbers it. */
    readonly state: number;
  };
  /** Pushed settings that made no sense, since the start. */
  readonly refusedSettings: number;
  /** Due moments that passed without a run, since the start. */
  readonly runsMissed: number;
}

/** The part of Node's `process` that is measured. */
export interface ProcessUsage {
  readonly memoryUsage: { rss(): number };
  /** Microseconds since the process started. */
  cpuUsage(): { user: number; system: number };
}

export function agentProbe(options: {
  status: () => AgentStatus;
  /** Failed probe runs since the start. */
  probeFailures: () => number;
  process: ProcessUsage;
}): Probe {
  const readings = new PreviousReading<number>();
  return {
    name: 'agent',
    cadence: catalogue.agent.cadence,
    atStart: true,
    timeoutMs: 5_000,
    async collect({ time, monotonicMs }) {
      const { startTimeSeconds, spool, clockOffsetSeconds, refusedSettings, runsMissed, ...line } = options.status();
      const { user, system } = options.process.cpuUsage();
      const previous = readings.replace(user + system, monotonicMs());
      const fields = {
        resident_bytes: options.process.memoryUsage.rss(),
        // Microseconds of one processor, of the milliseconds that passed.
        cpu_percent: previous && (user + system - previous.before) / previous.elapsedMs / 10,
        spool_records: spool.records,
        spool_bytes: spool.bytes,
        spool_lost_points: spool.lostPoints,
        spool_state: spool.state,
        probe_failures: options.probeFailures(),
        clock_offset_seconds: clockOffsetSeconds,
        sent_bytes: line.sentBytes,
        start_time_seconds: startTimeSeconds,
        refused_settings: refusedSettings,
        runs_missed: runsMissed,
        received_bytes: line.receivedBytes,
        budget_used_percent: line.budget.usedPercent,
        budget_state: line.budget.state,
      };
      return { status: 'measured', points: [point('agent', { time, tags: {}, fields })] };
    },
  };
}
