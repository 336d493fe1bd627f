/** How the probes' runs went since the last report. Source: the runner. */
import { catalogue, point } from '@vonggac/shared';
import type { Probe } from '../probe.ts';
import type { ProbeStatistics } from '../run-probe.ts';

export function probeReportProbe(runner: { takeReport(): readonly ProbeStatistics[] }): Probe {
  return {
    name: 'probe',
    cadence: catalogue.probe.cadence,
    atStart: false,
    timeoutMs: 5_000,
    async collect({ time }) {
      const points = runner.takeReport().map(({ probe, runs, failures, meanDurationSeconds, maxDurationSeconds }) => {
        const fields = {
          runs,
          failures,
          mean_duration_seconds: meanDurationSeconds,
          max_duration_seconds: maxDurationSeconds,
        };
        return point('probe', { time, tags: { probe }, fields });
      });
      return { status: 'measured', points };
    },
  };
}
