/**
 * Source: `os.uptime()`, which counts since the last real start: with Fast Startup, on by default, shutting down is a
 * hibernation and does not begin a new count. The number of processes and load averages are not to be had; Node gives
 * zeros for the latter.
 * Not run on a Windows machine yet: only its computing is tested.
 */
import { catalogue, point } from '@vonggac/shared';
import type { Probe } from '../probe.ts';

/** The start time is a difference of two clocks; it is only said anew when it moved by more than their rounding. */
const sameStartSeconds = 2;

export function systemProbe(os: { uptime(): number }): Probe {
  let bootTime: number | undefined;
  return {
    name: 'system',
    cadence: catalogue.system.cadence,
    atStart: true,
    timeoutMs: 5_000,
    async collect({ time }) {
      const uptime = os.uptime();
      bootTime = steadyBootTime(bootTime, Math.round(time / 1000 - uptime));
      const fields = { uptime_seconds: Math.floor(uptime), boot_time_seconds: bootTime };
      return { status: 'measured', points: [point('system', { time, tags: {}, fields })] };
    },
  };
}

/** Seconds since 1970. */
export function steadyBootTime(before: number | undefined, computed: number): number {
  return before !== undefined && Math.abs(computed - before) <= sameStartSeconds ? before : computed;
}
