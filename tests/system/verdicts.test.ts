/** Why machines and units are silent, with real programs on real networks: what is said while it lasts, and afterwards. */
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../harness/program.ts';
import { Machines, missingForMachines } from '../harness/province/machines.ts';
import { Province } from '../harness/province/province.ts';

/** Edges and silent neighbours are looked at more often than by default. PCs work at no time at all. */
const configuration = `
connectivity:
  edge: {every: 5}
  peers: {every: 5}
  links:
    watch:
      - {unit: XA-1, id: tslcd-1, interface: tslcd}
      - {unit: XA-1, id: inet-1, interface: inet}
      - {unit: XA-2, id: tslcd-1, interface: tslcd}
      - {unit: XA-2, id: inet-1, interface: inet}
calendar:
  default: nghi
  calendars: {nghi: {hours: []}}
`;

const province = new Province();
const machines = new Machines(province, configuration);

/** Milliseconds until a machine is seen in that state, looked for ten times a second. */
async function visibleAfter(state: string, host: Parameters<Machines['state']>[0], begin: () => void): Promise<number> {
  const start = performance.now();
  begin();
  await until(`${host} to be ${state}`, async () => (await machines.state(host)) === state, 60_000);
  return Math.round(performance.now() - start);
}

function whats(outage: { readonly evidence: readonly { readonly what: string }[] }): string[] {
  return outage.evidence.map(({ what }) => what);
}

