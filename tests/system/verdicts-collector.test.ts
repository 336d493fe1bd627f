/** A collector that is away or cut off itself: it knows nothing then, says so, and calls no unit down. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OutageLedger } from '../../collector/src/outages/outage-ledger.ts';
import { until } from '../harness/program.ts';
import { Machines, missingForMachines } from '../harness/province/machines.ts';
import { Province } from '../harness/province/province.ts';

const province = new Province();
const machines = new Machines(province, 'connectivity: {edge: {every: 5}}');
const hosts = ['gw1', 'pc11', 'gw2', 'pc21'] as const;

/** As the file says, read beside the running collector. */
function gaps(): { cause: string; from: number; to: number | undefined }[] {
  const ledger = new OutageLedger(machines.collector.folder);
  try {
    return ledger.gaps(0, Number.MAX_SAFE_INTEGER);
  } finally {
    ledger.stop();
  }
}

describe.skipIf(missingForMachines !== undefined)('the collector itself', () => {
  beforeAll(async () => {
    await province.start();
    await machines.start();
    for (const host of hosts) machines.add(host, host.startsWith('gw') ? 'gateway' : 'server');
    machines.add('dc', 'server');
    await machines.becomes('online', 'dc', ...hosts);
  });
  afterAll(async () => {
    await machines.stop();
    await province.stop();
  });

  test('is cut off: one incident about itself, and every machine is inconclusive', async () => {
    province.faults.silence('dc.tslcd');
    province.faults.silence('dc.inet');
    const cutAt = Date.now();
    await machines.incident('collector-cut-off', 'collector');
    await machines.becomes('inconclusive', ...hosts);
    // Longer than it takes to call them away.
    await wait(20_000);
    expect(await machines.state('dc')).toBe('online');
    for (const host of hosts) expect(await machines.state(host), host).toBe('inconclusive');
    const kinds = (await machines.incidents('all')).map(({ kind }) => kind);
    expect(kinds.filter((kind) => !kind.startsWith('link-'))).toEqual(['collector-cut-off']);
    province.faults.clear('dc.tslcd');
    province.faults.clear('dc.inet');
    await machines.becomes('online', ...hosts);
    await machines.noIncident('collector-cut-off', 'collector');
    for (const host of hosts) expect(await machines.outages(host), host).toEqual([]);
    const gap = await until('the end of the gap', () => gaps().find(({ to }) => to !== undefined), 110_000);
    expect(gap.cause).toBe('cut-off');
    expect(gap.from).toBeLessThan(cutAt + 15_000);
  }, 240_000);

  test('is started anew: nobody is called down, and the time is its own', async () => {
    const before = Date.now();
    await machines.collector.stop('SIGKILL');
    await wait(5_000);
    await machines.collector.start();
    for (const host of hosts) expect(await machines.state(host), host).toMatch(/^(online|inconclusive)$/);
    await machines.becomes('online', 'dc', ...hosts);
    const isOver = () => gaps().find(({ cause, to }) => cause === 'stopped' && to !== undefined);
    const gap = await until('the end of the gap', isOver, 110_000);
    expect(gap.from).toBeLessThanOrEqual(before + 1_000);
    expect(gap.from).toBeGreaterThan(before - 30_000);
    for (const host of hosts) expect(await machines.outages(host), host).toEqual([]);
    const kinds = (await machines.incidents('all')).map(({ kind }) => kind);
    expect(kinds.filter((kind) => !kind.startsWith('link-'))).toEqual(['collector-cut-off']);
  }, 240_000);
});
