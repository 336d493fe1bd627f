/** What the sync client relies on, asked of the fake Grafana, or of a real one: see CONTRIBUTING.md. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../harness/fake-grafana/exchange.ts';
import { smallRule, TestedGrafana } from '../harness/tested-grafana.ts';

const grafana = new TestedGrafana();
const { prefix } = grafana;
const provisioning = '/api/v1/provisioning';
const folder = `${prefix}-folder`;

beforeAll(async () => {
  await grafana.start();
  await grafana.make('POST', '/api/folders', { uid: folder, title: folder });
  grafana.deleteLater(`/api/folders/${folder}?forceDeleteRules=true`);
});
afterAll(() => grafana.stop());

describe('who asks', () => {
  test('health says the version to anyone', async () => {
    const { status, body } = await grafana.ask('GET', '/api/health', { headers: { authorization: '' } });
    expect([status, body.database]).toEqual([200, 'ok']);
  });

  test('a token that is not known is refused with 401, and so is none', async () => {
    for (const authorization of ['Bearer glsa_unknown_00000000', '']) {
      expect((await grafana.ask('GET', '/api/org', { headers: { authorization } })).status).toBe(401);
    }
  });

  test('the organisation is the one that the token belongs to', async () => {
    const { body } = await grafana.ask('GET', '/api/org');
    expect(body).toMatchObject({ id: expect.any(Number), name: expect.any(String) });
  });

  test('what no Grafana knows is 404', async () => {
    expect((await grafana.ask('GET', '/api/no-such-thing')).status).toBe(404);
  });
});

describe('data sources', () => {
  const uid = `${prefix}-source`;
  const path = `/api/datasources/uid/${uid}`;
  const source = {
    uid,
    name: uid,
    type: 'influxdb',
    access: 'proxy',
    url: 'http://127.0.0.1:9',
    jsonData: { dbName: 'a' },
  };

  test('are made once; name and uid are taken then', async () => {
    expect((await grafana.ask('GET', path)).status).toBe(404);
    await grafana.make('POST', '/api/datasources', { ...source, secureJsonData: { password: 'secret' } });
    grafana.deleteLater(path);
    expect((await grafana.ask('POST', '/api/datasources', { body: source })).status).toBe(409);
    const otherUid = { ...source, uid: `${uid}-2` };
    expect((await grafana.ask('POST', '/api/datasources', { body: otherUid })).status).toBe(409);
  });

  test('keep their secrets to themselves, and through a PUT without them', async () => {
    const { body: before } = await grafana.ask('GET', path);
    expect(before).toMatchObject({ uid, readOnly: false, secureJsonFields: { password: true } });
    expect(JSON.stringify(before)).not.toContain('secret"');
    await grafana.make('PUT', path, { ...source, jsonData: { version: 'InfluxQL' } });
    const { body: after } = await grafana.ask('GET', path);
    expect(after.jsonData).toEqual({ version: 'InfluxQL' });
    expect(after.secureJsonFields).toEqual({ password: true });
    expect(after.version).toBeGreaterThan(Number(before.version));
  });

  test('refuse an old version', async () => {
    expect((await grafana.ask('PUT', path, { body: { ...source, version: 1 } })).status).toBe(409);
  });
});

describe('folders', () => {
  test('have a uid and a title of their own', async () => {
    const again = await grafana.ask('POST', '/api/folders', { body: { uid: folder, title: `${folder} again` } });
    expect([409, 412]).toContain(again.status);
    const sameTitle = await grafana.ask('POST', '/api/folders', { body: { uid: `${folder}-2`, title: folder } });
    expect(sameTitle.status).toBe(409);
  });

  test('change only with their version, or over it', async () => {
    const path = `/api/folders/${folder}`;
    expect((await grafana.ask('PUT', path, { body: { title: folder, version: 99 } })).status).toBe(412);
    expect((await grafana.ask('PUT', path, { body: { title: folder, overwrite: true } })).status).toBe(200);
    expect((await grafana.ask('GET', '/api/folders/vgtest-none')).status).toBe(404);
  });
});

describe('dashboards', () => {
  const uid = `${prefix}-board`;
  const dashboard = { id: null, uid, title: uid, tags: [prefix], panels: [], schemaVersion: 39 };

  test('are stored under their uid, with a version that grows', async () => {
    const body = { dashboard, folderUid: folder, overwrite: true };
    const first = await grafana.make('POST', '/api/dashboards/db', body);
    grafana.deleteLater(`/api/dashboards/uid/${uid}`);
    expect(first).toMatchObject({ uid, status: 'success' });
    await grafana.make('POST', '/api/dashboards/db', { ...body, dashboard: { ...dashboard, refresh: '10s' } });
    const { body: stored } = await grafana.ask('GET', `/api/dashboards/uid/${uid}`);
    expect(stored.meta).toMatchObject({ folderUid: folder, provisioned: false });
    expect(stored.dashboard).toMatchObject({ uid, title: uid, refresh: '10s' });
    expect((stored.dashboard as Json).version).toBeGreaterThan(Number(first.version));
  });

  test('refuse to be overwritten unasked, and what is no dashboard', async () => {
    const refused = async (body: unknown) => (await grafana.ask('POST', '/api/dashboards/db', { body })).status;
    expect(await refused({ dashboard: { ...dashboard, refresh: '30s' }, folderUid: folder })).toBe(412);
    expect(await refused({ dashboard: { ...dashboard, title: '' }, folderUid: folder, overwrite: true })).toBe(400);
    expect(await refused({ dashboard: { ...dashboard, uid: 'ä ö' }, folderUid: folder, overwrite: true })).toBe(400);
    expect(await refused({ dashboard, folderUid: 'vgtest-none', overwrite: true })).toBeGreaterThanOrEqual(400);
  });

  test('are found in their folder and by their tag', async () => {
    const { items: inFolder } = await grafana.ask('GET', `/api/search?type=dash-db&folderUIDs=${folder}`);
    const { items: byTag } = await grafana.ask('GET', `/api/search?tag=${prefix}`);
    for (const hits of [inFolder, byTag]) expect(hits).toMatchObject([{ uid, folderUid: folder, tags: [prefix] }]);
  });
});

describe('rule groups', () => {
  const uid = `${prefix}-rule`;
  const group = `${provisioning}/folder/${folder}/rule-groups/${prefix}`;

  test('are written whole: what is not in them is deleted', async () => {
    expect((await grafana.ask('GET', group)).status).toBe(404);
    const rules = [smallRule(uid), smallRule(`${uid}-2`)];
    await grafana.make('PUT', group, { interval: 60, rules });
    await grafana.make('PUT', group, { interval: 120, rules: rules.slice(0, 1) });
    const { body } = await grafana.ask('GET', group);
    expect(body).toMatchObject({ title: prefix, folderUid: folder, interval: 120, rules: [{ uid }] });
    expect((await grafana.ask('GET', `${provisioning}/alert-rules/${uid}-2`)).status).toBe(404);
  });

  test('answer with what was sent, and store something else', async () => {
    const rule = smallRule(uid, { for: '60m', noSuchField: 1 });
    const { body: echo } = await grafana.ask('PUT', group, { body: { interval: 60, rules: [rule] } });
    expect(echo).toMatchObject({ title: prefix });
    const { body: stored } = await grafana.ask('GET', `${provisioning}/alert-rules/${uid}`);
    expect(stored).toMatchObject({ for: '1h', folderUID: folder, ruleGroup: prefix, provenance: 'api' });
    expect(stored).not.toHaveProperty('noSuchField');
    expect(stored.data).toMatchObject([{ model: { intervalMs: 1_000, maxDataPoints: 43_200 } }]);
  });

  test('without rules change their interval only', async () => {
    await grafana.make('PUT', group, { interval: 30 });
    const { body } = await grafana.ask('GET', group);
    expect(body).toMatchObject({ interval: 30, rules: [{ uid }] });
  });

  test('refuse a bad interval, a title that is taken, a receiver and a range that are not', async () => {
    const taken = [smallRule(uid), smallRule(`${uid}-3`, { title: uid })];
    const backwards = smallRule(uid).data as Record<string, unknown>[];
    const data = backwards.map((query) => ({ ...query, datasourceUid: 'x', relativeTimeRange: { from: 0, to: 600 } }));
    for (const bad of [
      { interval: 15, rules: [smallRule(uid)] },
      { interval: 60, rules: taken },
      { interval: 60, rules: [smallRule(uid, { notification_settings: { receiver: 'vgtest-none' } })] },
      { interval: 60, rules: [smallRule(uid, { data })] },
      { interval: 60, rules: [smallRule(uid, { for: 300 })] },
      { interval: 60, rules: [smallRule(uid, { annotations: { __panelId__: '2' } })] },
    ]) {
      expect([(await grafana.ask('PUT', group, { body: bad })).status, bad]).toEqual([400, bad]);
    }
    const { body } = await grafana.ask('GET', group);
    expect(body.rules).toHaveLength(1);
  });

  test('deleting a rule that is not there succeeds; an emptied group is gone', async () => {
    expect((await grafana.ask('DELETE', `${provisioning}/alert-rules/vgtest-none`)).status).toBe(204);
    await grafana.make('PUT', group, { interval: 60, rules: [] });
    expect((await grafana.ask('GET', group)).status).toBe(404);
  });
});

describe('contact points', () => {
  const path = `${provisioning}/contact-points`;
  const uid = `${prefix}-cp`;
  const settings = { url: 'http://127.0.0.1:9/hook', username: 'a', password: 'secret' };
  const point = { uid, name: prefix, type: 'webhook', settings };
  const named = async () => (await grafana.ask('GET', `${path}?name=${prefix}`)).items;

  test('hide their secrets, and keep them when the hidden text comes back', async () => {
    const reply = await grafana.ask('POST', path, { body: point });
    grafana.deleteLater(`${path}/${uid}`);
    expect([reply.status, reply.body.uid]).toEqual([202, uid]);
    const [stored] = await named();
    expect(stored).toMatchObject({ uid, provenance: 'api', settings: { password: '[REDACTED]' } });
    expect((await grafana.ask('PUT', `${path}/${uid}`, { body: stored })).status).toBe(202);
    expect(await named()).toEqual([stored]);
  });

  test('cannot be made twice under one uid; without one, a second joins the first', async () => {
    expect((await grafana.ask('POST', path, { body: point })).status).toBeGreaterThanOrEqual(400);
    const { uid: _, ...nameless } = point;
    const second = await grafana.make('POST', path, nameless);
    expect(await named()).toHaveLength(2);
    expect((await grafana.ask('DELETE', `${path}/${second.uid}`)).status).toBe(202);
  });

  test('that are unknown are 404 to PUT, 202 to DELETE, and 400 without what their type needs', async () => {
    expect((await grafana.ask('PUT', `${path}/vgtest-none`, { body: point })).status).toBe(404);
    expect((await grafana.ask('DELETE', `${path}/vgtest-none`)).status).toBe(202);
    const empty = { ...point, uid: `${uid}-2`, settings: {} };
    expect((await grafana.ask('POST', path, { body: empty })).status).toBe(400);
    const strange = { ...point, uid: `${uid}-2`, type: 'carrier-pigeon' };
    expect((await grafana.ask('POST', path, { body: strange })).status).toBe(400);
  });

  test('that a rule uses cannot be deleted', async () => {
    const group = `${provisioning}/folder/${folder}/rule-groups/${prefix}-used`;
    const rule = smallRule(`${prefix}-used`, { notification_settings: { receiver: prefix } });
    await grafana.make('PUT', group, { interval: 60, rules: [rule] });
    expect((await grafana.ask('DELETE', `${path}/${uid}`)).status).toBe(409);
    await grafana.make('PUT', group, { interval: 60, rules: [] });
    expect((await grafana.ask('DELETE', `${path}/${uid}`)).status).toBe(202);
    expect(await named()).toEqual([]);
  });
});

describe('mute timings and templates', () => {
  const timings = `${provisioning}/mute-timings`;
  const template = `${provisioning}/templates/${prefix}`;

  test('mute timings are known by name and written as Prometheus writes them', async () => {
    const interval = { times: [{ start_time: '01:00', end_time: '05:00' }], weekdays: ['Saturday'], months: ['1:3'] };
    const body = { name: prefix, time_intervals: [interval] };
    expect((await grafana.ask('POST', timings, { body })).status).toBe(201);
    grafana.deleteLater(`${timings}/${prefix}`);
    expect((await grafana.ask('POST', timings, { body })).status).toBe(400);
    const { body: stored } = await grafana.ask('GET', `${timings}/${prefix}`);
    expect(stored.time_intervals).toEqual([{ ...interval, weekdays: ['saturday'], months: ['january:march'] }]);
    expect((await grafana.ask('PUT', `${timings}/${prefix}`, { body })).status).toBe(202);
  });

  test('the form of other builders is refused; what is not there is 404 to PUT and 204 to DELETE', async () => {
    const times = [{ from: '01:00', to: '05:00' }];
    const wrong = { name: `${prefix}-2`, time_intervals: [{ times }] };
    expect((await grafana.ask('POST', timings, { body: wrong })).status).toBe(400);
    const missing = { name: 'vgtest-none', time_intervals: [] };
    expect((await grafana.ask('PUT', `${timings}/vgtest-none`, { body: missing })).status).toBe(404);
    expect((await grafana.ask('DELETE', `${timings}/vgtest-none`)).status).toBe(204);
  });

  test('templates are put by name; what defines nothing is wrapped, what does not parse refused', async () => {
    expect((await grafana.ask('PUT', template, { body: { template: 'unit {{ .x' } })).status).toBe(400);
    expect((await grafana.ask('PUT', template, { body: { template: 'plain' } })).status).toBe(202);
    grafana.deleteLater(template);
    const { body } = await grafana.ask('GET', template);
    expect(body.template).toContain(`{{ define "${prefix}" }}`);
    expect((await grafana.ask('GET', `${provisioning}/templates/vgtest-none`)).status).toBe(404);
  });

  test('a template of an old version is a conflict, and with any version one that is not there 404', async () => {
    if (!grafana.version.isAtLeast(11, 2)) return;
    const stale = { template: '{{ define "vgtest" }}b{{ end }}', version: '0000000000000000' };
    expect((await grafana.ask('PUT', template, { body: stale })).status).toBe(409);
    expect((await grafana.ask('PUT', `${template}-2`, { body: stale })).status).toBe(404);
  });

  test('a policy tree with a receiver that is not there is refused', async () => {
    const { body: tree } = await grafana.ask('GET', `${provisioning}/policies`);
    const { provenance: _, ...policies } = tree;
    const routes = [...((policies.routes ?? []) as Json[]), { receiver: 'vgtest-none' }];
    expect((await grafana.ask('PUT', `${provisioning}/policies`, { body: { ...policies, routes } })).status).toBe(400);
    expect((await grafana.ask('GET', `${provisioning}/policies`)).body).toEqual(tree);
  });
});

describe('annotations', () => {
  const tag = `ev:${prefix}`;
  const time = 1_700_000_000_000;
  const found = async () => (await grafana.ask('GET', `/api/annotations?tags=${tag}&tags=outage`)).items;

  test('are found by all of their tags, end by PATCH, and are made again by each POST', async () => {
    const annotation = { time, tags: [tag, 'outage'], text: 'down', dashboardUID: 'vgtest-none' };
    const first = await grafana.make('POST', '/api/annotations', annotation);
    grafana.deleteLater(`/api/annotations/${first.id}`);
    await grafana.make('PATCH', `/api/annotations/${first.id}`, { timeEnd: time + 60_000 });
    expect(await found()).toMatchObject([{ id: first.id, time, timeEnd: time + 60_000, text: 'down' }]);
    expect((await grafana.ask('GET', `/api/annotations?tags=${tag}&tags=malware`)).items).toEqual([]);
    const second = await grafana.make('POST', '/api/annotations', annotation);
    expect(await found()).toHaveLength(2);
    expect((await grafana.ask('DELETE', `/api/annotations/${second.id}`)).status).toBe(200);
    expect(await found()).toHaveLength(1);
  });

  test('without a text, with too long tags, or of no such id are refused', async () => {
    const bad = async (body: unknown) => (await grafana.ask('POST', '/api/annotations', { body })).status;
    expect(await bad({ time, tags: [tag], text: '' })).toBe(400);
    expect(await bad({ time, tags: [tag, 'x'.repeat(600)], text: 'long' })).toBe(400);
    expect((await grafana.ask('PATCH', '/api/annotations/999999999', { body: { text: 'x' } })).status).toBe(404);
  });
});

describe('silences', () => {
  const base = '/api/alertmanager/grafana/api/v2';
  const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
  const matchers = [{ name: 'unit', value: prefix, isRegex: false, isEqual: true }];
  const silence = { matchers, startsAt: at(60), endsAt: at(120), createdBy: 'vgtest', comment: `window ${prefix}` };
  const post = (body: unknown) => grafana.ask('POST', `${base}/silences`, { body });

  test('keep their id with a new end, get another with other matchers, and expire', async () => {
    const first = await post(silence);
    expect(first.status).toBe(202);
    const id = String(first.body.silenceID);
    expect((await post({ ...silence, id, endsAt: at(180) })).body.silenceID).toBe(id);
    const other = [{ name: 'unit', value: `${prefix}-2`, isRegex: false, isEqual: true }];
    const next = String((await post({ ...silence, id, matchers: other })).body.silenceID);
    grafana.deleteLater(`${base}/silence/${next}`);
    expect(next).not.toBe(id);
    const stateOf = async (of: string) =>
      ((await grafana.ask('GET', `${base}/silence/${of}`)).body.status as Json).state;
    expect([await stateOf(id), await stateOf(next)]).toEqual(['expired', 'pending']);
    const { items: listed } = await grafana.ask(
      'GET',
      `${base}/silences?filter=${encodeURIComponent(`unit="${prefix}-2"`)}`,
    );
    expect(listed).toMatchObject([{ id: next, comment: `window ${prefix}` }]);
    expect((await grafana.ask('DELETE', `${base}/silence/${next}`)).status).toBe(200);
    expect(await stateOf(next)).toBe('expired');
  });

  test('that are over already, match everything, or of no such id are refused', async () => {
    expect((await post({ ...silence, startsAt: at(-60), endsAt: at(-30) })).status).toBe(400);
    const all = [{ name: 'unit', value: '', isRegex: false, isEqual: true }];
    expect((await post({ ...silence, matchers: all })).status).toBe(400);
    const none = '00000000-0000-4000-8000-000000000000';
    expect((await grafana.ask('GET', `${base}/silence/${none}`)).status).toBe(404);
  });
});

describe('what shows whether it works', () => {
  test('rules have a health', async () => {
    const { status, body } = await grafana.ask('GET', '/api/prometheus/grafana/api/v1/rules');
    expect([status, body.status]).toEqual([200, 'success']);
    expect(body.data).toMatchObject({ groups: expect.any(Array) });
  });

  test('a query of no data source is refused', async () => {
    const queries = [{ refId: 'A', datasource: { uid: 'vgtest-none' } }];
    const { status } = await grafana.ask('POST', '/api/ds/query', { body: { from: 'now-1h', to: 'now', queries } });
    expect(status).toBeGreaterThanOrEqual(400);
    expect((await grafana.ask('POST', '/api/ds/query', { body: { queries: [] } })).status).toBe(400);
  });
});
