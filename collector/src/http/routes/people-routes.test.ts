import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let headers: { authorization: string };

beforeEach(() => {
  server = createTestServer();
  headers = server.authorization('admin');
  server.units.ensure({ code: 'DH', name: 'Đồng Hới', parent: undefined }, server.clock.now);
});

afterEach(() => server.close());

async function add(payload: Record<string, unknown>) {
  return await server.app.inject({ method: 'POST', url: '/api/v1/people', headers, payload });
}

async function change(name: string, payload: Record<string, unknown>) {
  return await server.app.inject({
    method: 'PATCH',
    url: `/api/v1/people/${encodeURIComponent(name)}`,
    headers,
    payload,
  });
}

async function signIn(name: string, password: string) {
  return await server.app.inject({ method: 'POST', url: '/api/v1/sign-in', payload: { name, password } });
}

test('an initial password is shown once, works, and has to be changed', async () => {
  const answer = await add({ name: ' Lan.Nguyen ', role: 'operator' });
  expect(answer.statusCode).toBe(201);
  const { initial_password, ...person } = answer.json();
  expect(person).toEqual({
    name: 'lan.nguyen',
    source: 'local',
    role: 'operator',
    totp: false,
    must_change_password: true,
    created_at: '2026-01-05T08:00:00.000Z',
  });
  expect(initial_password).toMatch(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
  expect((await signIn('lan.nguyen', initial_password)).json()).toMatchObject({ must_change_password: true });
  const list = await server.app.inject({ url: '/api/v1/people', headers });
  expect(list.json()).toEqual({ items: [{ ...person, last_sign_in_at: person.created_at }], next: null });
  expect(JSON.stringify(server.audit.list({ limit: 9 })) + server.log.join('')).not.toContain(initial_password);
  expect(server.audit.list({ limit: 2 })[1]).toMatchObject({
    action: 'user.add',
    actor: 'test admin',
    subject: 'lan.nguyen',
  });
});

test('a password that somebody else chose has to be changed too', async () => {
  const answer = await add({ name: 'lan', role: 'viewer', password: 'con mèo ngủ trên mái' });
  expect(answer.json()).toMatchObject({ must_change_password: true });
  expect(answer.json()).not.toHaveProperty('initial_password');
});

test.each([
  [{ name: 'lần', role: 'viewer' }, 'name'],
  [{ name: 'oidc:lan', role: 'viewer' }, 'name'],
  [{ name: 'lan', role: 'root' }, 'role'],
  [{ name: 'lan', role: 'unit-admin' }, 'unit'],
  [{ name: 'lan', role: 'unit-admin', unit: 'NONE' }, 'unit'],
  [{ name: 'lan', role: 'admin', unit: 'DH' }, 'unit'],
  [{ name: 'lan', role: 'viewer', password: 'short' }, 'password'],
  [{ name: 'lan', role: 'viewer', passwrod: 'x' }, 'passwrod'],
])('refused: %j', async (payload, field) => {
  const answer = await add(payload);
  expect([answer.statusCode, answer.json().errors[0].name]).toEqual([400, field]);
  expect(server.people.all()).toEqual([]);
});

test('a name is taken once', async () => {
  await add({ name: 'lan', role: 'viewer' });
  expect((await add({ name: 'LAN', role: 'admin' })).statusCode).toBe(409);
});

test('role and unit go together, and what changed is recorded', async () => {
  await add({ name: 'lan', role: 'viewer' });
  expect((await change('lan', { role: 'unit-admin' })).statusCode).toBe(400);
  expect((await change('lan', { unit: 'DH' })).statusCode).toBe(400);
  expect((await change('lan', { role: 'unit-admin', unit: 'DH' })).json()).toMatchObject({ unit: 'DH' });
  expect((await change('lan', { role: 'security' })).json()).not.toHaveProperty('unit');
  expect(server.audit.list({ limit: 1 })[0]).toMatchObject({
    action: 'user.change',
    subject: 'lan',
    before: '{"role":"unit-admin","unit":"DH"}',
    after: '{"role":"security","unit":null}',
  });
});

test('several changes at once, and the sessions end', async () => {
  const { initial_password } = (await add({ name: 'lan', role: 'viewer' })).json();
  const lan = server.people.byName('lan');
  server.people.setTotp(lan?.id ?? '', Buffer.from('secret'));
  const answer = await change('lan', { reset_password: true, totp: false, disabled: true });
  expect(answer.json()).toMatchObject({ totp: false, disabled_at: '2026-01-05T08:00:00.000Z' });
  const again = answer.json().initial_password;
  expect(again).not.toBe(initial_password);
  expect((await signIn('lan', again)).statusCode).toBe(403);
  expect((await change('lan', { disabled: false })).json()).not.toHaveProperty('disabled_at');
  expect((await signIn('lan', initial_password)).statusCode).toBe(403);
  expect((await signIn('lan', again)).json()).toMatchObject({ must_change_password: true });
  expect(server.audit.list({ limit: 9 }).find(({ action }) => action === 'user.change')).toMatchObject({
    before: '{"disabled":true}',
  });
});

test('the last administrator stays one', async () => {
  await add({ name: 'an', role: 'admin' });
  for (const payload of [{ disabled: true }, { role: 'viewer' }]) {
    const answer = await change('an', payload);
    expect([answer.statusCode, answer.json().detail]).toEqual([409, expect.stringContaining('last administrator')]);
  }
});

test.each([
  ['nobody', { disabled: true }, 404],
  ['lan', {}, 400],
  ['lan', { totp: true }, 400],
  ['lan', { name: 'other' }, 400],
])('changing %s with %j answers %i', async (name, payload, status) => {
  await add({ name: 'lan', role: 'viewer' });
  expect((await change(name, payload)).statusCode).toBe(status);
});

test.each(['viewer', 'operator', 'security'] as const)(
  '%s neither sees nor changes people and tokens',
  async (role) => {
    for (const [method, url] of [
      ['GET', '/api/v1/people'],
      ['POST', '/api/v1/people'],
      ['PATCH', '/api/v1/people/lan'],
      ['GET', '/api/v1/tokens'],
      ['POST', '/api/v1/tokens'],
      ['POST', '/api/v1/tokens/t-1/revoke'],
    ] as const) {
      const answer = await server.app.inject({ method, url, headers: server.authorization(role) });
      expect(answer.statusCode, url).toBe(403);
    }
  },
);
