import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let headers: { authorization: string };

beforeEach(() => {
  server = createTestServer();
  headers = server.authorization('admin');
  for (const [code, parent] of [['QB'], ['DH', 'QB'], ['BD', 'QB']] as const) {
    server.units.ensure({ code, name: code, parent }, server.clock.now);
  }
});

afterEach(() => server.close());

async function create(payload: Record<string, unknown>) {
  return await server.app.inject({ method: 'POST', url: '/api/v1/tokens', headers, payload });
}

async function get(url: string, token: string) {
  return await server.app.inject({ url, headers: { authorization: `Bearer ${token}` } });
}

test('a token is shown once, works until it expires, and is recorded', async () => {
  const expires_at = '2026-01-05T09:00:00.000Z';
  const answer = await create({ name: 'grafana', role: 'viewer', expires_at });
  expect(answer.statusCode).toBe(201);
  const { token, ...record } = answer.json();
  expect(record).toMatchObject({ name: 'grafana', role: 'viewer', expires_at });
  const list = (await server.app.inject({ url: '/api/v1/tokens', headers })).json();
  expect(list.items).toContainEqual(record);
  expect(JSON.stringify(list)).not.toContain(token);
  expect(server.audit.list({ limit: 1 })[0]).toMatchObject({ action: 'token.create', subject: record.id });
  expect((await get('/api/v1/me', token)).statusCode).toBe(200);
  server.clock.now = Date.parse(expires_at);
  expect((await get('/api/v1/me', token)).statusCode).toBe(401);
});

test.each(['viewer', 'operator', 'unit-admin'])(
  'a token of %s for a unit sees that unit and those below alone',
  async (role) => {
    server.addAgent('a-dh', { unit: 'DH' });
    server.addAgent('a-bd', { unit: 'BD' });
    const { token } = (await create({ name: 'dh', role, unit: 'DH' })).json();
    expect((await get('/api/v1/me', token)).json()).toMatchObject({ unit: 'DH', role });
    expect((await get('/api/v1/units', token)).json().items).toMatchObject([{ code: 'DH' }]);
    expect((await get('/api/v1/agents', token)).json().items).toMatchObject([{ id: 'a-dh' }]);
    expect((await get('/api/v1/agents/a-bd', token)).statusCode).toBe(404);
    for (const url of ['/metrics', '/readyz', '/api/v1/audit', '/api/v1/people']) {
      expect((await get(url, token)).statusCode, url).toBe(403);
    }
  },
);

test.each([
  [{ name: 'x', role: 'unit-admin' }, 'unit'],
  [{ name: 'x', role: 'admin', unit: 'DH' }, 'unit'],
  [{ name: 'x', role: 'security', unit: 'DH' }, 'unit'],
  [{ name: 'x', role: 'viewer', unit: 'NONE' }, 'unit'],
  [{ name: ' ', role: 'viewer' }, 'name'],
  [{ name: 'x', role: 'viewer', expires_at: '2026-01-05T08:00:00Z' }, 'expires_at'],
  [{ name: 'x', role: 'viewer', expires_at: 'tomorrow' }, 'expires_at'],
])('refused: %j', async (payload, field) => {
  const answer = await create(payload);
  expect([answer.statusCode, answer.json().errors[0].name]).toEqual([400, field]);
});

test('a revoked token stops at once, and is revoked once', async () => {
  const { id, token } = (await create({ name: 'lost', role: 'viewer' })).json();
  const revoke = async (which: string) =>
    (await server.app.inject({ method: 'POST', url: `/api/v1/tokens/${which}/revoke`, headers })).statusCode;
  expect([await revoke(id), await revoke(id), await revoke('t-none')]).toEqual([204, 409, 404]);
  expect((await get('/api/v1/me', token)).statusCode).toBe(401);
  expect(server.audit.list({ limit: 1 })[0]).toMatchObject({ action: 'token.revoke', subject: id });
});
