/** What `vonggac-agent probe connectivity` says on a commune's machine, in a province where one thing after the other breaks. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Point } from '@vonggac/shared';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { addresses, type Host } from '../harness/province/plan.ts';
import { missing, names, Province, tlsPorts } from '../harness/province/province.ts';

const { dc, dc6, publicHost } = addresses;
const gateway = addresses.gateway(1);
const neighbour = addresses.machine(1, 2);

const centre = {
  icmp: `icmp://${dc}`,
  tcp: `tcp://${dc}:443`,
  tls: `tls://${names.portal}:443`,
  dns: `dns://${dc}/${names.portal}?expect=${dc}`,
  ntp: `ntp://${dc}`,
  http: `http://${names.portal}/small`,
  https: `https://${names.portal}/`,
} as const;
const lan = `icmp://${gateway}`;

const province = new Province();

/** Fields by target. */
async function check(host: Host, ...targets: readonly string[]): Promise<Record<string, Point['fields']>> {
  const points = await province.probe(host, ...targets);
  return Object.fromEntries(points.map(({ tags, fields }) => [tags.target, fields]));
}

function each(targets: readonly string[], fields: object): Record<string, object> {
  return Object.fromEntries(targets.map((target) => [target, expect.objectContaining(fields)]));
}

const up = { up: true };
const timeout = { up: false, error: 'timeout' };

