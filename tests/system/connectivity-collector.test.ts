/** What the collector makes of it: targets it names, services it judges, and lines seen from both of their ends. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AgentProcess, until } from '../harness/program.ts';
import { Offices } from '../harness/province/offices.ts';
import { addresses } from '../harness/province/plan.ts';
import { missing, names, Province } from '../harness/province/province.ts';

/** Longer than a machine takes to report what does not change. */
const outageMs = 75_000;
const judgedWithinMs = 60_000;
/** Two checks of a gateway, and a little: what it has just begun to say counts only then. */
const settledMs = 20_000;
const patience = { timeout: judgedWithinMs, interval: 500 };

interface Line {
  readonly unit: string;
  readonly link: string;
  readonly state: string;
  readonly cause: string;
}

interface Interval {
  readonly state: string;
  readonly cause: string;
  readonly from: string;
  readonly to?: string;
  readonly revision?: string;
}

const province = new Province();
const offices = new Offices(
  province,
  [
    'connectivity:',
    '  targets:',
    '    - {id: trung-tam, url: "icmp://10.0.0.1", every: 5, units: [XA-1]}',
    '  services:',
    `    - {id: cong, name: Cổng, url: "http://${names.portal}/small", every: 5}`,
    '  edge: {every: 5}',
    '  links:',
    '    recovered_seconds: 2',
    '    watch:',
    '      - {unit: XA-1, id: tslcd, interface: tslcd}',
    '      - {unit: XA-1, id: inet, interface: inet}',
    '      - {unit: XA-2, id: tslcd, interface: tslcd}',
    '      - {unit: XA-2, id: inet, interface: inet}',
    '',
  ].join('\n'),
);

async function lines(): Promise<Record<string, string>> {
  const { items } = (await offices.collector.get('/api/v1/links')) as { items: Line[] };
  return Object.fromEntries(items.map(({ unit, link, state, cause }) => [`${unit}/${link}`, `${state} ${cause}`]));
}

async function intervals(line: string): Promise<Interval[]> {
  return ((await offices.collector.get(`/api/v1/links/${line}/intervals`)) as { items: Interval[] }).items;
}

async function service() {
  const { items } = (await offices.collector.get('/api/v1/services')) as {
    items: { state: string; vantage_points: number; cut_off: string[] }[];
  };
  return items[0];
}

async function openIncidents(): Promise<string[]> {
  const { items } = (await offices.collector.get('/api/v1/incidents')) as {
    items: { kind: string; subject: string }[];
  };
  return items.map(({ kind, subject }) => `${kind} ${subject}`).sort();
}

