/** Asks every route of the OpenAPI document, with every parameter, for data of another unit. */
import type { AddressInfo } from 'node:net';
import { point } from '@vonggac/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { judgeService } from '../connectivity/service-judgement.ts';
import type { ServiceStatus } from '../connectivity/service-watch.ts';
import { readDetection } from '../protection/detection.ts';
import { CodeUses } from '../registry/code-uses.ts';
import { type Role, unitRoles } from '../registry/roles.ts';
import { quickHash } from './testing/quick-hash.ts';
import { createTestServer, type TestServer } from './testing/test-server.ts';

const password = 'con mèo ngủ trên mái';
/** In everything that belongs to another unit: code, name, machine, value. */
const marker = /bi-mat/i;

/** Machines, and codes and waiting machines, whose ids are made anew each time. */
const ids = ['a-bi-mat', 'a-own'];
let incidents: Readonly<Record<'own' | 'foreign', number>>;
let outages: Readonly<Record<'own' | 'foreign', number>>;
/** By unit. */
const windows: Record<string, number> = {};
let enrolments: Readonly<Record<'own' | 'foreign', { code: string; waiting: string }>>;

/** What to ask by each parameter. A new one has to be thought about here. */
const samples: Readonly<Record<string, readonly string[]>> = {
  id: ids,
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
  until: ['now'],
  actor: ['an'],
  action: ['agent'],
  from: ['-30d'],
  to: ['now'],
  step: ['1h'],
  aggregate: ['last'],
  points: ['all'],
  assignee: ['bi-mat', 'me'],
  state: ['online,late,offline,inconclusive,retired', 'all'],
  incident: ['1', '2'],
  class: ['server'],
  sort: ['name', '-unit'],
  link: ['line-bi-mat', 'line'],
  month: ['2026-01'],
  detail: ['units'],
  level: ['protected,attention,unprotected,unknown'],
  name: ['bi-mat', 'Eicar'],
  resolved: ['true', 'false'],
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
    server.addAgent(id, { unit, hostname, enrolledAt: at - 3_600_000 });
    const points = [point('inventory', { time: at - 1_000, tags: {}, fields: { os_name: `os of ${id}` } })];
    server.live.connected(id, 0);
    server.live.receive(id, points);
    await server.store.write([{ origin: { agent: id, host: hostname, unit, class: 'server' }, points }]);
  }
  enrolments = { own: addEnrolment('DH-BL', 'a-own'), foreign: addEnrolment('BI-MAT', 'a-bi-mat') };
  const made = Object.values(enrolments).flatMap(({ code, waiting }) => [code, waiting]);
  incidents = { own: addIncident('DH-BL', 'a-own'), foreign: addIncident('BI-MAT', 'a-bi-mat') };
  outages = { own: addOutage('DH-BL', 'a-own'), foreign: addOutage('BI-MAT', 'a-bi-mat') };
  const numbers = [...Object.values(incidents), ...Object.values(outages)];
  ids.splice(2, ids.length, ...made, ...new Set(numbers.map(String)), 'disk-full');
  for (const [unit, link] of [
    ['DH-BL', 'line'],
    ['BI-MAT', 'line-bi-mat'],
  ] as const) {
    addLine(unit, link);
    windows[unit] = addWindow(unit);
  }
  addFullDisk('DH-BL', 'a-own');
  addFullDisk('BI-MAT', 'a-bi-mat');
  addMalware('DH-BL', 'a-own');
  addMalware('BI-MAT', 'a-bi-mat');
  server.protection.machines.tick(at);
  server.connectivity.serviceStatuses = [{ settings: service, judgement, since: at }];
  server.audit.append({ at, actor: 'an', source: 'command', action: 'agent.revoke', subject: 'a-bi-mat' });
  const passwordHash = await quickHash(password);
  server.people.add({ name: 'donghoi', role: 'unit-admin', unit: 'DH', passwordHash }, at);
  server.people.add({ name: 'bi-mat', role: 'unit-admin', unit: 'BI-MAT', passwordHash }, at);
  server.people.add({ name: 'bi-mat-tinh', role: 'operator', unit: undefined, passwordHash }, at);
  addNotification(incidents.foreign);
  const payload = { name: 'donghoi', password };
  const answer = await server.app.inject({ method: 'POST', url: '/api/v1/sign-in', payload });
  cookie = String(answer.headers['set-cookie']).split(';', 1)[0] ?? '';
  const document = await server.app.inject({ url: '/api/openapi.json', headers: server.authorization() });
  ({ paths } = document.json());
});

