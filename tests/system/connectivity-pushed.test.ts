/** What the collector tells agents to look at, and what it concludes from what several of them see. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadIdentity } from '../../agent/src/identity.ts';
import { serviceStates } from '../../collector/src/connectivity/service-judgement.ts';
import { type AgentProcess, until } from '../harness/program.ts';
import { Offices } from '../harness/province/offices.ts';
import { addresses, type Host } from '../harness/province/plan.ts';
import { missing, names, Province } from '../harness/province/province.ts';
import { keyword } from '../harness/province/web-server.ts';

const settings = `connectivity:
  targets:
    - {id: trang-chung, url: 'http://${addresses.publicHost}/', scope: internet, every: 5, keyword: '${keyword}', classes: [pc]}
    - {id: vo-tan, url: 'http://${addresses.dc}/endless', every: 5, keyword: '${keyword}', units: [XA-1], classes: [pc]}
  services:
    - {id: cong, name: Cổng, url: 'https://${names.portal}/', every: 5, keyword: '${keyword}', from: {classes: [pc]}}
  peers: {every: 5}
`;

const patienceMs = 40_000;

const province = new Province();
const offices = new Offices(province, settings);
const agents = new Map<Host, AgentProcess>();

function reading(host: Host, target: string) {
  return offices.latest(host, { measurement: 'connectivity', tags: { target } });
}

/** Waits until the host sees the target like that; the error says how it sees it instead. */
async function sees(host: Host, target: string, wanted: { up: boolean; error?: string }): Promise<void> {
  const look = async () => {
    const { up, error } = (await reading(host, target)) ?? {};
    return { up, error };
  };
  const isAsWanted = async () => {
    const { up, error } = await look();
    return up === wanted.up && error === wanted.error;
  };
  await until(`${target}, from ${host}`, isAsWanted, patienceMs).catch(async () => {
    expect(await look(), `${target}, from ${host}`).toEqual({ error: undefined, ...wanted });
  });
}

function start(host: Host): void {
  agents.get(host)?.start({ SSL_CERT_FILE: province.trustFile });
}

async function serviceIs(wanted: keyof typeof serviceStates): Promise<void> {
  const question = '/api/v1/series?measurement=service&field=state&from=-5m';
  await until(
    `the service to be ${wanted}`,
    async () => {
      const { series } = (await offices.collector.get(question)) as { series: { points: [number, number][] }[] };
      return series[0]?.points.at(-1)?.[1] === serviceStates[wanted];
    },
    patienceMs,
  );
}

describe.skipIf(missing !== undefined)('what the collector has agents look at', () => {
  beforeAll(async () => {
    await province.start();
    await offices.start();
    for (const host of ['pc11', 'pc21'] as const) agents.set(host, offices.enrol(host, { class: 'pc' }));
    // A PC that is off at night is not looked for.
    agents.set('pc12', offices.enrol('pc12', { class: 'server' }));
    agents.set('gw1', offices.enrol('gw1', { class: 'gateway' }));
    for (const host of agents.keys()) start(host);
    await offices.online('pc11', 'pc12', 'pc21', 'gw1');
  });
  afterAll(async () => {
    await offices.stop();
    await province.stop();
  });

  test('targets by unit and class', async () => {
    await sees('pc11', 'trang-chung', { up: true });
    await sees('pc21', 'trang-chung', { up: true });
    await sees('pc11', 'vo-tan', { up: false, error: 'too-large' });
    expect(await reading('pc21', 'vo-tan')).toBeUndefined();
    expect(await reading('gw1', 'trang-chung')).toBeUndefined();
  });

  test('a captive portal is not taken for the page', async () => {
    province.faults.captivePortal(1);
    await sees('pc11', 'trang-chung', { up: false, error: 'keyword' });
    await sees('pc21', 'trang-chung', { up: true });
    await province.heal();
    await sees('pc11', 'trang-chung', { up: true });
  });

  test('a service is down for all, or only out of reach for one commune', async () => {
    await serviceIs('up');
    province.faults.blockPort(1, 443);
    await serviceIs('partial');
    await province.services.web('broken');
    await serviceIs('down');
    await province.heal();
    await serviceIs('up');
  });

  test('of a silent agent the gateway says whether its machine still answers', async () => {
    const peer = `peer:${loadIdentity(agents.get('pc12')?.folder ?? '')?.agent}`;
    await agents.get('pc12')?.stop('SIGKILL');
    await sees('gw1', peer, { up: true });
    province.faults.off('pc12');
    await until('the gateway to miss it', async () => (await reading('gw1', peer))?.up === false, patienceMs);
  });
});
