import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestServer, type TestServer } from './testing/test-server.ts';

let server: TestServer;

beforeEach(() => {
  server = createTestServer();
});

afterEach(() => server.close());

async function signIn(): Promise<{ cookie: string; header: string }> {
  const code = server.signInLinks.create('operator', server.clock.now);
  const answer = await server.app.inject({ method: 'POST', url: '/api/v1/sign-in', payload: { code } });
  expect(answer.statusCode).toBe(200);
  const header = String(answer.headers['set-cookie']);
  return { header, cookie: header.split(';', 1)[0] ?? '' };
}

describe('tokens', () => {
  test('a valid one says who it is', async () => {
    const answer = await server.app.inject({ url: '/api/v1/me', headers: server.authorization('operator') });
    expect(answer.json()).toEqual({
      via: 'token',
      kind: 'token',
      role: 'operator',
      name: 'test operator',
      totp: false,
      must_change_password: false,
      permissions: ['read', 'read-service', 'operate'],
      collector_version: '0.0.0-test',
    });
  });

  test('missing, wrong, expired and revoked ones are answered alike', async () => {
    const expired = server.tokens.create({ name: 'old', role: 'admin', expiresAt: server.clock.now }, 0);
    const revoked = server.tokens.create({ name: 'lost', role: 'admin' }, 0);
    server.tokens.revoke(revoked.record.id, 1);
    const headers = [
      {},
      { authorization: 'Bearer ' },
      { authorization: `Bearer vg_${'a'.repeat(43)}` },
      { authorization: `Bearer ${expired.token}` },
      { authorization: `Bearer ${revoked.token}` },
      { authorization: `Basic ${btoa('admin:admin')}` },
      { cookie: 'vonggac=wrong' },
    ];
    const answers = await Promise.all(headers.map((each) => server.app.inject({ url: '/api/v1/me', headers: each })));
    const seen = answers.map(({ statusCode, body, headers: { date: _, ...rest } }) => ({ statusCode, body, rest }));
    expect(seen[0]).toMatchObject({ statusCode: 401, rest: { 'www-authenticate': 'Bearer realm="vonggac"' } });
    for (const each of seen) expect(each).toEqual(seen[0]);
  });

  test('a token in the address is refused, whatever it is worth', async () => {
    const { authorization } = server.authorization();
    const url = `/api/v1/agents?token=${authorization.slice(7)}`;
    expect((await server.app.inject({ url })).statusCode).toBe(401);
    expect((await server.app.inject({ url, headers: { authorization } })).statusCode).toBe(400);
  });
});

describe('sessions', () => {
  test('the cookie is out of reach of scripts and other sites', async () => {
    const { header } = await signIn();
    expect(header).toMatch(/^vonggac=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  test('a signed-in browser may look', async () => {
    const { cookie } = await signIn();
    const answer = await server.app.inject({ url: '/api/v1/me', headers: { cookie } });
    expect(answer.json()).toMatchObject({ via: 'session', role: 'operator' });
  });

  test('a code works once', async () => {
    const code = server.signInLinks.create('admin', server.clock.now);
    const request = { method: 'POST', url: '/api/v1/sign-in', payload: { code } } as const;
    await server.app.inject(request);
    const again = await server.app.inject(request);
    expect(again.statusCode).toBe(403);
    expect(again.json()).toMatchObject({ type: 'urn:problem-type:vonggac:sign-in-refused' });
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  test('the page of another site cannot use a code up', async () => {
    const code = server.signInLinks.create('admin', server.clock.now);
    const request = { method: 'POST', url: '/api/v1/sign-in', payload: { code } } as const;
    const foreign = await server.app.inject({ ...request, headers: { origin: 'https://evil.example' } });
    expect(foreign.statusCode).toBe(403);
    expect((await server.app.inject(request)).statusCode).toBe(200);
  });

  test('signing out ends the session on the server', async () => {
    const { cookie } = await signIn();
    const answer = await server.app.inject({ method: 'POST', url: '/api/v1/sign-out', headers: { cookie } });
    expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect((await server.app.inject({ url: '/api/v1/me', headers: { cookie } })).statusCode).toBe(401);
  });

  test('what another site causes is refused although the browser is signed in', async () => {
    const { cookie } = await signIn();
    const answer = await server.app.inject({
      method: 'POST',
      url: '/api/v1/sign-out',
      headers: { cookie, origin: 'http://localhost:3000' },
    });
    expect(answer.json()).toMatchObject({ status: 403, type: 'urn:problem-type:vonggac:wrong-origin' });
  });

  test('with TLS the cookie is for TLS only', async () => {
    await server.close();
    server = createTestServer({ tls: {} });
    expect((await signIn()).header).toMatch(/^__Host-vonggac=.*; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
  });
});

describe('roles', () => {
  beforeEach(() => {
    server.app.get('/operate', { config: { permission: 'operate' } }, async () => 'done');
  });

  test.each([
    ['viewer', 403],
    ['security', 403],
    ['operator', 200],
    ['admin', 200],
  ] as const)('%s gets %i where an operator is wanted', async (role, status) => {
    const answer = await server.app.inject({ url: '/operate', headers: server.authorization(role) });
    expect(answer.statusCode).toBe(status);
  });
});

test('only these are open to anyone', async () => {
  await server.app.ready();
  const { paths } = (await server.app.inject({ url: '/api/openapi.json', headers: server.authorization() })).json();
  const open = Object.entries(paths as Record<string, Record<string, { security?: unknown[] }>>).flatMap(
    ([path, methods]) => Object.values(methods).flatMap(({ security }) => (security?.length === 0 ? [path] : [])),
  );
  expect(open).toEqual(['/healthz', '/api/v1/sign-in', '/api/v1/sign-in/methods']);
});

test('a route that names no permission cannot be added', async () => {
  await server.app.after();
  expect(() => server.app.get('/open', async () => 'open')).toThrow(
    'route /open does not say which permission it wants',
  );
});