afterEach(() => server.close());

/** A token that is limited as a unit-admin is. */
function tokenOf(role: Role): { authorization: string } {
  const { token } = server.tokens.create({ name: role, role, unit: 'DH' }, server.clock.now);
  return { authorization: `Bearer ${token}` };
}

function addIncident(unit: string, subject: string): number {
  const evidence = { at: server.clock.now, what: 'second-holder', facts: { hostname: subject } };
  return server.incidents.report({ kind: 'clone', severity: 'critical', subject, unit, evidence }).id;
}

function addOutage(unit: string, agent: string): number {
  const at = server.clock.now;
  const evidence = [{ at, what: 'neighbour-silent', facts: { gateway: agent } }];
  const judged = { verdict: 'machine-lost', confidence: 'high', evidence } as const;
  return server.outages.ledger.open({ agent, hostname: agent, unit, class: 'server', beganAt: at, ...judged }).id;
}

/** A shared service that one unit reaches and another does not. */
const service: ServiceStatus['settings'] = {
  id: 'portal',
  name: 'Cổng',
  url: 'https://portal.example/',
  every: 30,
  from: { classes: ['server'], per_unit: 1 },
};
const judgement = judgeService([
  { agent: 'a-own', unit: 'DH-BL', up: true, error: undefined, rttMs: 5 },
  { agent: 'a-bi-mat', unit: 'BI-MAT', up: false, error: 'timeout', rttMs: undefined },
  { agent: 'a-bi-mat-2', unit: 'BI-MAT-QB', up: true, error: undefined, rttMs: 5 },
]);

/** A line with an outage, and a device. */
function addLine(unit: string, link: string): void {
  const at = server.clock.now - 3_600_000;
  server.units.change(unit, { links: [{ id: link, kind: 'tslcd', carrier: `nhà mạng ${unit}` }] }, { now: at });
  const evidence = { at, what: 'line-cut', facts: { gateway: unit } };
  const state = { state: 'down', cause: 'line-cut', carrier: unit, at, evidence } as const;
  server.connectivity.ledger.record({ unit, link }, state);
  const seconds = { first_seen_seconds: 1, last_seen_seconds: 2 };
  const device = { time: at, tags: { mac: '00:16:3e:00:00:01' }, fields: { network: unit, ...seconds } };
  server.connectivity.devices.take({ unit, agent: `a-${unit}` }, [point('lan_device', device)]);
}

function maintenance(subject: object): object {
  return { ...subject, to: new Date(server.clock.now + 3_600_000).toISOString(), reason: 'thay UPS' };
}

function addWindow(unit: string): number {
  const { now } = server.clock;
  const window = { unit, from: now, to: now + 3_600_000, reason: `bảo trì ${unit}` };
  return server.calendars.windows.add(window, { by: 'an', now }).id;
}

/** An instance of a rule that is about to fire. */
function addFullDisk(unit: string, agent: string): void {
  const { now } = server.clock;
  const tags = { mount: `/${agent}`, type: 'ext4' };
  const points = [point('filesystem', { time: now, tags, fields: { used_percent: 99 } })];
  server.rules.take({ origin: { agent, host: agent.replace('a-', 'host-'), unit, class: 'server' }, points }, now);
  server.rules.tick(now);
}

