import { afterEach, beforeEach, expect, test } from 'vitest';
import { EnrolmentList } from '../enrolment-schemas.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;

beforeEach(() => {
  server = createTestServer();
  server.units.ensure({ code: 'U', name: 'Đơn vị', parent: undefined }, 0);
});

afterEach(() => server.close());

async function get(url: string) {
  return await server.app.inject({ url, headers: server.authorization('admin') });
}

async function post(url: string, role: 'admin' | 'operator' = 'admin') {
  return await server.app.inject({ method: 'POST', url, headers: server.authorization(role) });
}

/** A machine that waits; returns its id. */
function wait(hostname: string, publicKey = hostname): string {
  const { now } = server.clock;
  const { id } = server.codes.create({
    unit: 'U',
    class: 'pc',
    uses: 1,
    approve: true,
    expiresAt: now + 1,
    now,
  }).record;
  const said = { hostname, platform: 'linux', system: 'Debian 12', version: '1', addresses: ['10.0.0.2'] };
  return server.pending.add({ ...said, code: id, publicKey, address: '192.0.2.1' }, now);
}

function lastEntry() {
  const [entry] = server.audit.list({ limit: 1 });
  return entry && [entry.actor, entry.action, entry.subject, JSON.parse(entry.after ?? 'null')];
}

test('machines that wait are shown with what a person has to compare', async () => {
  const id = wait('may-1', '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo');
  server.clock.now += 5;
  const later = wait('may-2');
  const { items, next } = EnrolmentList.parse((await get('/api/v1/enrolments')).json());
  expect(next).toBeNull();
  expect(items[0]).toEqual({
    id,
    code: expect.stringMatching(/^c-/),
    unit: 'U',
    class: 'pc',
    hostname: 'may-1',
    platform: 'linux',
    system: 'Debian 12',
    version: '1',
    address: '192.0.2.1',
    addresses: ['10.0.0.2'],
    // The key of RFC 8032, section 7.1, test 1.
    key_fingerprint: '47Z3-3QX1-AJH6-2RKB-Z1A0',
    asked_at: '2026-01-05T08:00:00.000Z',
    last_asked_at: '2026-01-05T08:00:00.000Z',
  });
  const first = EnrolmentList.parse((await get('/api/v1/enrolments?limit=1')).json());
  const second = EnrolmentList.parse((await get(`/api/v1/enrolments?limit=1&after=${first.next}`)).json());
  expect([first, second].flatMap((page) => page.items.map((each) => each.id))).toEqual([id, later]);
});

test('who is accepted is known at once, and recorded', async () => {
  const id = wait('may-1');
  const answer = await post(`/api/v1/enrolments/${id}/accept`);
  const { agent } = answer.json() as { agent: string };
  expect(answer.statusCode).toBe(200);
  expect(server.live.get(agent)?.record).toMatchObject({ hostname: 'may-1', unit: 'U', class: 'pc' });
  const after = { agent, unit: 'U', class: 'pc', hostname: 'may-1', key_fingerprint: expect.any(String) };
  expect(lastEntry()).toEqual(['test admin', 'enrolment.accept', id, after]);
  for (const act of ['accept', 'refuse']) {
    expect((await post(`/api/v1/enrolments/${id}/${act}`)).json()).toMatchObject({ status: 404 });
  }
  expect(server.agents.all()).toHaveLength(1);
});

test('who is refused is no agent, and recorded', async () => {
  const id = wait('may-1');
  expect((await post(`/api/v1/enrolments/${id}/refuse`)).statusCode).toBe(204);
  const after = {
    unit: 'U',
    class: 'pc',
    hostname: 'may-1',
    address: '192.0.2.1',
    key_fingerprint: expect.any(String),
  };
  expect(lastEntry()).toEqual(['test admin', 'enrolment.refuse', id, after]);
  expect((await post(`/api/v1/enrolments/${id}/accept`)).statusCode).toBe(404);
  expect(server.agents.all()).toEqual([]);
});

test('a machine is revoked at once, and once', async () => {
  const { agent } = (await post(`/api/v1/enrolments/${wait('may-1')}/accept`)).json() as { agent: string };
  expect((await post(`/api/v1/agents/${agent}/revoke`)).statusCode).toBe(204);
  expect(server.disconnected).toEqual([agent]);
  expect(server.live.get(agent)?.state).toBe('retired');
  expect(lastEntry()).toEqual(['test admin', 'agent.revoke', agent, { revoked: true }]);
  expect((await post(`/api/v1/agents/${agent}/revoke`)).json()).toMatchObject({ status: 409 });
  expect((await post('/api/v1/agents/a-no/revoke')).json()).toMatchObject({ status: 404 });
});

test('an operator decides about no machine', async () => {
  const id = wait('may-1');
  for (const url of [`/api/v1/enrolments/${id}/accept`, `/api/v1/enrolments/${id}/refuse`, '/api/v1/agents/a/revoke']) {
    expect((await post(url, 'operator')).statusCode).toBe(403);
  }
  const headers = server.authorization('operator');
  expect((await server.app.inject({ url: '/api/v1/enrolments', headers })).statusCode).toBe(403);
});
