/** An agent whose disk is 256 KB and full for a minute, while its collector is away for most of it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AgentProcess, CollectorProcess, temporaryFolder, until } from '../harness/program.ts';
import { noSmallDisk, SmallDisk } from '../harness/small-disk.ts';

interface SeriesAnswer {
  readonly series: readonly { readonly points: readonly [number, number][] }[];
}

const diskMebibytes = 1 / 4;
const fullMs = 60_000;
/** Promised are 5 s and 10 s; a machine that runs other tests as well is slower. */
const saidWithinMs = 15_000;
const recoveredWithinMs = 30_000;
/** After a minute without its collector an agent tries again once a minute. */
const reconnectMs = 150_000;

const folder = temporaryFolder();
const disk = new SmallDisk(join(folder.path, 'disk'));
const reason = noSmallDisk();
if (reason !== undefined) process.stdout.write(`skipped: ${reason}\n`);

describe.skipIf(reason !== undefined)('a spool on a disk of 256 KB', { timeout: 400_000 }, () => {
  const config = join(folder.path, 'collector.yaml');
  const collector = new CollectorProcess(join(folder.path, 'collector'), { VONGGAC_CONFIG: config });
  const agent = new AgentProcess(disk.path);

  beforeAll(async () => {
    disk.mount(diskMebibytes);
    writeFileSync(config, `agents:\n  schedules:\n    cpu: '* * * * * *'\n    memory: '* * * * * *'\n`);
    await collector.start();
    collector.command('units', 'add', 'XA-01', '--name', 'Xã thử nghiệm');
    agent.enrol(collector, { unit: 'XA-01', class: 'server' });
    agent.start();
  });
  afterAll(async () => {
    await agent.stop('SIGKILL');
    await collector.stop('SIGKILL');
    disk.unmount();
    folder.remove();
  });

  async function series(measurement: string, field: string): Promise<readonly [number, number][]> {
    const path = `/api/v1/series?measurement=${measurement}&field=${field}&from=-20m`;
    return ((await collector.get(path)) as SeriesAnswer).series[0]?.points ?? [];
  }

  async function secondsOfMemory(): Promise<number[]> {
    return (await series('memory', 'total_bytes')).map(([time]) => time);
  }

  /** Seconds in which the agent was starved and could not measure, as it counts them itself: two probes in each. */
  async function secondsMissed(): Promise<number> {
    return ((await series('agent', 'runs_missed')).at(-1)?.[1] ?? 0) / 2;
  }

  /** How long after `since` the agent has said by its own measurement that its spool is so. */
  async function saidAfterMs(since: number, state: number): Promise<number> {
    const time = await until(
      `state ${state}`,
      async () => (await series('agent', 'spool_state')).find(([at, value]) => at >= since && value === state)?.[0],
      reconnectMs,
    );
    return time - since;
  }

  test('that is full for a minute: alive, says so, gets well by itself, and no second is missing', async () => {
    await until('samples', async () => (await secondsOfMemory()).length > 5, 60_000);
    const filledAt = Date.now();
    disk.fill();
    const saidMs = await saidAfterMs(filledAt, 3);
    await collector.stop('SIGKILL');
    while (Date.now() < filledAt + fullMs) {
      await wait(1_000);
      expect(agent.program.running).toBe(true);
      // What SQLite gives back is taken again.
      disk.fill();
    }
    disk.free();
    const freedAt = Date.now();
    await collector.start();
    const recoveredMs = await saidAfterMs(freedAt, 0);
    const duringOutage = async () => (await secondsOfMemory()).filter((time) => time > filledAt && time < freedAt);
    await until(
      'the whole minute',
      async () => (await duringOutage()).length + (await secondsMissed()) >= fullMs / 1_000 - 1,
      reconnectMs,
    );

    const times = await duringOutage();
    const longestStep = Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? 0)));
    expect(longestStep).toBeLessThan(1_500 + (await secondsMissed()) * 1_000);
    expect((await series('agent', 'spool_lost_points')).at(-1)?.[1]).toBe(0);
    expect(await series('spool_gap', 'lost_points')).toEqual([]);
    process.stdout.write(`full disk: said after ${saidMs} ms, recovered after ${recoveredMs} ms\n`);
    expect(saidMs).toBeLessThan(saidWithinMs);
    expect(recoveredMs).toBeLessThan(recoveredWithinMs);
  });

  test('that is read-only at the start: measures, says so, and writes when it may', async () => {
    expect(await agent.stop()).toBe(0);
    disk.remount('ro');
    const startedAt = Date.now();
    agent.start();
    await saidAfterMs(startedAt, 3);
    disk.remount('rw');
    const backAt = Date.now();
    await saidAfterMs(backAt, 0);
    await until('samples of that time', async () =>
      (await secondsOfMemory()).some((time) => time > startedAt && time < backAt),
    );
    expect(agent.program.output).toContain('keeping data in memory');
    expect(await agent.stop()).toBe(0);
  });
});