describe.skipIf(missing !== undefined)('by hand', () => {
  beforeAll(() => province.start());
  afterEach(() => province.heal());
  afterAll(() => province.stop());

  test('all is well, by IPv4 and IPv6', async () => {
    const six = [`icmp://[${dc6}]`, `tcp://[${dc6}]:443`, `dns://[${dc6}]/${names.portal}?type=AAAA`, `ntp://[${dc6}]`];
    const all = [lan, ...Object.values(centre), ...six, `http://${names.public}/`];
    const seen = await check('pc11', ...all);
    expect(seen).toEqual(each(all, up));
    // A page takes as long as a busy machine lets it.
    for (const target of all) expect(seen[target]?.rtt_ms, target).toBeLessThan(2_000);
    expect(seen[centre.icmp]).toMatchObject({ loss_percent: 0 });
    expect(seen[centre.https]).toMatchObject({ http_status: 200 });
    expect(Math.abs(Number(seen[centre.ntp]?.clock_offset_ms))).toBeLessThan(50);
    const days = (Number(seen[centre.tls]?.certificate_expires_seconds) - Date.now() / 1_000) / 86_400;
    expect(days).toBeGreaterThan(299);
    expect(days).toBeLessThan(301);
  });

  test('the WAN is dead: only what lies behind it is down', async () => {
    province.faults.silence('gw1.tslcd');
    const seen = await check('pc11', lan, centre.icmp, centre.tcp, centre.dns, centre.ntp, centre.https);
    expect(seen).toEqual({
      ...each([lan], up),
      ...each([centre.icmp, centre.tcp, centre.dns, centre.ntp], timeout),
      // No resolver, no name.
      ...each([centre.https], { up: false, error: 'dns' }),
    });
    expect(await check('pc21', centre.icmp, centre.tcp)).toEqual(each([centre.icmp, centre.tcp], up));
  });

  test('both lines are cut: the gateway says that there is no way', async () => {
    await province.faults.cut('gw1.tslcd');
    await province.faults.cut('gw1.inet');
    const seen = await check('pc11', lan, centre.icmp, centre.tcp);
    expect(seen).toEqual({
      ...each([lan], up),
      ...each([centre.icmp, centre.tcp], { up: false, error: 'unreachable' }),
    });
  });

  test('30 % of the packets are lost', async () => {
    province.faults.loss('gw1.tslcd', 30);
    const rounds = await Promise.all(Array.from({ length: 30 }, () => check('pc11', lan, centre.icmp)));
    const mean = (target: string) =>
      rounds.reduce((sum, round) => sum + Number(round[target]?.loss_percent), 0) / rounds.length;
    expect(mean(lan)).toBe(0);
    // Of 90 packets or more: chance leaves these bounds once in a hundred thousand runs.
    expect(mean(centre.icmp)).toBeGreaterThan(8);
    expect(mean(centre.icmp)).toBeLessThan(55);
    // A check that is lost as a whole is one in 1,372; two of these are one run in five thousand.
    expect(rounds.filter((round) => round[centre.icmp]?.up !== true).length).toBeLessThanOrEqual(1);
  });

  test('a line with a latency of 600 ms is slow, not down', async () => {
    await province.faults.delay('gw1.tslcd', 600);
    const seen = await check('pc11', lan, centre.icmp, centre.tcp, centre.dns, centre.ntp, centre.https);
    expect(seen).toEqual(each(Object.keys(seen), up));
    for (const target of [centre.icmp, centre.tcp, centre.dns, centre.ntp]) {
      expect(seen[target]?.rtt_ms, target).toBeGreaterThan(590);
      expect(seen[target]?.rtt_ms, target).toBeLessThan(2_000);
    }
    expect(seen[lan]?.rtt_ms).toBeLessThan(100);
    const { connect_ms, first_byte_ms, dns_ms } = seen[centre.https] ?? {};
    for (const phase of [connect_ms, first_byte_ms, dns_ms]) expect(phase).toBeGreaterThan(590);
    // The way is as long there as back, so the clock is still right.
    expect(Math.abs(Number(seen[centre.ntp]?.clock_offset_ms))).toBeLessThan(100);
  });

  test('a line that is full shows its queue', async () => {
    province.faults.rate('gw1.tslcd', { kilobits: 256, latencyMs: 500 });
    const download = province.download('pc11', `http://${dc}/endless`, 3_000);
    await wait(1_000);
    const seen = await check('pc11', lan, centre.icmp, centre.tcp);
    await download;
    expect(seen[centre.icmp]?.rtt_max_ms).toBeGreaterThan(250);
    expect(seen[lan]?.rtt_ms).toBeLessThan(100);
  });

  test.each([
    ['says nothing', 'dead', 'timeout', 'dns'],
    ['fails', 'failing', 'dns', 'dns'],
    ['lies', 'lying', 'dns-answer', 'unreachable'],
  ] as const)('the resolver %s', async (_, mode, direct, byName) => {
    await province.services.dns(mode);
    const byAddress = `http://${dc}/small`;
    const seen = await check('pc11', centre.icmp, centre.dns, centre.http, byAddress);
    expect(seen).toEqual({
      ...each([centre.icmp, byAddress], up),
      ...each([centre.dns], { up: false, error: direct }),
      ...each([centre.http], { up: false, error: byName }),
    });
  });

  test('the second line leads into a captive portal', async () => {
    await province.faults.cut('gw1.tslcd');
    province.faults.captivePortal(1);
    const web = `http://${publicHost}/`;
    const secure = `https://${publicHost}/`;
    const seen = await check('pc11', `icmp://${publicHost}`, web, secure, centre.dns);
    expect(seen).toEqual({
      ...each([`icmp://${publicHost}`], up),
      // Only who knows what the page should say sees that it is another one.
      ...each([web], { up: true, http_status: 200 }),
      ...each([secure], { up: false, error: 'refused' }),
      ...each([centre.dns], { up: false, error: 'dns-answer' }),
    });
  });

  test('an asymmetric route works, until the way back breaks, which the way there does not show', async () => {
    province.faults.asymmetric(1);
    const all = [centre.icmp, centre.tcp, centre.https];
    expect(await check('pc11', ...all)).toEqual(each(all, up));
    province.faults.silence('gw1.inet');
    const next = `icmp://${addresses.tslcdRouter(1)}`;
    const direct = `https://${dc}/`;
    expect(await check('pc11', next, centre.icmp, centre.tcp, direct)).toEqual({
      ...each([next], up),
      ...each([centre.icmp, centre.tcp, direct], timeout),
    });
  });

  test('large packets vanish: what is small works, what is large does not', async () => {
    province.faults.losePacketsOver('gw1.tslcd', 1_000);
    const large = `http://${names.portal}/`;
    expect(await check('pc11', centre.icmp, centre.tcp, centre.dns, centre.http, large, centre.https)).toEqual({
      ...each([centre.icmp, centre.tcp, centre.dns, centre.http], up),
      ...each([large, centre.https], timeout),
    });
  });

  test('fail-over: with TSLCD cut the data centre is reached over the Internet', async () => {
    await province.faults.cut('gw1.tslcd');
    const all = [centre.icmp, centre.tcp, centre.https, centre.dns, `icmp://[${dc6}]`];
    const router = `icmp://${addresses.tslcdRouter(1)}`;
    expect(await check('pc11', ...all, router)).toEqual({
      ...each(all, up),
      ...each([router], { up: false }),
    });
    province.faults.restore('gw1.tslcd');
    expect(await check('pc11', router, centre.icmp)).toEqual(each([router, centre.icmp], up));
  });

  test('the gateway is off: the neighbours still answer', async () => {
    province.faults.off('gw1');
    const seen = await check('pc11', lan, `icmp://${neighbour}`, centre.icmp, centre.tcp);
    expect(seen).toEqual({
      ...each([`icmp://${neighbour}`], up),
      ...each([lan, centre.icmp, centre.tcp], { up: false, error: expect.stringMatching(/^(timeout|unreachable)$/) }),
    });
  });

  test('one machine is off: seen from the gateway it is down and the other up', async () => {
    province.faults.off('pc12');
    const [silent, other] = [`icmp://${neighbour}`, `icmp://${addresses.machine(1, 1)}`];
    expect(await check('gw1', silent, other, centre.icmp)).toEqual({
      ...each([silent], { up: false, error: expect.stringMatching(/^(timeout|unreachable)$/) }),
      ...each([other, centre.icmp], up),
    });
  });

  test('only IPv6: what has such an address is up, the rest says why', async () => {
    province.faults.onlyIpv6('pc11');
    const six = [
      `icmp://[${dc6}]`,
      `icmp://[${addresses.gateway6(1)}]`,
      `ntp://[${dc6}]`,
      `dns://[${dc6}]/${names.portal}`,
    ];
    const byName = [centre.https, centre.http, `icmp://${names.portal}`];
    const onlyIpv4 = `http://${names.onlyIpv4}/small`;
    expect(await check('pc11', ...six, ...byName, centre.icmp, onlyIpv4)).toEqual({
      ...each([...six, ...byName], up),
      ...each([centre.icmp, onlyIpv4], { up: false, error: 'unreachable' }),
    });
  });

  test('certificates: about to end, over, of another, of an unknown authority', async () => {
    const at = (port: number) => `https://${names.portal}:${port}/small`;
    const seen = await check('pc11', ...Object.values(tlsPorts).map(at));
    expect(seen).toEqual({
      ...each([at(tlsPorts.ending)], up),
      ...each([at(tlsPorts.ended)], { up: false, error: 'tls-expired' }),
      ...each([at(tlsPorts.anothers)], { up: false, error: 'tls-name' }),
      ...each([at(tlsPorts.unknown)], { up: false, error: 'tls-chain' }),
    });
    const days = (Number(seen[at(tlsPorts.ending)]?.certificate_expires_seconds) - Date.now() / 1_000) / 86_400;
    expect(days).toBeGreaterThan(4.9);
    expect(days).toBeLessThan(5.1);
  });

  test('a service that fails, one that hangs, and pages that mean harm', async () => {
    const [round, endless, absent] = ['/round', '/endless', '/absent'].map((page) => `http://${dc}${page}`) as [
      string,
      string,
      string,
    ];
    expect(await check('pc11', round, endless, absent, `tcp://${dc}:9`)).toEqual({
      ...each([round], { up: false, error: 'redirect-loop' }),
      // Only who looks for a keyword reads a body.
      ...each([endless], { up: true, http_status: 200 }),
      ...each([absent], { up: false, error: 'http-4xx' }),
      ...each([`tcp://${dc}:9`], { up: false, error: 'refused' }),
    });
    await province.services.web('broken');
    expect(await check('pc11', centre.https)).toEqual(each([centre.https], { up: false, error: 'http-5xx' }));
    await province.services.web('silent');
    expect(await check('pc11', centre.tcp, centre.https)).toEqual({
      ...each([centre.tcp], up),
      ...each([centre.https], timeout),
    });
  });

  test('a time server that is 90 s ahead', async () => {
    await province.services.clock(90_000);
    const { [centre.ntp]: seen } = await check('pc11', centre.ntp);
    expect(seen).toMatchObject(up);
    expect(Math.abs(Number(seen?.clock_offset_ms) - 90_000)).toBeLessThan(50);
  });
});
