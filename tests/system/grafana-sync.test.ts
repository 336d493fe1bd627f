/**
 * `vonggac grafana sync` through the real command, against the fake Grafana, or a real and empty one that
 * VONGGAC_TEST_GRAFANA_URL and VONGGAC_TEST_GRAFANA_TOKEN name (a token of an Admin); what only the fake can be made to do is
 * left out there. What is made is deleted at the end.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeGrafana } from '../harness/fake-grafana/fake-grafana.ts';
import { collectorProgram, Program, temporaryFolder, until } from '../harness/program.ts';
import { isGrafanaReal, smallRule } from '../harness/tested-grafana.ts';

const { VONGGAC_TEST_GRAFANA_URL = '', VONGGAC_TEST_GRAFANA_TOKEN = '' } = process.env;

interface Outcome {
  readonly code: number | NodeJS.Signals | null;
  readonly output: string;
  /** What a program gets, if there was a plan. */
  readonly value: {
    readonly steps: readonly { kind: string; name: string; action: string; details: readonly string[] }[];
    readonly written: number;
    readonly problems?: readonly string[];
  };
}

const config = {
  console: { public_url: 'http://localhost:9090' },
  store: { kind: 'influx', influx: { url: 'http://127.0.0.1:8086', username: 'doc', password: 'bi-mat' } },
};

let folder: ReturnType<typeof temporaryFolder>;
let grafana: FakeGrafana;
const started: FakeGrafana[] = [];

async function fake(options: ConstructorParameters<typeof FakeGrafana>[0]): Promise<FakeGrafana> {
  const server = new FakeGrafana(options);
  await server.start();
  started.push(server);
  return server;
}

beforeEach(async () => {
  folder = temporaryFolder();
  grafana = await fake({});
  if (!isGrafanaReal) return;
  // Whoever names a Grafana that is in use has made a mistake: the end of the test deletes what has our name.
  expect((await ask('GET', '/api/folders/vonggac')).status).toBe(404);
});

afterEach(async () => {
  if (isGrafanaReal) await deleteOurs();
  for (const server of started.splice(0)) await server.stop();
  folder.remove();
});

async function sync(
  flags: readonly string[] = [],
  {
    server = grafana,
    token = server.token,
    settings = config,
  }: { server?: FakeGrafana; token?: string; settings?: object } = {},
): Promise<Outcome> {
  const [configFile, tokenFile] = [join(folder.path, 'config.yaml'), join(folder.path, 'token')];
  writeFileSync(configFile, JSON.stringify({ data: join(folder.path, 'data'), ...settings }));
  writeFileSync(tokenFile, isGrafanaReal ? VONGGAC_TEST_GRAFANA_TOKEN : token, { mode: 0o600 });
  const url = isGrafanaReal ? VONGGAC_TEST_GRAFANA_URL : server.url;
  const where = flags.includes('--url') ? [] : ['--url', url];
  const files = ['--config', configFile, ...(flags.includes('--token-file') ? [] : ['--token-file', tokenFile])];
  const program = new Program([collectorProgram, 'grafana', 'sync', '--json', ...where, ...files, ...flags]);
  program.start();
  await until('the end of the sync', () => !program.running, 180_000);
  const { output } = program;
  const line = output.split('\n').find((text) => text.startsWith('{'));
  return {
    code: await program.stop(),
    output,
    value: line === undefined ? { steps: [], written: 0 } : JSON.parse(line),
  };
}

async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> {
  const [url, token] = isGrafanaReal
    ? [VONGGAC_TEST_GRAFANA_URL.replace(/\/+$/, ''), VONGGAC_TEST_GRAFANA_TOKEN]
    : [grafana.url, grafana.token];
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text() };
}

async function deleteOurs(): Promise<void> {
  for (const path of [
    '/api/folders/vonggac?forceDeleteRules=true',
    '/api/v1/provisioning/contact-points/vonggac-webhook',
    '/api/v1/provisioning/templates/vonggac',
    '/api/v1/provisioning/mute-timings/vonggac-ngoai-gio',
    '/api/datasources/uid/vonggac-influxdb',
  ]) {
    await ask('DELETE', path);
  }
}

const actions = ({ value }: Outcome, action: string) =>
  value.steps.filter((step) => step.action === action).map(({ kind, name }) => `${kind} ${name}`);

/** A real Grafana cannot reach a data source that is not there, and says so. */
function expectDone({ code, output, value }: Outcome): void {
  if (isGrafanaReal)
    expect(
      value.problems?.filter((problem) => problem.includes('did not keep')),
      output,
    ).toEqual([]);
  else expect([code, value.problems], output).toEqual([0, []]);
}