describe.skipIf(missing !== undefined)('the collector', () => {
  let pc11: AgentProcess;

  beforeAll(async () => {
    await province.start();
    await offices.start();
    const record = (unit: string, ...links: string[]) =>
      offices.collector.command('units', 'change', unit, '--links', links.join('|'));
    record('XA-1', `tslcd:tslcd:VNPT:${addresses.tslcd(1)}`, `inet:internet:Viettel:${addresses.inet(1)}`);
    record('XA-2', `tslcd:tslcd:VNPT:${addresses.tslcd(2)}`);
    offices.enrol('gw1', { class: 'gateway' }).start({}, '--relay');
    pc11 = offices.enrol('pc11', { class: 'server' });
    pc11.start();
    for (const host of ['pc21', 'pc22'] as const) offices.enrol(host, { class: 'server' }).start();
    await offices.online('gw1', 'pc11', 'pc21', 'pc22');
  });
  afterAll(async () => {
    await offices.stop();
    await province.stop();
  });

  test('names targets by unit, and chooses one machine of each unit for a service', async () => {
    const target = { measurement: 'connectivity', tags: { target: 'trung-tam' } };
    await until('the target', async () => (await offices.latest('pc11', target))?.up === true, judgedWithinMs);
    expect(await offices.latest('pc21', target)).toBeUndefined();
    await expect.poll(service, patience).toMatchObject({ state: 'up', vantage_points: 2, cut_off: [] });
  });

  test('a line cut at one of two, and at the only one of a unit', async () => {
    const well = { 'XA-1/inet': 'up works', 'XA-1/tslcd': 'up works', 'XA-2/tslcd': 'up works' };
    await expect.poll(lines, patience).toEqual(well);
    // A router that has never answered a ping may be one that never does.
    await until(
      'answers of the routers of both lines',
      async () =>
        (await offices.view('gw1')).points.filter(
          ({ measurement, fields }) => measurement === 'link' && fields.rtt_ms !== undefined,
        ).length === 2,
      judgedWithinMs,
    );
    const answeredAt = Date.now();
    await until('the word of the gateway to count', () => Date.now() - answeredAt > settledMs);

    const start = Date.now();
    province.faults.silence('gw1.inet');
    province.faults.silence('gw2.tslcd');
    const cut = { 'XA-1/inet': 'down line-cut', 'XA-1/tslcd': 'up works', 'XA-2/tslcd': 'down both-ends-silent' };
    await expect.poll(lines, patience).toEqual(cut);
    // Of a unit of which nothing is heard there is one incident, which tells of its line too.
    await expect.poll(openIncidents, patience).toEqual(['link-down XA-1/inet', 'unit-unreachable XA-2']);
    // That nobody there reaches it is no fault of the service.
    expect(await service()).toMatchObject({ state: 'up', vantage_points: 1 });

    await until('a while', () => Date.now() - start > outageMs, outageMs);
    province.heal();
    await expect.poll(lines, patience).toEqual(well);
    const outage = (await intervals('XA-1/inet')).find(({ state }) => state === 'down');
    expect(outage?.cause).toBe('line-cut');
    expect(Math.abs(Date.parse(outage?.from ?? '') - start)).toBeLessThan(20_000);
    // What the machines kept back tells that their LAN lived.
    const revised = await until('the evidence that comes late', async () =>
      (await intervals('XA-2/tslcd')).find(({ cause }) => cause === 'line-cut'),
    );
    expect(revised).toMatchObject({ state: 'down', revision: expect.stringContaining('both-ends-silent before') });
    await expect.poll(openIncidents, patience).toEqual([]);
    const listed = offices.collector.command('links', 'list') as { items: Line[] };
    expect(listed.items.map(({ link, state }) => `${link} ${state}`)).toEqual(['tslcd up', 'inet up', 'tslcd up']);
    const report = (await offices.collector.get('/api/v1/links/report/export')) as string;
    expect(report).toContain('XA-2,tslcd,VNPT,');
  }, 300_000);

  test('tells machines of the relay of their unit, and its gateway of those that fell silent', async () => {
    const pushed = () => {
      const config = JSON.parse(readFileSync(join(pc11.folder, 'pushed-config.json'), 'utf8'));
      return config.connectivity.relays?.[0];
    };
    await expect.poll(pushed, patience).toBe(`${addresses.gateway(1)}:8444`);

    // Only the agent ends: its machine still answers on the LAN.
    await pc11.stop('SIGKILL');
    const peer = await until(
      'what the gateway sees',
      async () => (await offices.view('gw1')).points.find(({ tags }) => tags.scope === 'peer'),
      judgedWithinMs,
    );
    expect(peer).toMatchObject({ tags: { kind: 'icmp' }, fields: { up: true } });
  });

  test('a line cut behind a router that has never answered a ping', async () => {
    for (const line of ['gw2.tslcd', 'gw2.inet'] as const) province.faults.mutePings(line);
    const both = [`tslcd:tslcd:VNPT:${addresses.tslcd(2)}`, `inet:internet:Viettel:${addresses.inet(2)}`];
    offices.collector.command('units', 'change', 'XA-2', '--links', both.join('|'));
    offices.enrol('gw2', { class: 'gateway' }).start();
    await offices.online('gw2');
    const readings = async () => {
      const { points } = await offices.view('gw2');
      return points
        .filter(({ measurement }) => measurement === 'link')
        .map(({ tags, fields }) => [tags.link, fields.up, fields.rtt_ms, fields.session])
        .sort();
    };
    await expect.poll(readings, patience).toEqual([
      ['inet', true, undefined, false],
      ['tslcd', true, undefined, true],
    ]);
    await expect.poll(lines, patience).toMatchObject({ 'XA-2/inet': 'up works', 'XA-2/tslcd': 'up works' });

    province.faults.silence('gw2.inet');
    await expect.poll(lines, patience).toMatchObject({ 'XA-2/inet': 'down edge-silent', 'XA-2/tslcd': 'up works' });
    expect(await readings()).toContainEqual(['inet', true, undefined, false]);
  }, 300_000);
});
