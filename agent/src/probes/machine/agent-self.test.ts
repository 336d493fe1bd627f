import { describe, expect, it } from 'vitest';
import type { ProbeResult } from '../probe.ts';
import { type AgentStatus, agentProbe } from './agent-self.ts';

const status: AgentStatus = {
  startTimeSeconds: 1_800_000_000,
  spool: { records: 3, bytes: 4096, lostPoints: 2, state: 1 },
  clockOffsetSeconds: -0.25,
  sentBytes: 12_345,
  receivedBytes: 6_789,
  budget: { usedPercent: 12.5, state: 1 },
  refusedSettings: 0,
  runsMissed: 4,
};

function collectorOf(parts: { status: AgentStatus; cpu: () => number }) {
  const probe = agentProbe({
    status: () => parts.status,
    probeFailures: () => 7,
    process: { memoryUsage: { rss: () => 50_000_000 }, cpuUsage: () => ({ user: parts.cpu(), system: 1_000 }) },
  });
  return (atMs: number): Promise<ProbeResult> =>
    probe.collect({ time: 1, monotonicMs: () => atMs }, new AbortController().signal);
}

describe('agentProbe', () => {
  it('tells what the parts of the agent say', async () => {
    const collect = collectorOf({ status, cpu: () => 0 });
    expect(await collect(0)).toMatchObject({
      points: [
        {
          fields: {
            resident_bytes: 50_000_000,
            spool_records: 3,
            spool_bytes: 4096,
            spool_lost_points: 2,
            spool_state: 1,
            probe_failures: 7,
            runs_missed: 4,
            clock_offset_seconds: -0.25,
            sent_bytes: 12_345,
            received_bytes: 6_789,
            budget_used_percent: 12.5,
            budget_state: 1,
            start_time_seconds: 1_800_000_000,
          },
        },
      ],
    });
  });

  it('gives the processor used since the report before, of one core', async () => {
    let cpu = 500_000;
    const collect = collectorOf({ status, cpu: () => cpu });
    const [first] = await pointsOf(collect(0));
    expect(first?.fields).not.toHaveProperty('cpu_percent');
    cpu += 30_000;
    const [second] = await pointsOf(collect(60_000));
    expect(second?.fields.cpu_percent).toBe(0.05);
  });

  it('leaves out the clock offset before the first session', async () => {
    const collect = collectorOf({ status: { ...status, clockOffsetSeconds: undefined }, cpu: () => 0 });
    const [point] = await pointsOf(collect(0));
    expect(point?.fields).not.toHaveProperty('clock_offset_seconds');
  });
});

async function pointsOf(run: Promise<ProbeResult>) {
  const result = await run;
  return result.status === 'measured' ? result.points : [];
}