// A real one evaluates new rules within a minute, and each sync waits for that.
describe('on any Grafana', { timeout: isGrafanaReal ? 900_000 : 120_000 }, () => {
  test('writes all that is ours, and nothing the second time', async () => {
    const policies = (await ask('GET', '/api/v1/provisioning/policies')).text;
    const first = await sync();
    expectDone(first);
    expect(actions(first, 'create')).toHaveLength(first.value.written);
    expect(actions(first, 'create')).toEqual(
      expect.arrayContaining([
        'data source Vọng Gác InfluxDB',
        'folder Vọng Gác',
        'dashboard Toàn tỉnh',
        'mute timing vonggac-ngoai-gio',
        'notification template vonggac',
        'rule group vonggac-unit',
      ]),
    );
    grafana.calls.forget();
    const second = await sync();
    expectDone(second);
    expect(second.value.written).toBe(0);
    expect([grafana.calls.writes, grafana.calls.unknown]).toEqual([[], []]);
    expect((await ask('GET', '/api/v1/provisioning/policies')).text).toBe(policies);
  });

  test('a dry run says what it would do and does nothing', async () => {
    const { code, value } = await sync(['--dry-run']);
    expect(code).toBe(0);
    expect(value.steps.length).toBeGreaterThan(10);
    expect((await ask('GET', '/api/folders/vonggac')).status).toBe(404);
    expect(grafana.calls.writes).toEqual([]);
  });

  test('takes back what was changed in our objects, and leaves those of others', async () => {
    expectDone(await sync());
    await ask('PUT', '/api/folders/vonggac', { title: 'Đổi tên', overwrite: true });
    const other = { dashboard: { uid: 'vgtest-other', title: 'Của tôi', panels: [], id: null }, folderUid: 'vonggac' };
    expect((await ask('POST', '/api/dashboards/db', other)).status).toBe(200);
    const again = await sync(['--lang', 'en']);
    expectDone(again);
    expect(actions(again, 'change')).toEqual(expect.arrayContaining(['folder Vọng Gác', 'dashboard Province wall']));
    expect(JSON.parse((await ask('GET', '/api/dashboards/uid/vgtest-other')).text).dashboard.title).toBe('Của tôi');
    expect((await sync(['--lang', 'en', '--prune'])).value.written).toBe(0);
  });

  test('deletes what is made no more only when told to', async () => {
    expectDone(await sync());
    const old = { dashboard: { uid: 'vonggac-old', title: 'Cũ', tags: ['vonggac'], id: null }, folderUid: 'vonggac' };
    await ask('POST', '/api/dashboards/db', old);
    const left = await sync();
    expect([actions(left, 'left'), left.value.written]).toEqual([['dashboard Cũ'], 0]);
    const pruned = await sync(['--prune']);
    expect([actions(pruned, 'delete'), pruned.value.written]).toEqual([['dashboard Cũ'], 1]);
    expect((await ask('GET', '/api/dashboards/uid/vonggac-old')).status).toBe(404);
  });

  test('refuses to write a group in which somebody else has a rule', async () => {
    await ask('POST', '/api/folders', { uid: 'vonggac', title: 'Vọng Gác' });
    const rule = smallRule('vgtest-rule');
    const path = '/api/v1/provisioning/folder/vonggac/rule-groups/vonggac-unit';
    expect((await ask('PUT', path, { interval: 60, rules: [rule] })).status).toBe(200);
    grafana.calls.forget();
    const { code, output, value } = await sync();
    expect([code, value.written]).toEqual([1, 0]);
    expect(output).toContain('it holds the rule \\"vgtest-rule\\" (uid vgtest-rule) of somebody else');
    expect(grafana.calls.writes).toEqual([]);
  });
});

