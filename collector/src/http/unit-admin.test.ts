/** Asks every route of the OpenAPI document, with every parameter, for data of another unit. */
import type { AddressInfo } from 'node:net';
import { point } from '@vonggac/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashPassword } from '../registry/people-passwords.ts';
import { createTestServer, type TestServer } from './testing/test-server.ts';

const password = 'con mèo ngủ trên mái';
/** In everything that belongs to another unit: code, name, machine, value. */
const marker = /bi-mat/i;

/** What to ask by each parameter. A new one has to be thought about here. */
const samples: Readonly<Record<string, readonly string[]>> = {
  id: ['a-bi-mat', 'a-own'],
  code: ['BI-MAT', 'BI-MAT-QB', 'DH-BL'],
  at: ['2026-01-05'],
  separator: [';'],
  agent: ['a-bi-mat', 'a-own', 'a-own,a-bi-mat'],
  unit: ['BI-MAT', 'BI-MAT-QB', 'DH', 'DH-BL'],
  q: ['bi-mat', 'host', 'DH'],
  after: ['A', 'BI-MAT', '999999'],
  measurement: ['inventory'],
  field: ['os_name'],
  limit: ['1000', '1'],
  since: ['-30d'],
  from: ['-30d'],
  to: ['now'],
  step: ['1h'],
  aggregate: ['last'],
  points: ['all'],
  state: ['online,late,offline,inconclusive,retired'],
  class: ['server'],
  sort: ['name', '-unit'],
  'tag.agent': ['a-bi-mat'],
  'tag.unit': ['BI-MAT'],
  'tag.host': ['host-bi-mat'],
};

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
}

let server: TestServer;
let cookie: string;
let paths: Record<string, Record<string, { parameters: Parameter[] }>>;

beforeEach(async () => {
  server = createTestServer();
  const at = server.clock.now;
  for (const [code, parent] of [
    ['BI-MAT-QB', undefined],
    ['DH', 'BI-MAT-QB'],
    ['DH-BL', 'DH'],
    ['BI-MAT', 'BI-MAT-QB'],
  ] as const) {
    server.units.ensure({ code, name: `đơn vị ${code}`, parent }, at);
  }
  for (const [id, unit] of [
    ['a-own', 'DH-BL'],
    ['a-bi-mat', 'BI-MAT'],
    ['a-bi-mat-2', 'BI-MAT-QB'],
  ] as const) {
    const hostname = id.replace('a-', 'host-');
    server.addAgent(id, { unit, hostname });
    const points = [point('inventory', { time: at - 1_000, tags: {}, fields: { os_name: `os of ${id}` } })];
    server.live.connected(id, 0);
    server.live.receive(id, points);
    await server.store.write([{ origin: { agent: id, host: hostname, unit, class: 'server' }, points }]);
  }
  server.audit.append({ at, actor: 'an', source: 'command', action: 'agent.revoke', subject: 'a-bi-mat' });
  const passwordHash = await hashPassword(password);
  server.people.add({ name: 'donghoi', role: 'unit-admin', unit: 'DH', passwordHash }, at);
  const payload = { name: 'donghoi', password };
  const answer = await server.app.inject({ method: 'POST', url: '/api/v1/sign-in', payload });
  cookie = String(answer.headers['set-cookie']).split(';', 1)[0] ?? '';
  const document = await server.app.inject({ url: '/api/openapi.json', headers: server.authorization() });
  ({ paths } = document.json());
});

afterEach(() => server.close());

function samplesOf({ name }: Parameter): readonly string[] {
  // What the catalogue tags series with besides their origin tells nothing of units.
  const found = samples[name] ?? (name.startsWith('tag.') ? ['x'] : undefined);
  if (!found) throw new Error(`the parameter ${name} is new: say what to ask another unit's data with`);
  return found;
}

/** Every path with what it must have, alone and with each further parameter. */
function questions(): { path: string; url: string }[] {
  return Object.entries(paths).flatMap(([path, { get }]) => {
    if (!get) return [];
    const [placeholder, key] = /\{(\w+)\}/.exec(path) ?? [];
    const things = placeholder === undefined ? [''] : (samples[key ?? ''] ?? []);
    const needed = get.parameters.filter((each) => each.required && each.in === 'query');
    const base = new URLSearchParams(needed.map((each): [string, string] => [each.name, samplesOf(each)[0] ?? '']));
    const further = get.parameters.filter((each) => each.in === 'query');
    const queries = further.flatMap((each) =>
      samplesOf(each).map((value) => {
        const query = new URLSearchParams(base);
        query.set(each.name, value);
        return String(query);
      }),
    );
    return things.flatMap((thing) =>
      [String(base), ...queries].map((query) => ({ path, url: `${path.replace(placeholder ?? '', thing)}?${query}` })),
    );
  });
}