/** A machine with a product and something that it found. */
function addMalware(unit: string, agent: string): void {
  const at = server.clock.now - 60_000;
  const origin = { agent, host: agent.replace('a-', 'host-'), unit, class: 'server' } as const;
  const product = { time: at, tags: { product: agent }, fields: { read_state: 'ok', running: true } };
  server.protection.machines.take(agent, [point('antivirus', product)], at);
  const tags = { product: agent, severity: 'high' };
  const found = { event: `event of ${agent}`, name: `Eicar ${agent}`, object: `/home/${agent}` };
  for (const resolved of [true, false]) {
    const fields = { ...found, event: `${found.event} ${resolved}`, resolved };
    const detection = readDetection(point('malware', { time: at, tags, fields }), { ...origin, receivedAt: at });
    if (detection) server.protection.malware.take([detection]);
  }
}

/** A message about an incident of another unit. */
function addNotification(incident: number): void {
  const content = { subject: 'sự cố ở bi-mat', text: '', data: {} };
  const told = [{ incident, severity: 'critical', level: 1, count: 1, isResolved: false } as const];
  const draft = { channel: 'thu', event: 'opened', thread: undefined, content, told } as const;
  server.notifications.add([draft], server.clock.now);
}

/** A code with a use, and a machine that waits with it. */
function addEnrolment(unit: string, name: string): { code: string; waiting: string } {
  const { now } = server.clock;
  const asked = { unit, class: 'pc', uses: 2, approve: true, createdBy: name, expiresAt: now + 1_000, now } as const;
  const code = server.codes.create(asked).record.id;
  const hostname = `host-${name}`;
  new CodeUses(server.database).add(code, { at: now, outcome: 'enrolled', address: 'x', hostname, agent: name });
  const said = { hostname, platform: 'linux', system: name, version: '1', address: 'x', addresses: [] };
  return { code, waiting: server.pending.add({ ...said, code, publicKey: name }, now) };
}

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
    const places = [...path.matchAll(/\{(\w+)\}/g)].map(([placeholder, key = '']) => ({ placeholder, key }));
    const things = places.reduce<string[]>(
      (urls, { placeholder, key }) =>
        urls.flatMap((url) => (samples[key] ?? []).map((value) => url.replace(placeholder, value))),
      [path],
    );
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
    return things.flatMap((thing) => [String(base), ...queries].map((query) => ({ path, url: `${thing}?${query}` })));
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
    const body = answer.body.replace(/there is no (agent|unit|code) [\w-]+"/, '');
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
    '/api/v1/people',
    '/api/v1/agents',
    '/api/v1/agents/{id}',
    '/api/v1/units',
    '/api/v1/units/export',
    '/api/v1/units/{code}',
    '/api/v1/units/machines',
    '/api/v1/codes',
    '/api/v1/codes/{id}/uses',
    '/api/v1/enrolments',
    '/api/v1/incidents',
    '/api/v1/incidents/{id}',
    '/api/v1/incidents/{id}/assignees',
    '/api/v1/notifications',
    '/api/v1/links',
    '/api/v1/links/{unit}/{link}/intervals',
    '/api/v1/links/report',
    '/api/v1/links/report/export',
    '/api/v1/services',
    '/api/v1/outages',
    '/api/v1/outages/{id}',
    '/api/v1/availability',
    '/api/v1/availability/export',
    '/api/v1/maintenance',
    '/api/v1/rules/{id}',
    '/api/v1/units/{code}/devices',
    '/api/v1/protection',
    '/api/v1/protection/units',
    '/api/v1/protection/export',
    '/api/v1/malware',
    '/api/v1/malware/export',
    '/api/v1/series',
    '/api/v1/audit',
    '/api/v1/audit/export',
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
    '/api/v1/units/machines',
    '/api/v1/codes',
    '/api/v1/codes/{id}/uses',
    '/api/v1/enrolments',
    '/api/v1/incidents',
    '/api/v1/incidents/{id}',
    '/api/v1/links',
    '/api/v1/links/{unit}/{link}/intervals',
    '/api/v1/links/report',
    '/api/v1/links/report/export',
    '/api/v1/services',
    '/api/v1/outages',
    '/api/v1/outages/{id}',
    '/api/v1/availability',
    '/api/v1/availability/export',
    '/api/v1/maintenance',
    '/api/v1/rules/{id}',
    '/api/v1/units/{code}/devices',
    '/api/v1/protection',
    '/api/v1/protection/units',
    '/api/v1/protection/export',
    '/api/v1/malware',
    '/api/v1/malware/export',
    '/api/v1/series',
    '/api/v1/stream',
  ]);
  expect(answers.get('/api/v1/summary')).toContain('"total":1');
  expect(answers.get('/api/v1/summary')).not.toMatch(/"total":[23]/);
  const refused = [...answers].filter(([, text]) => !/^(200 |event)/m.test(text)).map(([path]) => path);
  expect(refused).toEqual([
    '/readyz',
    '/metrics',
    '/api/v1/collector',
    '/api/v1/people',
    '/api/v1/tokens',
    '/api/v1/notifications',
    '/api/v1/calendars',
    '/api/v1/audit',
    '/api/v1/audit/export',
    '/api/v1/audit/chain',
  ]);
});

