/** The collector in trouble of its own: what it says, and whether others notice. */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findInfluxd, Influxd } from '../harness/influxd.ts';
import { CollectorProcess, temporaryFolder, until } from '../harness/program.ts';
import { noServiceManager, ServiceManager } from '../harness/service-manager.ts';
import { noSmallDisk, SmallDisk } from '../harness/small-disk.ts';

interface Health {
  readonly ready: boolean;
  readonly problems: readonly { readonly code: string; readonly action: string }[];
  readonly values?: Readonly<Record<string, number>>;
}
interface Answer {
  readonly series: readonly { readonly points: readonly (readonly [number, number])[] }[];
}

const influxd = findInfluxd();

let folder: ReturnType<typeof temporaryFolder>;
let collector: CollectorProcess;

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(async () => {
  await collector.stop('SIGKILL');
  folder.remove();
});

const health = async () => (await collector.get('/api/v1/collector')) as Health;
const codes = async () => (await health()).problems.map(({ code }) => code);

/** What /readyz says; undefined when all is well. */
async function notReady(): Promise<string | undefined> {
  return collector.get('/readyz').then(
    () => undefined,
    (error: Error) => error.message,
  );
}

async function watchdogRows(): Promise<readonly (readonly [number, number])[]> {
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const answer = await collector.get(`/api/v1/series?measurement=collector_watchdog&field=ready&from=${from}`);
  return (answer as Answer).series[0]?.points ?? [];
}

test('a collector that does well says so, and leaves a sign of life', async () => {
  collector = new CollectorProcess(folder.path);
  await collector.start();
  expect(await notReady()).toBeUndefined();
  await until('the first sign of life', async () => (await watchdogRows()).length > 0);
  const { values } = await health();
  expect(values?.disk_free_bytes).toBeGreaterThan(0);
  expect(values?.resident_bytes).toBeGreaterThan(1e7);
  expect(await collector.get('/metrics')).toMatch(/vonggac_problems\{code="store"\} 0/);
});

test.skipIf(noSmallDisk())('a full disk is told, and its end too', async () => {
  const disk = new SmallDisk(join(folder.path, 'disk'));
  disk.mount(300);
  try {
    collector = new CollectorProcess(join(disk.path, 'data'));
    await collector.start();
    expect(await notReady()).toBeUndefined();
    disk.fill();
    expect(await notReady()).toMatch(/the disk of the data folder is full: 0 MB free; free some room/);
    // What it writes of itself finds no room either.
    await until('the store to fail', async () => (await codes()).includes('store'), 60_000);
    disk.free();
    await until('the collector to be ready again', async () => (await notReady()) === undefined, 60_000);
  } finally {
    await collector.stop('SIGKILL');
    disk.unmount();
  }
});

test.skipIf('missing' in influxd)('a store that is away is told, and rows of the watchdog are missing', async () => {
  const server = await Influxd.start('path' in influxd ? influxd.path : '');
  try {
    collector = new CollectorProcess(folder.path, {
      VONGGAC_STORE_KIND: 'influx',
      VONGGAC_STORE_INFLUX_URL: server.url,
    });
    await collector.start();
    await until('a sign of life', async () => (await watchdogRows()).length > 0, 60_000);
    await server.kill();
    const killedAt = Date.now();
    await until('the trouble', async () => /the store takes no data/.test((await notReady()) ?? ''), 60_000);
    await wait(Math.max(0, killedAt + 20_000 - Date.now()));
    await server.resume();
    const resumedAt = Date.now();
    await until('the collector to be ready', async () => (await notReady()) === undefined, 60_000);
    const rows = await until(
      'a new sign of life',
      async () => {
        const found = await watchdogRows();
        return (found.at(-1)?.[0] ?? 0) >= resumedAt - 1_000 && found;
      },
      60_000,
    );
    const between = rows.filter(([at]) => at > killedAt + 1_000 && at < resumedAt - 1_000);
    expect(between).toEqual([]);
  } finally {
    await server.stop();
  }
});

test('a collector that was stuck says so as soon as it can', async () => {
  collector = new CollectorProcess(folder.path);
  await collector.start();
  expect(await codes()).toEqual([]);
  collector.program.signal('SIGSTOP');
  await wait(12_000);
  collector.program.signal('SIGCONT');
  expect(await notReady()).toMatch(/was stuck for 1\d{4} ms within the last minute/);
  expect(await codes()).toEqual(['event-loop']);
});

test.skipIf(noServiceManager())(
  'systemd is told of the start, of life as long as there is any, and of the stop',
  async () => {
    const manager = new ServiceManager(folder.path);
    await manager.start();
    try {
      const environment = { NOTIFY_SOCKET: manager.socket, WATCHDOG_USEC: '4000000' };
      collector = new CollectorProcess(join(folder.path, 'data'), environment);
      await collector.start();
      await until('READY', () => manager.count('READY=1') > 0, 60_000);
      await until('two signs of life', () => manager.count('WATCHDOG=1') >= 2, 60_000);
      expect(manager.told.join()).toMatch(/STATUS=0 agents connected, the sqlite store takes data/);
      collector.program.signal('SIGSTOP');
      // What was under way arrives.
      await wait(2_000);
      const before = manager.count('WATCHDOG=1');
      await wait(5_000);
      expect(manager.count('WATCHDOG=1')).toBe(before);
      collector.program.signal('SIGCONT');
      await until('life again', () => manager.count('WATCHDOG=1') > before, 60_000);
      expect(await collector.stop()).toBe(0);
      await until('STOPPING', () => manager.count('STOPPING=1') > 0);
    } finally {
      manager.stop();
    }
  },
);
