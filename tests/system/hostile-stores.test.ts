/** Rows 27 and 31 of the attacks, and what of row 25 the database decides: both stores, as real as they get. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HostileTarget } from '../harness/hostile-target.ts';
import { findInfluxd, Influxd } from '../harness/influxd.ts';
import { temporaryFolder } from '../harness/program.ts';

const program = findInfluxd();
if ('missing' in program) console.warn(`InfluxDB tests are skipped: ${program.missing}`);

const injections = [
  "'; DROP DATABASE vonggac; --",
  "' OR '1'='1",
  '" OR "1"="1',
  "x\\' OR 1=1 --",
  "x'; DROP MEASUREMENT filesystem",
  '/.*/',
  "') UNION SELECT * FROM sqlite_master --",
  '$p0',
  '*',
  '%',
  'x;GRANT ALL TO vonggac',
  'a,mount=b total_bytes=1i 1',
  'x\\',
];
const injectionParameters = ['agent', 'unit', 'tag.mount', 'tag.host', 'tag.type', 'tag.class'];
const checkedParameters = ['measurement', 'field', 'from', 'to', 'step', 'aggregate', 'limit', 'order', 'tag.nope'];
const series = { measurement: 'filesystem', field: 'total_bytes' };
const dayMs = 86_400_000;

describe.each(['sqlite', 'influx'] as const)('a collector on %s', (kind) => {
  const folder = temporaryFolder();
  let server: Influxd | undefined;
  let target: HostileTarget;

  const isMissing = kind === 'influx' && 'missing' in program;

  beforeAll(async () => {
    if (isMissing) return;
    if (kind === 'influx' && 'path' in program) server = await Influxd.start(program.path);
    target = new HostileTarget(folder.path, {}, server ? { influxUrl: server.url } : {});
    await target.start();
    const agent = await target.villain();
    agent.batch(
      1,
      injections.map((mount) => [3, 1, [mount, 'ext4'], [0], [42]]),
    );
    expect(await agent.ack(1)).toEqual({ type: 'ack', seq: 1 });
    agent.close();
  });
  afterAll(async () => {
    if (isMissing) return;
    await target.stop();
    await server?.stop();
    folder.remove();
  });

  async function mounts(query: Record<string, string> = {}): Promise<string[]> {
    const path = `/api/v1/series?${new URLSearchParams({ ...series, ...query })}`;
    const answer = (await target.collector.get(path)) as { series: { tags: { mount: string }; points: unknown[] }[] };
    for (const { points } of answer.series) expect(points).toHaveLength(1);
    return answer.series.map(({ tags }) => tags.mount).sort();
  }

  test.skipIf(isMissing)('gives back each text as it was, and for each text that one alone', async () => {
    await target.endures(`texts in ${kind}`, async () => {
      expect(await mounts()).toEqual([...injections].sort());
      for (const mount of injections) expect(await mounts({ 'tag.mount': mount })).toEqual([mount]);
    });
  });

  test.skipIf(isMissing)('takes no value of a query for a part of the question', async () => {
    await target.endures(`injections into ${kind}`, async () => {
      for (const name of injectionParameters.filter((one) => one !== 'tag.mount')) {
        for (const value of injections) expect(await mounts({ [name]: value }), `${name}=${value}`).toEqual([]);
      }
      for (const name of checkedParameters) {
        for (const value of injections) {
          await expect(mounts({ [name]: value }), `${name}=${value}`).rejects.toThrow('answered 400');
        }
      }
      expect(await mounts()).toEqual([...injections].sort());
    });
  });

  test.skipIf(isMissing)('keeps nothing of times that cannot be', async () => {
    await target.endures(`wild times in ${kind}`, async () => {
      const shards = await shardCount(server);
      const refusedBefore = await target.counter('vonggac_points_refused_total');
      const agent = await target.villain();
      const now = Date.now();
      const ages = [
        now,
        now + 1,
        2 * now,
        -10 * 365 * dayMs,
        365 * dayMs,
        9 * dayMs,
        -600_000,
        -now * 1_000,
        1e15,
        -1e15,
      ];
      const wild = ages.map((age, index) => [3, 1, [`/wild-${index}`, 'ext4'], [age], [1]]);
      agent.batch(1, wild);
      expect(await agent.ack(1)).toMatchObject({ refused: ages.length });
      // Falling and jumping within one series: each point for itself.
      agent.batch(2, [[1, 1, [], [0, -1_000, -4e11, 9e11, 5e14], [1, 1, 1, 1, 1]]]);
      expect(await agent.ack(2)).toMatchObject({ refused: 3 });
      for (const sent of [0, 1, now * 1_000]) {
        agent.send({ type: 'batch', seq: 3, sent, data: [[3, 1, ['/wild', 'ext4'], [0], [1]]] });
        expect(await agent.ack(3)).toMatchObject({ refused: 1 });
        agent.received.length = 0;
      }
      expect((await target.counter('vonggac_points_refused_total')) - refusedBefore).toBe(ages.length + 6);
      expect(await mounts()).toEqual([...injections].sort());
      expect(await shardCount(server)).toBe(shards);
    });
  });
});

/** A shard is files and memory of its own: InfluxDB makes one for every day that a point falls on. */
async function shardCount(server: Influxd | undefined): Promise<number> {
  if (!server) return 0;
  const answer = await fetch(`${server.url}/query?${new URLSearchParams({ q: 'SHOW SHARDS' })}`);
  const { results } = (await answer.json()) as { results: { series: { values?: unknown[] }[] }[] };
  return results[0]?.series.reduce((sum, { values }) => sum + (values?.length ?? 0), 0) ?? 0;
}
