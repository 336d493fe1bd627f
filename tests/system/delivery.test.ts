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
  const schedules = ['cpu', 'memory', 'agent'].map((name) => `    ${name}: '${everySecond}'\n`).join('');
  writeFileSync(file, `agents:\n  schedules:\n${schedules}${store}`);
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

async function samples(measurement: string, field: string): Promise<readonly (readonly [number, number])[]> {
  const path = `/api/v1/series?measurement=${measurement}&field=${field}&from=-10m`;
  const answer = (await collector.get(path)) as SeriesAnswer;
  expect(answer.series.length).toBeLessThanOrEqual(1);
  return answer.series[0]?.points ?? [];
}

async function memoryTimes(): Promise<number[]> {
  return (await samples('memory', 'total_bytes')).map(([time]) => time);
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

/**
 * The seconds without a sample, from the first to the last, that the agent has not counted itself. The pushed schedule
 * arrives a moment after the start, and a machine that was starved for a second measures late, off the beat: such a
 * sample stands for the second before it.
 */
async function secondsLost(): Promise<number> {
  const times = await memoryTimes();
  const last = times.at(-1) ?? 0;
  const onBeat = times.filter((time) => time % 1_000 === last % 1_000);
  const first = onBeat.find((time, index) => onBeat[index + 1] === time + 1_000) ?? last;
  const late = times.filter((time) => time > first && time % 1_000 !== last % 1_000).length;
  const [missedBefore = 0, missed = 0] = await runsMissed(first, last);
  // Three probes run each second; each of them is counted.
  const counted = late + (missed - missedBefore) / 3;
  return (last - first) / 1_000 + 1 - onBeat.filter((time) => time >= first).length - counted;
}

/** What the agent had counted around two moments. */
async function runsMissed(first: number, last: number): Promise<number[]> {
  const counts = await samples('agent', 'runs_missed');
  const before = counts.findLast(([time]) => time <= first) ?? counts[0];
  const after = counts.find(([time]) => time >= last) ?? counts.at(-1);
  return [before?.[1] ?? 0, after?.[1] ?? 0];
}

async function loseNothingThroughAKill(): Promise<void> {
  await until('the first samples', async () => (await memoryTimes()).length > 5);
  await collector.stop('SIGKILL');
  const killedAt = Date.now();
  await wait(outageMs);
  await collector.start();
  const backAt = Date.now();
  await until('fresh samples', async () => (await memoryTimes()).some((time) => time > backAt + 5_000), 90_000);
  await until('the backlog', async () => (await secondsLost()) <= 0, 60_000);

  const times = await memoryTimes();
  expect(new Set(times).size).toBe(times.length);
  expect(times[0]).toBeLessThan(killedAt);
  expect(times.at(-1)).toBeGreaterThan(backAt);
  expect(times.filter((time) => time > killedAt && time < backAt).length).toBeGreaterThan(outageMs / 2_000);
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
    await until('the first samples', async () => (await memoryTimes()).length > 3);
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
        const last = (await memoryTimes()).at(-1) ?? 0;
        return last > backAt && (await secondsLost()) <= 0;
      },
      60_000,
    );
  },
);
