/** A collector whose store has a VictoriaMetrics for a mirror: it gets what the store has accepted, and is never waited for. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CollectorProcess, run, temporaryFolder, until } from '../harness/program.ts';
import { findVictoriaMetrics, VictoriaMetrics } from '../harness/victoria-metrics.ts';

const program = findVictoriaMetrics();
if ('missing' in program) console.warn(`VictoriaMetrics tests are skipped: ${program.missing}`);

describe.skipIf('missing' in program)('a mirror of the store', () => {
  let server: VictoriaMetrics;
  let folder: ReturnType<typeof temporaryFolder>;
  let collector: CollectorProcess | undefined;

  beforeAll(async () => {
    if ('path' in program) server = await VictoriaMetrics.start(program.path);
  });
  afterAll(() => server?.stop());
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(async () => {
    await collector?.stop();
    collector = undefined;
    folder.remove();
  });

  /** Signs of life of the collector, one each 15 seconds, since this test began. */
  async function signs(): Promise<number> {
    await server.flush();
    const [sample] = await server.ask('count_over_time(collector_watchdog_ready{db="giam_sat"}[1h])', Date.now());
    return sample?.values[0]?.[1] ?? 0;
  }

  async function metric(name: string): Promise<number> {
    const line = String(await collector?.get('/metrics'))
      .split('\n')
      .find((each) => each.startsWith(`${name} `));
    return Number(line?.split(' ').at(-1));
  }

  async function answered(): Promise<number> {
    const path = `/api/v1/series?measurement=collector_watchdog&field=ready&from=${Date.now() - 3_600_000}&to=${Date.now()}`;
    const answer = (await collector?.get(path)) as { series: { points: unknown[] }[] } | undefined;
    return answer?.series[0]?.points.length ?? 0;
  }

  test('has what the store has; away, nothing waits for it, and it gets the rest when it is back', async () => {
    collector = new CollectorProcess(folder.path, {
      VONGGAC_STORE_MIRROR_URL: server.url,
      VONGGAC_STORE_MIRROR_DATABASE: 'giam_sat',
    });
    await collector.start();
    await until('the first sign of life in the mirror', async () => (await signs()) >= 1);

    await server.end('SIGTERM');
    const before = await answered();
    await until('one more in the store', async () => (await answered()) > before);
    await until('what waits', async () => (await metric('vonggac_mirror_waiting_points')) > 0);
    expect(collector.program.output).toContain('the mirror of the store takes no data');

    await server.resume();
    await until('nothing to wait', async () => (await metric('vonggac_mirror_waiting_points')) === 0);
    expect(await signs()).toBeGreaterThanOrEqual(before + 1);
    expect(await metric('vonggac_mirror_points_total{outcome="lost"}')).toBe(0);
    expect(collector.program.output).toContain('the mirror of the store takes data again');
  });

  test('is not taken for a store, which would have to answer', () => {
    const args = ['serve', '--data', folder.path, '--agents-port', '0', '--console-port', '0'];
    const environment = { VONGGAC_STORE_KIND: 'influx', VONGGAC_STORE_INFLUX_URL: server.url };
    const { code, stderr } = run('collector', args, environment);
    expect(code).not.toBe(0);
    expect(stderr).toContain('is VictoriaMetrics, which takes readings but cannot answer the console');
    expect(stderr).toContain('store.mirror.url');
  });
});
