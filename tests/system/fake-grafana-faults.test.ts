/** What a real server cannot be made to do at will: other versions, files, other organisations, going away. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Json } from '../harness/fake-grafana/exchange.ts';
import { FakeGrafana } from '../harness/fake-grafana/fake-grafana.ts';
import { until } from '../harness/program.ts';
import { smallRule } from '../harness/tested-grafana.ts';

const rulesPath = '/api/v1/provisioning/alert-rules';
const groupPath = '/api/v1/provisioning/folder/f/rule-groups/g';
const started: FakeGrafana[] = [];

afterEach(async () => {
  for (const grafana of started.splice(0)) await grafana.stop();
});

async function fake(options: ConstructorParameters<typeof FakeGrafana>[0] = {}): Promise<FakeGrafana> {
  const grafana = new FakeGrafana(options);
  started.push(grafana);
  await grafana.start();
  return grafana;
}

async function ask(
  grafana: FakeGrafana,
  { method = 'GET', path, body, headers }: { method?: string; path: string; body?: unknown; headers?: object },
): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${grafana.url}${path}`, {
    method,
    redirect: 'manual',
    headers: { authorization: `Bearer ${grafana.token}`, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text() };
}

const free = { 'x-disable-provenance': 'false' };
const fullRule = smallRule('r', {
  isPaused: true,
  keep_firing_for: '10m',
  missingSeriesEvalsToResolve: 3,
  notification_settings: { receiver: 'grafana-default-email', repeat_interval: '24h' },
});

describe('versions', () => {
  test.each([
    ['9.4.7', []],
    ['10.3.1', ['isPaused']],
    ['10.4.0', ['isPaused', 'notification_settings']],
    ['12.1.1', ['isPaused', 'keep_firing_for', 'missingSeriesEvalsToResolve', 'notification_settings']],
  ])('%s drops the fields that it does not know', async (version, kept) => {
    const grafana = await fake({ version });
    expect(
      (await ask(grafana, { method: 'PUT', path: groupPath, body: { interval: 60, rules: [fullRule] } })).status,
    ).toBe(200);
    const stored: Json = grafana.organisation.rules.get('r')?.rule ?? {};
    const optional = ['isPaused', 'keep_firing_for', 'missingSeriesEvalsToResolve', 'notification_settings'];
    expect(optional.filter((name) => name in stored)).toEqual(kept);
    if (kept.includes('notification_settings'))
      expect(stored.notification_settings).toMatchObject({ repeat_interval: '1d' });
  });

  test('until 11.2 a dashboard takes the place of another of its title, later there are two', async () => {
    for (const [version, uids] of [
      ['10.3.1', ['theirs']],
      ['12.1.1', ['theirs', 'ours']],
    ] as const) {
      const grafana = await fake({ version });
      await grafana.call('POST', '/api/dashboards/db', { dashboard: { uid: 'theirs', title: 'Units' } });
      const dashboard = { uid: 'ours', title: 'Units' };
      const refused = await ask(grafana, { method: 'POST', path: '/api/dashboards/db', body: { dashboard } });
      expect(refused.status).toBe(version === '10.3.1' ? 412 : 200);
      await grafana.call('POST', '/api/dashboards/db', { dashboard, overwrite: true });
      expect([...grafana.organisation.dashboards.keys()]).toEqual(uids);
    }
  });

  test('9.4 answers 500 where later ones say what is wrong', async () => {
    const grafana = await fake({ version: '9.4.7' });
    expect((await ask(grafana, { path: `${rulesPath}/none` })).status).toBe(500);
    const rules = [smallRule('a'), smallRule('b', { title: 'a' })];
    expect((await ask(grafana, { method: 'PUT', path: groupPath, body: { interval: 60, rules } })).status).toBe(500);
    expect((await ask(grafana, { method: 'DELETE', path: groupPath })).status).toBe(404);
    expect(grafana.calls.unknown).toEqual([`DELETE ${groupPath}`]);
  });

  test('the version may be hidden, and the server may lie below a path', async () => {
    const grafana = await fake({ hidesVersion: true, subPath: '/grafana' });
    expect(JSON.parse((await ask(grafana, { path: '/api/health' })).text)).toEqual({ database: 'ok' });
    const outside = grafana.url.replace('/grafana', '');
    const page = await fetch(`${outside}/api/health`, { redirect: 'manual' });
    expect([page.status, page.headers.get('location')]).toEqual([302, '/login']);
  });
});

describe('who may what', () => {
  test('a viewer reads dashboards and changes nothing; an editor sees no data sources', async () => {
    const grafana = await fake();
    const as = (token: string) => ({ authorization: `Bearer ${token}` });
    const viewer = as(grafana.addToken('Viewer'));
    const editor = as(grafana.addToken('Editor'));
    const folder = { method: 'POST', path: '/api/folders', body: { uid: 'f', title: 'F' } };
    expect((await ask(grafana, { path: '/api/search', headers: viewer })).status).toBe(200);
    expect((await ask(grafana, { ...folder, headers: viewer })).status).toBe(403);
    expect((await ask(grafana, { ...folder, headers: editor })).status).toBe(200);
    expect((await ask(grafana, { path: '/api/datasources', headers: editor })).status).toBe(403);
    expect((await ask(grafana, { path: rulesPath, headers: editor })).status).toBe(403);
  });

  test('a token sees its own organisation only, and is refused by the name of another', async () => {
    const grafana = await fake();
    const other = grafana.addOrganisation('Other');
    await grafana.call('POST', '/api/folders', { uid: 'f', title: 'F' });
    const authorization = `Bearer ${grafana.addToken('Admin', other.id)}`;
    const own = await ask(grafana, { path: '/api/org', headers: { authorization } });
    expect(JSON.parse(own.text)).toMatchObject({ id: other.id, name: 'Other' });
    expect((await ask(grafana, { path: '/api/folders/f', headers: { authorization } })).status).toBe(404);
    const wrong = { authorization, 'x-grafana-org-id': '1' };
    expect((await ask(grafana, { path: '/api/org', headers: wrong })).status).toBe(401);
  });
});

describe('what files and the API made', () => {
  test('data sources and dashboards of files are not changed', async () => {
    const grafana = await fake();
    const { organisation } = grafana;
    await grafana.call('POST', '/api/datasources', { uid: 's', name: 'S', type: 'influxdb', access: 'proxy' });
    await grafana.call('POST', '/api/dashboards/db', { dashboard: { uid: 'd', title: 'D' } });
    for (const source of organisation.dataSources.values()) {
      organisation.dataSources.set('s', { ...source, readOnly: true });
    }
    for (const dashboard of organisation.dashboards.values()) {
      organisation.dashboards.set('d', { ...dashboard, isProvisioned: true });
    }
    const source = {
      method: 'PUT',
      path: '/api/datasources/uid/s',
      body: { name: 'S', type: 'influxdb', access: 'proxy' },
    };
    expect((await ask(grafana, source)).status).toBe(403);
    const body = { dashboard: { uid: 'd', title: 'D' }, overwrite: true };
    expect((await ask(grafana, { method: 'POST', path: '/api/dashboards/db', body })).status).toBe(400);
    expect((await ask(grafana, { method: 'DELETE', path: '/api/dashboards/uid/d' })).status).toBe(400);
  });

  test.each([
    ['10.3.1', 500],
    ['12.1.1', 409],
  ])(
    '%s refuses to change a rule of a file with %i, and gives free by its group what the API made',
    async (version, status) => {
      const grafana = await fake({ version });
      const rules = grafana.organisation.rules;
      const put = (rule: object, headers = {}) =>
        ask(grafana, { method: 'PUT', path: groupPath, body: { interval: 60, rules: [rule] }, headers });
      await put(smallRule('r'));
      expect(rules.get('r')?.provenance).toBe('api');
      expect((await put(smallRule('r'), free)).status).toBe(200);
      expect(rules.get('r')?.provenance).toBe('api');
      expect((await put(smallRule('r', { for: '10m' }), free)).status).toBe(200);
      expect(rules.get('r')?.provenance).toBe('');
      for (const stored of rules.values()) rules.set('r', { ...stored, provenance: 'file' });
      expect((await put(smallRule('r', { for: '20m' }))).status).toBe(status);
      expect((await put(smallRule('other'))).status).toBe(status);
      expect(rules.get('r')?.rule.for).toBe('10m');
    },
  );

  test('a contact point of the API is not given free again', async () => {
    const grafana = await fake();
    const body = { uid: 'c', name: 'C', type: 'webhook', settings: { url: 'http://127.0.0.1:9' } };
    await ask(grafana, { method: 'POST', path: '/api/v1/provisioning/contact-points', body });
    const path = '/api/v1/provisioning/contact-points/c';
    expect((await ask(grafana, { method: 'PUT', path, body, headers: free })).status).toBe(403);
    expect((await ask(grafana, { method: 'PUT', path, body })).status).toBe(202);
  });
});

describe('one document of contact points, timings, templates and policies', () => {
  const template = (name: string) => ({
    method: 'PUT',
    path: `/api/v1/provisioning/templates/${name}`,
    body: { template: `{{ define "${name}" }}x{{ end }}` },
  });

  async function atOnce(grafana: FakeGrafana, calls: readonly Parameters<typeof ask>[1][]) {
    const { alertmanager } = grafana.organisation;
    const release = alertmanager.hold();
    const answers = calls.map((call) => ask(grafana, call));
    await until('all of them to have read', () => alertmanager.underWay === calls.length);
    release();
    return Promise.all(answers);
  }

  test('of two changes at once one is refused', async () => {
    const grafana = await fake();
    const answers = await atOnce(grafana, [template('a'), template('b')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    expect(Object.keys(grafana.organisation.alertmanager.content.templates)).toHaveLength(1);
  });

  test('but the policies take with them what they knew', async () => {
    const grafana = await fake();
    const { alertmanager } = grafana.organisation;
    const policies = { receiver: 'grafana-default-email', group_wait: '1m' };
    const path = '/api/v1/provisioning/policies';
    const answers = await atOnce(grafana, [template('a'), { method: 'PUT', path, body: policies }]);
    const statuses = answers.map(({ status }) => status);
    // Which of them is saved first decides whether the template is refused or lost; the policies always win.
    expect([
      [202, 202],
      [409, 202],
    ]).toContainEqual(statuses);
    expect(alertmanager.content.policies).toEqual(policies);
    expect(alertmanager.content.templates).toEqual({});
  });
});

describe('what goes wrong', () => {
  const folder = (uid: string) => ({ method: 'POST', path: '/api/folders', body: { uid, title: uid } });

  test('the next call of a path fails as often as it is told', async () => {
    const grafana = await fake();
    grafana.failNext(
      { path: '/api/folders', method: 'POST', times: 2 },
      { status: 429, headers: { 'retry-after': '1' } },
    );
    expect((await ask(grafana, { path: '/api/folders' })).status).toBe(200);
    for (const status of [429, 429, 200]) expect((await ask(grafana, folder('f'))).status).toBe(status);
    grafana.failNext({ path: /search/ }, { status: 200, body: '<html>sign in</html>' });
    expect((await ask(grafana, { path: '/api/search' })).text).toContain('sign in');
  });

  test('connections end before or after the work is done, or never', async () => {
    const grafana = await fake();
    const { folders } = grafana.organisation;
    grafana.failNext({ path: '/api/folders' }, 'cut');
    await expect(ask(grafana, folder('a'))).rejects.toThrow();
    expect([...folders.keys()]).toEqual([]);
    grafana.failNext({ path: '/api/folders' }, 'cut afterwards');
    await expect(ask(grafana, folder('a'))).rejects.toThrow();
    expect([...folders.keys()]).toEqual(['a']);
    grafana.failNext({ method: 'POST', path: '/api/folders' }, 'hang');
    const hanging = ask(grafana, folder('b'));
    expect((await ask(grafana, { path: '/api/folders/a' })).status).toBe(200);
    await grafana.stop();
    await expect(hanging).rejects.toThrow();
  });

  test.each([false, true])('it goes away after so many writes, its last answer lost: %s', async (isLastAnswerLost) => {
    const grafana = await fake();
    grafana.goAwayAfter(2, { isLastAnswerLost });
    await ask(grafana, folder('a'));
    expect((await ask(grafana, folder('a'))).status).toBe(409);
    const last = ask(grafana, folder('b'));
    if (isLastAnswerLost) await expect(last).rejects.toThrow();
    else expect((await last).status).toBe(200);
    await expect(ask(grafana, { path: '/api/health' })).rejects.toThrow();
    grafana.comeBack();
    expect((await ask(grafana, { path: '/api/folders/b' })).status).toBe(200);
    expect(grafana.calls.writes).toEqual(['POST /api/folders', 'POST /api/folders', 'POST /api/folders']);
    grafana.calls.forget();
    await ask(grafana, { method: 'POST', path: '/api/ds/query', body: { queries: [] } });
    expect(grafana.calls.writes).toEqual([]);
  });

  test('bodies that are no JSON are 400, and those without end 413', async () => {
    const grafana = await fake();
    const post = (body: string) =>
      fetch(`${grafana.url}/api/folders`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${grafana.token}` },
      });
    expect((await post('{')).status).toBe(400);
    expect((await post('[]')).status).toBe(400);
    expect((await post(`"${'x'.repeat(11_000_000)}"`)).status).toBe(413);
  });

  test('who asks may leave in the middle', async () => {
    const grafana = await fake();
    const socket = connect(Number(new URL(grafana.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('POST /api/folders HTTP/1.1\r\nhost: grafana\r\ncontent-length: 100\r\n\r\n{');
    socket.destroy();
    expect((await ask(grafana, { path: '/api/health' })).status).toBe(200);
    expect(grafana.calls.writes).toEqual([]);
  });

  test('queries and the health of rules are what the test says', async () => {
    const grafana = await fake({
      query: ({ rawSql }) => (rawSql === 'bad' ? { error: 'syntax' } : { frames: [{ schema: { name: 'x' } }] }),
      dataSourceHealth: () => 'connection refused',
    });
    await grafana.call('POST', '/api/datasources', { uid: 's', name: 'S', type: 'influxdb', access: 'proxy' });
    const query = (rawSql: string) => ({ queries: [{ refId: 'A', rawSql, datasource: { uid: 's' } }] });
    const post = (rawSql: string) => ask(grafana, { method: 'POST', path: '/api/ds/query', body: query(rawSql) });
    expect(JSON.parse((await post('good')).text).results.A.frames).toEqual([{ schema: { name: 'x' } }]);
    expect(await post('bad')).toMatchObject({ status: 400, text: expect.stringContaining('syntax') });
    expect((await ask(grafana, { path: '/api/datasources/uid/s/health' })).status).toBe(400);
    const data = (smallRule('r').data as object[]).map((each) => ({
      ...each,
      datasourceUid: 'gone',
      relativeTimeRange: { from: 60, to: 0 },
    }));
    await grafana.call('PUT', groupPath, { interval: 60, rules: [smallRule('r', { data }), smallRule('fine')] });
    const { text } = await ask(grafana, { path: '/api/prometheus/grafana/api/v1/rules' });
    expect(JSON.parse(text).data.groups[0].rules).toMatchObject([
      { uid: 'r', health: 'error', lastError: "failed to build query 'C': data source not found" },
      { uid: 'fine', health: 'ok' },
    ]);
  });
});
