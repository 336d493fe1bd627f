import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

const secret = 'mot-bi-mat-de-thu-nghiem';
const url = '/api/v1/grafana/alerts';
/** As Grafana posts it: more than is looked at. */
const frame = {
  version: '1',
  orgId: 1,
  title: '[FIRING:1]',
  state: 'alerting',
  truncatedAlerts: 0,
  receiver: 'truc-ban',
};

let server: TestServer;

beforeEach(() => {
  server = createTestServer();
});
afterEach(() => server.close());

function alert(labels: Record<string, string>, status = 'firing') {
  const dates = { startsAt: '2026-01-05T08:00:00Z', endsAt: '0001-01-01T00:00:00Z' };
  const own = { managed_by: 'vonggac', severity: 'critical', alertname: 'Mất liên lạc với đơn vị', ...labels };
  return { status, labels: own, annotations: { summary: 'x' }, ...dates, values: { B: 1 }, fingerprint: '4f1' };
}

async function post(payload: object | string, authorization = `Bearer ${secret}`) {
  const headers = { authorization, 'content-type': 'application/json' };
  const answer = await server.app.inject({ method: 'POST', url, headers, payload });
  return { status: answer.statusCode, body: answer.json(), headers: answer.headers };
}

function report(
  kind: 'unit-unreachable' | 'machine-offline' | 'disk-full' | 'link-down' | 'malware' | 'new-device',
  subject: string,
) {
  const evidence = { at: server.clock.now, what: 'seen', facts: {} };
  return server.incidents.report({ kind, severity: 'critical', subject, unit: 'XA', evidence }).id;
}

async function notifiedOf(id: number) {
  const headers = server.authorization('viewer');
  const one = (await server.app.inject({ url: `/api/v1/incidents/${id}`, headers })).json();
  const list = (await server.app.inject({ url: '/api/v1/incidents?state=all', headers })).json();
  expect(list.items.find((each: { id: number }) => each.id === id).notified).toEqual(one.notified);
  return one.notified;
}

describe('who may', () => {
  test.each([
    ['no secret', ''],
    ['a wrong one', 'Bearer mot-bi-mat-khac'],
    ['another scheme', `Basic ${secret}`],
    ['the beginning of it', `Bearer ${secret.slice(0, -1)}`],
  ])('%s is refused before the body is read', async (_, authorization) => {
    expect(await post('{', authorization)).toMatchObject({ status: 401 });
  });

  test("a person's token is no secret of this door", async () => {
    expect((await post({}, server.authorization('admin').authorization)).status).toBe(401);
  });

  test('whoever guesses is slowed down, then forgiven', async () => {
    for (let attempt = 0; attempt < 11; attempt += 1) await post({}, 'Bearer sai');
    const slowed = await post({ ...frame, status: 'firing', alerts: [] });
    expect(slowed).toMatchObject({ status: 429, headers: { 'retry-after': expect.any(String) } });
    server.clock.now += 31_000;
    expect((await post({ ...frame, status: 'firing', alerts: [] })).status).toBe(200);
    const { values } = await server.grafana.metrics.webhooks.get();
    expect(Object.fromEntries(values.map(({ labels, value }) => [labels.result, value]))).toEqual({
      refused: 10,
      slowed: 2,
      taken: 1,
    });
  });

  test('without a secret in the configuration there is no such door', async () => {
    server.grafana.webhookSecret = undefined;
    expect(await post({ ...frame, status: 'firing', alerts: [] })).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('grafana.webhook_secret_file') },
    });
  });
});

describe('what may be sent', () => {
  test.each([
    ['not JSON', '{', 400],
    ['nothing of it', '{}', 400],
    ['a state that is none', JSON.stringify({ ...frame, status: 'broken', alerts: [] }), 400],
    [
      'labels that are no texts',
      JSON.stringify({ ...frame, status: 'firing', alerts: [alert({ unit: 1 as never })] }),
      400,
    ],
    ['too much', JSON.stringify({ ...frame, status: 'firing', alerts: [], note: 'x'.repeat(1024 * 1024) }), 413],
  ])('%s is refused', async (_, payload, status) => {
    expect((await post(payload)).status).toBe(status);
  });

  test('an alert for each of 500 machines fits', async () => {
    const alerts = Array.from({ length: 500 }, (_, n) => alert({ rule: 'server-down', agent: `a-${n}`, unit: 'XA' }));
    expect(await post({ ...frame, status: 'firing', alerts })).toMatchObject({ status: 200, body: { unmatched: 500 } });
  });
});

