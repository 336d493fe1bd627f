/** The whole way with real processes: every sample is in the store once, through a kill of the collector. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findInfluxd, Influxd } from '../harness/influxd.ts';
import { AgentProcess, CollectorProcess, temporaryFolder, until } from '../harness/program.ts';

interface SeriesAnswer {
  readonly series: readonly { readonly tags: Record<string, string>; readonly points: readonly [number, number][] }[];
}

const found = findInfluxd();
const withoutInfluxd = 'missing' in found;
const outageMs = 30_000;
const everySecond = '* * * * * *';

let folder: ReturnType<typeof temporaryFolder>;
let collector: CollectorProcess;
let agent: AgentProcess;
let influxd: Influxd | undefined;

/** Readings each second, so that half a minute is thirty samples. */
function configure(store: string): string {
  const file = join(folder.path, 'collector.yaml');
  writeFileSync(file, `agents:\n  schedules:\n    cpu: '${everySecond}'\n    memory: '${everySecond}'\n${store}`);
  return file;
}

async function startInfluxd(): Promise<Influxd> {
  if ('missing' in found) throw new Error(found.missing);
  influxd = await Influxd.start(found.path);
  return influxd;
}

async function startBoth(store: string): Promise<void> {
  collector = new CollectorProcess(join(folder.path, 'collector'), { VONGGAC_CONFIG: configure(store) });
  await collector.start();
  collector.command('units', 'add', 'XA-01', '--name', 'Xã thử nghiệm');
  agent = new AgentProcess(join(folder.path, 'agent'));
  agent.enrol(collector, { unit: 'XA-01', class: 'server' });
  agent.start();
}

async function cpuTimes(): Promise<number[]> {
  const answer = (await collector.get('/api/v1/series?measurement=cpu&field=cores&from=-10m')) as SeriesAnswer;
  expect(answer.series.length).toBeLessThanOrEqual(1);
  return answer.series[0]?.points.map(([time]) => time) ?? [];
}

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(async () => {
  await agent?.stop('SIGKILL');
  await collector?.stop('SIGKILL');
  await influxd?.stop();
  influxd = undefined;
  folder.remove();
});

/** The pushed schedule arrives a moment after the start; from then on there is one sample each second. */
function inRhythmOf(times: readonly number[]): number[] {
  return times.filter((time) => time % 1_000 === (times.at(-1) ?? 0) % 1_000);
}

async function loseNothingThroughAKill(): Promise<void> {
  await until('the first samples', async () => (await cpuTimes()).length > 5);
  await collector.stop('SIGKILL');
  const killedAt = Date.now();
  await wait(outageMs);
  await collector.start();
  const backAt = Date.now();
  await until('fresh samples', async () => (await cpuTimes()).some((time) => time > backAt + 5_000), 90_000);
  await until('the backlog', async () => {
    const rhythm = inRhythmOf(await cpuTimes());
    return rhythm.length > ((rhythm.at(-1) ?? 0) - (rhythm[0] ?? 0)) / 1_000;
  });

  const times = await cpuTimes();
  expect(new Set(times).size).toBe(times.length);
  const first = times[0] ?? 0;
  const last = times.at(-1) ?? 0;
  expect(first).toBeLessThan(killedAt);
  expect(last).toBeGreaterThan(backAt);
  const inRhythm = inRhythmOf(times);
  expect(inRhythm).toEqual(
    Array.from({ length: inRhythm.length }, (_, index) => last - (inRhythm.length - 1 - index) * 1_000),
  );
  expect(inRhythm.length).toBeGreaterThan(outageMs / 1_000);
}

describe('every sample is stored once through 30 s without a collector', () => {
  test('in the embedded store', async () => {
    await startBoth('');
    await loseNothingThroughAKill();
  });

  test.skipIf(withoutInfluxd)('in InfluxDB', async () => {
    const server = await startInfluxd();
    await startBoth(`store:\n  kind: influx\n  influx:\n    url: ${server.url}\n`);
    await loseNothingThroughAKill();
  });
});

test.skipIf(withoutInfluxd)(
  'InfluxDB away: nothing is acknowledged, the console still sees, nothing is lost',
  async () => {
    const server = await startInfluxd();
    await startBoth(`store:\n  kind: influx\n  influx:\n    url: ${server.url}\n`);
    await until('the first samples', async () => (await cpuTimes()).length > 3);
    const before = await cpuTimes();
    await server.kill();
    const killedAt = Date.now();
    await until('the collector to say it is not ready', async () => {
      return collector.get('/readyz').then(
        () => false,
        () => true,
      );
    });
    await wait(10_000);
    const { items } = (await collector.get('/api/v1/agents')) as { items: { state: string; last_seen: string }[] };
    expect(items[0]?.state).toBe('online');
    expect(Date.parse(items[0]?.last_seen ?? '')).toBeGreaterThan(killedAt + 5_000);
    await server.resume();
    const backAt = Date.now();
    await until(
      'the outage to be filled in',
      async () => {
        const times = await cpuTimes();
        const last = times.at(-1) ?? 0;
        return last > backAt && times.length - 1 >= (last - (before.at(-1) ?? 0)) / 1_000 + before.length - 1;
      },
      60_000,
    );
  },
);
