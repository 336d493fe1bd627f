/** Outages as they arrive at the collector: measured on the machines while they were cut off, told when they are back. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../harness/program.ts';
import { Offices } from '../harness/province/offices.ts';
import { addresses, type Host } from '../harness/province/plan.ts';
import { missing, names, Province } from '../harness/province/province.ts';

/** Within this a cut link is measured. */
const detectionMs = 20_000;
/** The collector is only knocked at when its session has been silent for a while, or all would knock at once. */
const collectorDetectionMs = 35_000;
const gatewayOffMs = detectionMs + 3_000;
const wanSilentMs = collectorDetectionMs + 5_000;
const backMs = 60_000;

const province = new Province();
const offices = new Offices(province);

type Reading = readonly [time: number, value: unknown];

async function since(start: number, of: { host: Host; target: string; field: string }): Promise<Reading[]> {
  return (await offices.history(of.host, of)).filter(([time]) => time >= start);
}

/** What a host measured while nothing came from it: when it knew of the outage, why, and when that was over. */
async function outage(start: number, of: { host: Host; target: string }) {
  return until(
    `the outage of ${of.target} as ${of.host} saw it`,
    async () => {
      const up = await since(start, { ...of, field: 'up' });
      const down = up.find(([, value]) => value === 0);
      const isBack = down && up.some(([time, value]) => time > down[0] && value === 1);
      if (!isBack) return undefined;
      const errors = await since(start, { ...of, field: 'error' });
      return { afterMs: down[0] - start, error: errors.find(([time]) => time === down[0])?.[1] };
    },
    backMs,
  );
}

async function downs(start: number, of: { host: Host; target: string }): Promise<Reading[]> {
  return (await since(start, { ...of, field: 'up' })).filter(([, value]) => value !== 1);
}

async function tagsOf(host: Host, target: string) {
  return (await offices.view(host)).points.find(({ tags }) => tags.target === target)?.tags;
}

describe.skipIf(missing !== undefined)('outages', () => {
  beforeAll(async () => {
    await province.start();
    province.faults.onlyIpv6('pc12');
    await offices.start();
    const address = `${names.collector}:${offices.collector.agentsPort}`;
    for (const host of ['pc11', 'pc12', 'pc21', 'pc22'] as const) {
      offices.enrol(host, { class: host === 'pc22' ? 'pc' : 'server', address }).start();
    }
    await offices.online('pc11', 'pc12', 'pc21', 'pc22');
  });
  afterAll(async () => {
    await offices.stop();
    await province.stop();
  });

  test.each(['pc11', 'pc12', 'pc22'] as const)(
    '%s looks at its gateway, its resolver and the collector',
    async (host) => {
      for (const target of ['gateway', 'resolver-1', 'collector']) {
        await until(
          `${target} to be up for ${host}`,
          async () => (await offices.latest(host, { measurement: 'connectivity', tags: { target } }))?.up === true,
          backMs,
        );
      }
      expect(await tagsOf(host, 'gateway')).toMatchObject({ kind: 'icmp', scope: 'lan' });
      expect(await tagsOf(host, 'resolver-1')).toMatchObject({ kind: 'dns', scope: 'wan' });
      expect(await tagsOf(host, 'collector')).toMatchObject({ kind: 'tcp', scope: 'wan' });
    },
  );

  test('one commune has a silent WAN, the other a gateway that is off: each machine says which', async () => {
    province.faults.silence('gw1.tslcd');
    province.faults.off('gw2');
    const start = Date.now();
    await wait(gatewayOffMs);
    province.faults.on('gw2');
    await wait(wanSilentMs - gatewayOffMs);
    province.faults.clear('gw1.tslcd');

    for (const host of ['pc11', 'pc12'] as const) {
      const resolver = await outage(start, { host, target: 'resolver-1' });
      expect(resolver.afterMs, host).toBeLessThan(detectionMs);
      expect(resolver.error, host).toBe('timeout');
      const collector = await outage(start, { host, target: 'collector' });
      expect(collector.afterMs, host).toBeLessThan(collectorDetectionMs);
      expect(await downs(start, { host, target: 'gateway' }), host).toEqual([]);
    }
    for (const host of ['pc21', 'pc22'] as const) {
      for (const target of ['gateway', 'resolver-1']) {
        const { afterMs, error } = await outage(start, { host, target });
        expect(afterMs, `${host} ${target}`).toBeLessThan(detectionMs);
        expect(error, `${host} ${target}`).toMatch(/^(timeout|unreachable)$/);
      }
    }
    // The way as far as it went, looked at for whichever target was the first to go.
    const paths = await Promise.all(
      ['resolver-1', 'collector'].map((target) => since(start, { host: 'pc11', target, field: 'path' })),
    );
    expect(paths.flat().map(([, path]) => path)).toContainEqual(expect.stringContaining(addresses.gateway(1)));
  });
});