describe('what it says', () => {
  test('the incident tells when people were notified, and of its end, once each', async () => {
    const id = report('unit-unreachable', 'XA');
    const firing = { ...frame, status: 'firing', alerts: [alert({ rule: 'unit-unreachable', unit: 'XA' })] };
    expect(await post(firing)).toMatchObject({ status: 200, body: { matched: 1, unmatched: 0, foreign: 0 } });
    server.clock.now += 60_000;
    await post(firing);
    server.incidents.resolve('unit-unreachable', 'XA', server.clock.now);
    server.clock.now += 120_000;
    await post({ ...frame, status: 'resolved', alerts: [alert({ rule: 'unit-unreachable', unit: 'XA' }, 'resolved')] });
    await post({ ...frame, status: 'resolved', alerts: [alert({ rule: 'unit-unreachable', unit: 'XA' }, 'resolved')] });
    expect(await notifiedOf(id)).toEqual([
      { receiver: 'truc-ban', status: 'firing', at: '2026-01-05T08:00:00.000Z' },
      { receiver: 'truc-ban', status: 'resolved', at: '2026-01-05T08:03:00.000Z' },
    ]);
  });

  test.each([
    ['server-down', { agent: 'a-1', host: 'm1', unit: 'XA', class: 'server' }, 'machine-offline', 'a-1'],
    ['disk-full', { agent: 'a-1', unit: 'XA', mount: '/' }, 'disk-full', 'a-1'],
    ['disk-full', { agent: 'a-1', unit: 'XA', mount: '/' }, 'disk-full', 'XA'],
    ['link-down', { unit: 'XA', link: 'chinh', carrier: 'VNPT' }, 'link-down', 'XA/chinh'],
    ['link-down', { unit: 'XA', link: 'chinh', carrier: 'VNPT' }, 'link-down', 'XA'],
    ['malware-unresolved', { agent: 'collector', unit: 'XA', subject: 'XA/Eicar' }, 'malware', 'XA/Eicar'],
    ['new-device', { agent: 'a-9', unit: 'XA', network: '10.0.0.0/24' }, 'new-device', 'XA/2026-01-05'],
  ] as const)('an alert of %s with %j is about %s of %s', async (rule, labels, kind, subject) => {
    const id = report(kind, subject);
    const { body } = await post({ ...frame, status: 'firing', alerts: [alert({ rule, ...labels })] });
    expect(body).toEqual({ matched: 1, unmatched: 0, foreign: 0 });
    expect(await notifiedOf(id)).toHaveLength(1);
  });

  test('what another incident tells of now is noted there', async () => {
    const first = report('machine-offline', 'a-1');
    const parent = report('unit-unreachable', 'XA');
    server.incidents.fold(first, { at: server.clock.now, note: `told by incident ${parent}` });
    await post({ ...frame, status: 'firing', alerts: [alert({ rule: 'server-down', agent: 'a-1', unit: 'XA' })] });
    expect(await notifiedOf(first)).toBeUndefined();
    expect(await notifiedOf(parent)).toHaveLength(1);
  });

  test.each([
    ['of another rule', { managed_by: 'khac', rule: 'unit-unreachable', unit: 'XA' }, { foreign: 1 }],
    ['of a rule that is none', { rule: 'khong-co', unit: 'XA' }, { foreign: 1 }],
    ['of another unit', { rule: 'unit-unreachable', unit: 'XB' }, { unmatched: 1 }],
    ['of the store', { alertname: 'DatasourceError', rule: 'server-down' }, { unmatched: 1 }],
  ])('an alert %s is counted; it opens nothing and is not kept', async (_, labels, counted) => {
    const id = report('unit-unreachable', 'XA');
    const { body } = await post({ ...frame, status: 'firing', alerts: [alert(labels)] });
    expect(body).toEqual({ matched: 0, unmatched: 0, foreign: 0, ...counted });
    expect(await notifiedOf(id)).toBeUndefined();
    expect(server.incidents.list({ state: 'all', limit: 10 })).toHaveLength(1);
  });

  test('an incident keeps no more than twenty of them', async () => {
    const id = report('unit-unreachable', 'XA');
    for (let n = 0; n < 25; n += 1) {
      const receiver = `nhom-${n}`;
      await post({ ...frame, receiver, status: 'firing', alerts: [alert({ rule: 'unit-unreachable', unit: 'XA' })] });
    }
    expect(await notifiedOf(id)).toHaveLength(20);
  });
});