test.each(unitRoles.token)('neither does a token of %s that is limited to a unit', async (role) => {
  const answers = await askEverything(tokenOf(role));
  expect([...answers].filter(([, text]) => marker.test(text))).toEqual([]);
  for (const path of ['/api/v1/agents', '/api/v1/agents/{id}', '/api/v1/units', '/api/v1/series', '/api/v1/stream']) {
    expect(answers.get(path), path).toMatch(/a-own|DH-BL/);
  }
});

test('a unit-admin changes nothing in another unit, and is answered as if there were nothing', async () => {
  const post = async (url: string, payload?: object) => {
    const answer = await server.app.inject({ method: 'POST', url, headers: { cookie }, ...(payload && { payload }) });
    return answer.statusCode;
  };
  const { own, foreign } = enrolments;
  const urls = (
    what: typeof own,
    { agent = '', incident, window = 0 }: { agent: string | undefined; incident: number; window: number | undefined },
  ) => [
    `/api/v1/enrolments/${what.waiting}/accept`,
    `/api/v1/enrolments/${what.waiting}/refuse`,
    `/api/v1/codes/${what.code}/revoke`,
    `/api/v1/agents/${agent}/revoke`,
    `/api/v1/incidents/${incident}/acknowledge`,
    `/api/v1/incidents/${incident}/unsnooze`,
    `/api/v1/incidents/${incident}/close`,
    `/api/v1/maintenance/${window}/cancel`,
  ];
  const machine = {
    hostname: 'h',
    class: 'pc',
    platform: 'linux',
    version: '1',
    enrolledAt: server.clock.now,
  } as const;
  const [ownAgent, foreignAgent] = ['DH-BL', 'BI-MAT'].map((unit) => {
    const agent = server.agents.add({ ...machine, unit, publicKey: `k ${unit}`, codeId: 'c' });
    server.live.put(agent);
    return agent.id;
  });
  const before = server.database.prepare('SELECT total_changes() AS n').get();
  const incident = server.incidents.get(incidents.foreign);
  for (const url of urls(foreign, { agent: foreignAgent, incident: incidents.foreign, window: windows['BI-MAT'] }))
    expect(await post(url), url).toBe(404);
  for (const unit of ['BI-MAT', 'BI-MAT-QB', 'NO']) {
    expect(await post('/api/v1/codes', { unit, class: 'pc' }), unit).toBe(400);
    expect(await post('/api/v1/maintenance', maintenance({ unit })), unit).toBe(400);
  }
  for (const foreign of [{ agent: 'a-bi-mat' }, { unit: 'BI-MAT', link: 'line-bi-mat' }]) {
    expect(await post('/api/v1/maintenance', maintenance(foreign))).toBe(400);
  }
  const until = new Date(server.clock.now + 3_600_000).toISOString();
  for (const [verb, payload] of [
    ['assign', { to: 'donghoi' }],
    ['snooze', { until }],
  ] as const) {
    expect(await post(`/api/v1/incidents/${incidents.foreign}/${verb}`, payload), verb).toBe(404);
  }
  // Nor is an own one given to people of other units, or of the province.
  for (const to of ['bi-mat', 'bi-mat-tinh']) {
    expect(await post(`/api/v1/incidents/${incidents.own}/assign`, { to }), to).toBe(400);
  }
  expect(server.calendars.windows.all().map(({ id, cancelledAt }) => [id, cancelledAt])).toEqual(
    Object.values(windows).map((id) => [id, undefined]),
  );
  expect(server.database.prepare('SELECT total_changes() AS n').get()).toEqual(before);
  expect(server.incidents.get(incidents.foreign)).toEqual(incident);
  expect(server.disconnected).toEqual([]);

  expect(await post(`/api/v1/incidents/${incidents.own}/assign`, { to: 'donghoi' })).toBe(200);
  expect(await post(`/api/v1/incidents/${incidents.own}/snooze`, { until })).toBe(200);
  expect(await post('/api/v1/codes', { unit: 'DH', class: 'pc' })).toBe(201);
  for (const own of [{ unit: 'DH' }, { agent: 'a-own' }, { unit: 'DH-BL', link: 'line' }]) {
    expect(await post('/api/v1/maintenance', maintenance(own))).toBe(201);
  }
  expect(
    await Promise.all(
      urls(own, { agent: ownAgent, incident: incidents.own, window: windows['DH-BL'] }).map((url) => post(url)),
    ),
  ).toEqual([200, 404, 204, 204, 200, 200, 200, 200]);
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
  const enrolling = [
    'post /api/v1/codes',
    'post /api/v1/codes/{id}/revoke',
    'post /api/v1/enrolments/{id}/accept',
    'post /api/v1/enrolments/{id}/refuse',
    'post /api/v1/agents/{id}/revoke',
  ];
  const operating = ['acknowledge', 'close', 'assign', 'snooze', 'unsnooze'].map(
    (each) => `post /api/v1/incidents/{id}/${each}`,
  );
  operating.push('post /api/v1/maintenance', 'post /api/v1/maintenance/{id}/cancel');
  // Has a secret of its own, which is nobody's token.
  const programs = ['post /api/v1/grafana/alerts'];
  const own = ['password', 'totp', 'totp/confirm', 'totp/disable', 'sign-out-everywhere'].map(
    (each) => `post /api/v1/me/${each}`,
  );
  const access = [
    'post /api/v1/people',
    'patch /api/v1/people/{name}',
    'post /api/v1/tokens',
    'post /api/v1/tokens/{id}/revoke',
  ];
  const session = ['post /api/v1/sign-in', 'post /api/v1/sign-out'];
  expect(changing.toSorted()).toEqual(
    [...session, ...own, ...access, ...units, ...enrolling, ...operating, ...programs].toSorted(),
  );
  for (const headers of [{ cookie }, tokenOf('unit-admin'), server.authorization('admin')]) {
    const request = { method: 'POST', url: '/api/v1/grafana/alerts', headers, payload: {} } as const;
    expect((await server.app.inject(request)).statusCode).toBe(401);
  }
  for (const [method, path] of [...units, ...access].map((each) => each.split(' '))) {
    const url = String(path).replace('{code}', 'DH-BL').replace('{name}', 'donghoi');
    const holders = [
      { cookie },
      tokenOf('unit-admin'),
      server.authorization('viewer'),
      server.authorization('operator'),
    ];
    for (const headers of holders) {
      const request = { method: method === 'patch' ? 'PATCH' : 'POST', url, headers, payload: {} } as const;
      expect((await server.app.inject(request)).statusCode, url).toBe(403);
    }
  }
});