describe.skipIf(isGrafanaReal)('on the fake Grafana', () => {
  test.each(['9.4.7', '10.4.0', '11.6.0'])('%s: the second run writes nothing', async (version) => {
    const server = await fake({ version });
    const flags = version === '9.4.7' ? ['--allow-old'] : [];
    expectDone(await sync(flags, { server }));
    server.calls.forget();
    const second = await sync(flags, { server });
    expectDone(second);
    expect([second.value.written, server.calls.writes, server.calls.unknown]).toEqual([0, [], []]);
  });

  test.each([
    ['9.3.2', 'is too old'],
    ['10.2.0', '--allow-old'],
  ])('%s is refused: %s', async (version, words) => {
    const server = await fake({ version });
    const { code, output } = await sync([], { server });
    expect([code, server.calls.writes]).toEqual([1, []]);
    expect(output).toContain(words);
  });

  test('says of a version that it hides when something is not kept', async () => {
    const server = await fake({ version: '11.6.0', hidesVersion: true });
    const { code, value } = await sync([], { server });
    expect(code).toBe(1);
    expect(value.problems?.[0]).toContain('did not keep it: rule group');
    expect(value.problems?.[0]).toContain('keep_firing_for');
  });

  test('the data source follows the store, and the old one goes when it is told to', async () => {
    expectDone(await sync());
    const settings = { ...config, store: { mirror: { url: 'http://127.0.0.1:8428' } } };
    const moved = await sync(['--prune'], { settings });
    expectDone(moved);
    expect(actions(moved, 'create')).toEqual(['data source Vọng Gác VictoriaMetrics']);
    expect(actions(moved, 'delete')).toEqual(['data source Vọng Gác InfluxDB']);
    expect([...grafana.organisation.dataSources.keys()]).toEqual(['vonggac-prometheus']);
    expect((await sync(['--prune'], { settings })).value.written).toBe(0);
  });

  test('behind a sub-path', async () => {
    const server = await fake({ subPath: '/giam-sat/grafana' });
    expectDone(await sync([], { server }));
    expect(server.calls.unknown).toEqual([]);
  });

  test.each([
    ['wrong', () => 'glsa_wrong', '401 (Invalid API key): the token is wrong'],
    ['of a Viewer', () => grafana.addToken('Viewer'), 'needs a higher role in this organisation (a sync: Admin)'],
  ])('a token that is %s', async (_, token, words) => {
    const { code, output } = await sync([], { token: token() });
    expect([code, grafana.calls.writes]).toEqual([1, []]);
    expect(output).toContain(words);
  });

  test('a token of another organisation than was meant', async () => {
    const other = grafana.addOrganisation('Sở Y tế');
    const { code, output } = await sync(['--org', '1'], { token: grafana.addToken('Admin', other.id) });
    expect([code, grafana.calls.writes]).toEqual([1, []]);
    expect(output).toContain('the token is of organisation 2 ("Sở Y tế"), not of 1');
  });

  test.each([
    ['the uid', { uid: 'vonggac', title: 'Kế toán' }, 'with our uid or name'],
    ['the title', { uid: 'cua-toi', title: 'Vọng Gác' }, 'its title is that of another folder (uid cua-toi)'],
  ])('%s of our folder is taken', async (_, taken, words) => {
    await grafana.call('POST', '/api/folders', taken);
    const { code, output } = await sync();
    expect([code, grafana.calls.writes]).toEqual([1, []]);
    expect(output).toContain(words);
    expect(grafana.organisation.folders.get(taken.uid)?.title).toBe(taken.title);
  });

  test('a rule name is taken', async () => {
    await grafana.call('POST', '/api/folders', { uid: 'vonggac', title: 'Vọng Gác' });
    const title = 'Danh tính máy bị sao chép';
    const path = '/api/v1/provisioning/folder/vonggac/rule-groups/cua-toi';
    await grafana.call('PUT', path, { interval: 60, rules: [smallRule('cua-toi', { title })] });
    const { code, output } = await sync(['--adopt', '--prune']);
    expect([code, grafana.calls.writes]).toEqual([1, []]);
    expect(output).toContain(`the rule name \\"${title}\\" is taken by another rule (uid cua-toi)`);
  });

  test('a rule name is that of a rule of ours that is made no more', async () => {
    expectDone(await sync());
    const { rules } = grafana.organisation;
    const old = rules.get('vonggac-link-down');
    if (!old) throw new Error('the rule is not there');
    rules.delete('vonggac-link-down');
    rules.set('vonggac-line-down', { ...old, rule: { ...old.rule, uid: 'vonggac-line-down' } });
    grafana.calls.forget();
    const { code, output } = await sync();
    expect([code, grafana.calls.writes]).toEqual([1, []]);
    expect(output).toContain('is taken by our rule vonggac-line-down, which is made no more: --prune deletes it');
    expectDone(await sync(['--prune']));
    expect([rules.has('vonggac-link-down'), rules.has('vonggac-line-down')]).toEqual([true, false]);
  });

  test('takes over what has our name only when told to, and never what a file holds', async () => {
    const sourceOfSomebody = {
      uid: 'vonggac-influxdb',
      name: 'Cũ',
      type: 'influxdb',
      access: 'proxy',
      url: 'http://a',
    };
    await grafana.call('POST', '/api/datasources', { ...sourceOfSomebody, jsonData: { maxSeries: 500 } });
    expect(actions(await sync(), 'refused')).toEqual(['data source Vọng Gác InfluxDB']);
    expect(grafana.calls.writes).toEqual([]);
    const adopted = await sync(['--adopt']);
    expectDone(adopted);
    expect(actions(adopted, 'adopt')).toEqual(['data source Vọng Gác InfluxDB']);
    const source = grafana.organisation.dataSources.get('vonggac-influxdb');
    expect(source).toMatchObject({ name: 'Vọng Gác InfluxDB', jsonData: { dbName: 'vonggac', maxSeries: 500 } });
    for (const [uid, board] of grafana.organisation.dashboards)
      grafana.organisation.dashboards.set(uid, { ...board, isProvisioned: true });
    grafana.calls.forget();
    const { code, output } = await sync(['--adopt', '--lang', 'en']);
    expect([code, grafana.calls.writes]).toEqual([1, []]);
    expect(output).toContain('a provisioning file of that Grafana holds it');
  });

  test('a password and a secret that changed are written again, once', async () => {
    const secret = join(folder.path, 'secret');
    writeFileSync(secret, 'bi-mat-cua-webhook-1', { mode: 0o600 });
    const settings = {
      ...config,
      grafana: { url: 'http://unused', token_file: '/unused', webhook_secret_file: secret },
    };
    let isPasswordRight = true;
    const server = await fake({ dataSourceHealth: () => (isPasswordRight ? undefined : 'unauthorized') });
    expectDone(await sync([], { server, settings }));
    writeFileSync(secret, 'bi-mat-cua-webhook-2', { mode: 0o600 });
    isPasswordRight = false;
    const changed = await sync([], { server, settings });
    expect(actions(changed, 'change')).toEqual(['data source Vọng Gác InfluxDB', 'contact point vonggac']);
    isPasswordRight = true;
    server.calls.forget();
    expectDone(await sync([], { server, settings }));
    expect(server.calls.writes).toEqual([]);
    expect(JSON.stringify(changed.value)).not.toContain('bi-mat');
  });

  test('what answers but does not work is a failure that names the rule', async () => {
    const server = await fake({
      query: () => ({ error: 'database not found: vonggac' }),
      ruleHealth: ({ uid }) =>
        uid === 'vonggac-link-down' ? { health: 'error', lastError: 'no such measurement' } : { health: 'ok' },
    });
    const { code, value } = await sync([], { server });
    expect(code).toBe(1);
    expect(value.problems).toEqual([
      expect.stringContaining('the data source does not answer Grafana (database not found: vonggac)'),
      expect.stringContaining('fails: no such measurement'),
    ]);
  });

  test('Grafana goes away in the middle and comes back', async () => {
    grafana.goAwayAfter(5);
    const { code, output } = await sync();
    expect(code).toBe(3);
    expect(output).toMatch(/cannot ask Grafana at .*\n5 of \d+ steps are done; run it again/);
    grafana.comeBack();
    expectDone(await sync());
    expect((await sync()).value.written).toBe(0);
  });

  test.each([
    [
      'a sign-in page',
      { status: 200, body: '<!DOCTYPE html><title>Đăng nhập</title>' },
      3,
      'a web page that is not JSON',
    ],
    ['a redirect', { status: 302, headers: { location: 'https://sso.example/' } }, 3, 'leads elsewhere to https://sso'],
    ['something else', { status: 200, body: { fine: true } }, 3, 'is it Grafana?'],
  ])('%s instead of an answer', async (_, failure, expected, words) => {
    grafana.failNext({ path: '/api/health', times: 10 }, failure);
    const { code, output } = await sync();
    expect([code, grafana.calls.writes]).toEqual([expected, []]);
    expect(output).toContain(words);
  });

  test.each([
    [['--url', 'ftp://grafana'], 'begins with http:// or https://'],
    [['--token-file', '/nowhere/token'], "cannot read Grafana's token from /nowhere/token"],
    [['--org', 'main'], '--org is the number'],
  ])('%j', async (flags, words) => {
    const { code, output } = await sync(flags);
    expect([code === 1 || code === 2, grafana.calls.all]).toEqual([true, []]);
    expect(output).toContain(words);
  });

  test('a store that Grafana cannot read', async () => {
    const { code, output } = await sync([], { settings: {} });
    expect([code, grafana.calls.all]).toEqual([1, []]);
    expect(output).toContain('set store.kind to influx');
  });
});