/** What an endless answer has said until it speaks of `until`. */
async function listen(url: string, headers: Record<string, string>, until: RegExp): Promise<string> {
  const leaving = new AbortController();
  const answer = await fetch(url, { headers, signal: leaving.signal });
  let text = '';
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (answer.ok && until.test(text)) break;
  }
  leaving.abort();
  return text;
}

/** All that the routes answer to someone, by path, without what only repeats the question. */
async function askEverything(headers: Record<string, string>): Promise<Map<string, string>> {
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  const origin = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`;
  const answers = new Map<string, string>();
  for (const { path, url } of questions()) {
    if (path === '/api/v1/stream') continue;
    const answer = await server.app.inject({ url, headers });
    expect(answer.statusCode, url).toBeLessThan(500);
    const body = answer.body.replace(/there is no (agent|unit) [\w-]+"/, '');
    answers.set(path, `${answers.get(path) ?? ''}\n${answer.statusCode} ${body}`);
  }
  const streams = questions().filter(({ path, url }) => path === '/api/v1/stream' && !/agent=a-bi-mat$/.test(url));
  const listening = streams.map(({ url }) => listen(origin + url, headers, /event: points\ndata: .*a-own/));
  // What happens meanwhile to the others comes first, so that it would be heard before the streams are left.
  const timer = setInterval(() => {
    server.clock.now += 1_000;
    for (const id of ['a-bi-mat', 'a-own']) {
      const fields = { os_name: `os of ${id}` };
      server.live.receive(id, [point('inventory', { time: server.clock.now, tags: {}, fields })]);
    }
  }, 50);
  answers.set('/api/v1/stream', (await Promise.all(listening)).join('\n'));
  clearInterval(timer);
  return answers;
}

test('whoever may see the whole province gets the data that the other test looks for', async () => {
  const answers = await askEverything(server.authorization('admin'));
  expect([...answers].filter(([, text]) => marker.test(text)).map(([path]) => path)).toEqual([
    '/api/v1/agents',
    '/api/v1/agents/{id}',
    '/api/v1/units',
    '/api/v1/units/export',
    '/api/v1/units/{code}',
    '/api/v1/series',
    '/api/v1/audit',
    '/api/v1/stream',
  ]);
});

test('a unit-admin never gets data of another unit', async () => {
  const answers = await askEverything({ cookie });
  expect([...answers].filter(([, text]) => marker.test(text))).toEqual([]);
  const own = [...answers].filter(([, text]) => /a-own|DH-BL/.test(text)).map(([path]) => path);
  expect(own).toEqual([
    '/api/v1/agents',
    '/api/v1/agents/{id}',
    '/api/v1/units',
    '/api/v1/units/export',
    '/api/v1/units/{code}',
    '/api/v1/series',
    '/api/v1/stream',
  ]);
  expect(answers.get('/api/v1/summary')).toContain('"total":1');
  expect(answers.get('/api/v1/summary')).not.toMatch(/"total":[23]/);
  const refused = [...answers].filter(([, text]) => !/^(200 |event)/m.test(text)).map(([path]) => path);
  expect(refused).toEqual(['/readyz', '/metrics', '/api/v1/audit']);
});

test('nothing can be changed by the API but the own session, and units by whoever administers the province', async () => {
  const changing = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).flatMap((method) => (method === 'get' ? [] : [`${method} ${path}`])),
  );
  const units = [
    'post /api/v1/units',
    'patch /api/v1/units/{code}',
    'post /api/v1/units/{code}/retire',
    'post /api/v1/units/import',
  ];
  expect(changing).toEqual(['post /api/v1/sign-in', 'post /api/v1/sign-out', ...units]);
  for (const [method, path] of units.map((each) => each.split(' '))) {
    const url = String(path).replace('{code}', 'DH-BL');
    for (const headers of [{ cookie }, server.authorization('viewer'), server.authorization('operator')]) {
      const request = { method: method === 'patch' ? 'PATCH' : 'POST', url, headers, payload: {} } as const;
      expect((await server.app.inject(request)).statusCode, url).toBe(403);
    }
  }
});