describe.skipIf(missingForMachines !== undefined)('verdicts', () => {
  beforeAll(async () => {
    await province.start();
    await machines.start();
    for (const host of ['gw1', 'gw2'] as const) machines.add(host, 'gateway');
    for (const host of ['dc', 'pc11', 'pc12', 'pc21'] as const) machines.add(host, 'server');
    machines.add('pc22', 'pc');
    await machines.becomes('online', 'dc', 'gw1', 'gw2', 'pc11', 'pc12', 'pc21', 'pc22');
  });
  afterEach(() => province.faults.heal());
  afterAll(async () => {
    await machines.stop();
    await province.stop();
  });

  async function oneByOne(): Promise<void> {
    // The service is stopped.
    await machines.agent('pc11').stop('SIGTERM');
    const stopped = await machines.verdict('pc11', { verdict: 'agent-stopped', confidence: 'high' });
    expect(whats(stopped)).toContain('goodbye');
    await machines.incident('agent-stopped', machines.id('pc11'));
    machines.agent('pc11').start();
    await machines.verdict('pc11', { verdict: 'agent-stopped', over: true });
    await machines.noIncident('agent-stopped', machines.id('pc11'));

    // The process dies; its machine answers its neighbours.
    const killedMs = await visibleAfter('offline', 'pc12', () => machines.agent('pc12').program.signal('SIGKILL'));
    process.stderr.write(`process killed to visible: ${killedMs} ms\n`);
    expect(killedMs).toBeLessThan(3_000);
    const crashed = await machines.verdict('pc12', { verdict: 'agent-stopped', confidence: 'high', over: false });
    expect(whats(crashed)).toEqual(expect.arrayContaining(['connection-closed', 'neighbour-answers']));
    machines.agent('pc12').start();
    await machines.verdict('pc12', { verdict: 'agent-stopped', confidence: 'high', over: true });

    // The machine is shut down.
    await machines.shutDown('pc11');
    await machines.verdict('pc11', { verdict: 'machine-shut-down', confidence: 'high' });
    await machines.incident('machine-offline', machines.id('pc11'));
    machines.powerOn('pc11');
    await machines.verdict('pc11', { verdict: 'machine-shut-down', confidence: 'high', over: true });
  }

  async function offHoursAndAPulledPlug(): Promise<void> {
    // A PC outside working hours.
    await machines.shutDown('pc22');
    await machines.becomes('planned', 'pc22');
    expect((await machines.verdict('pc22', { verdict: 'planned' })).incident).toBeUndefined();

    const silentMs = await visibleAfter('late', 'pc21', () => void machines.powerOff('pc21'));
    process.stderr.write(`link cut to visible: ${(silentMs / 1_000).toFixed(1)} s\n`);
    expect(silentMs).toBeLessThan(40_000);
    const lost = await machines.verdict('pc21', { verdict: 'machine-lost', confidence: 'high', over: false });
    expect(whats(lost)).toEqual(expect.arrayContaining(['silence', 'neighbour-silent', 'others-heard']));
    await machines.incident('machine-offline', machines.id('pc21'));
    machines.powerOn('pc21', 'pc22');
    const back = await machines.verdict('pc21', { verdict: 'machine-lost', over: true });
    expect(whats(back)).toContain('machine-started');
    expect((await machines.incidents('all')).filter(({ subject }) => subject === machines.id('pc22'))).toEqual([]);
  }

  test('agents that stop and die, machines that are shut down and lose their power, off hours', async () => {
    await Promise.all([oneByOne(), offHoursAndAPulledPlug()]);
    await machines.becomes('online', 'pc11', 'pc12', 'pc21', 'pc22');
  }, 180_000);

  async function deadSwitch(): Promise<void> {
    province.faults.off('sw1');
    const isolated = await machines.verdict('pc11', { verdict: 'lan-isolated', over: false });
    expect(whats(isolated)).toEqual(expect.arrayContaining(['silence', 'lost-together', 'others-heard']));
    await machines.verdict('pc12', { verdict: 'lan-isolated', over: false });
    await machines.incident('unit-unreachable', 'XA-1', 2);
    expect(await machines.state('gw1')).toBe('online');
    province.faults.on('sw1');
    // The machines say themselves that they did not reach their router.
    await machines.verdict('pc11', { verdict: 'lan-isolated', confidence: 'high', over: true });
    await machines.noIncident('unit-unreachable', 'XA-1');
  }

  async function cutWan(): Promise<void> {
    province.faults.silence('gw2.tslcd');
    for (const host of ['gw2', 'pc21'] as const) {
      const cut = await machines.verdict(host, { verdict: 'unit-link-down', over: false });
      expect(whats(cut)).toContain('lost-together');
    }
    await machines.incident('unit-unreachable', 'XA-2');
    // What does not change is reported once a minute: by then there are readings that say that the LAN lived.
    await wait(35_000);
    province.faults.clear('gw2.tslcd');
    const over = await machines.verdict('pc21', { verdict: 'unit-link-down', confidence: 'high', over: true });
    expect(whats(over)).toEqual(expect.arrayContaining(['agent-lived', 'router-was-reached', 'edge-silent']));
    await machines.noIncident('unit-unreachable', 'XA-2');
  }

  test('the switch of one LAN is dead while its gateway lives; the line of the other is cut', async () => {
    await Promise.all([deadSwitch(), cutWan()]);
    await machines.becomes('online', 'gw1', 'gw2', 'pc11', 'pc12', 'pc21', 'pc22');
  }, 240_000);

  async function powerCut(): Promise<void> {
    await machines.powerOff('pc11', 'pc12', 'gw1');
    await machines.becomes('offline', 'gw1', 'pc11', 'pc12');
    await machines.incident('unit-unreachable', 'XA-1', 3);
    // Its dead lines are told by the same incident.
    for (const line of ['XA-1/tslcd-1', 'XA-1/inet-1']) await machines.noIncident('link-down', line);
    const about = await until('one incident of the unit', async () => {
      const open = (await machines.incidents()).filter(({ subject }) => subject.startsWith('XA-1'));
      return open.length === 1 && open;
    });
    machines.powerOn('gw1', 'pc11', 'pc12');
    for (const host of ['gw1', 'pc11', 'pc12'] as const) {
      const over = await machines.verdict(host, { verdict: 'unit-power-loss', confidence: 'high', over: true });
      expect(over.revisions.at(-1)).toMatchObject({ from: 'unit-link-down', to: 'unit-power-loss' });
      expect(over.incident).toBe(about[0]?.id);
    }
    await machines.noIncident('unit-unreachable', 'XA-1');
  }

  /** The Internet is dead and TSLCD is not: the line is told of, and no machine is away. */
  async function cutInternet(): Promise<void> {
    const before = (await machines.outages('pc21')).length;
    await province.faults.cut('gw2.inet');
    await machines.incident('link-down', 'XA-2/inet-1');
    await wait(5_000);
    expect(await machines.state('pc21')).toBe('online');
    expect(await machines.outages('pc21')).toHaveLength(before);
    province.faults.restore('gw2.inet');
    await machines.noIncident('link-down', 'XA-2/inet-1');
  }

  test('one unit loses its power and gets it back; the other its Internet but not TSLCD', async () => {
    await Promise.all([powerCut(), cutInternet()]);
  }, 240_000);
});
