/** Without a provider that answers; one that does is asked in `tests/system/oidc.test.ts`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { OidcSettings } from '../../oidc/settings.ts';
import { openPeople } from '../../registry/people-file.ts';
import { ProviderPeople } from '../../registry/people-oidc.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function createServer(): TestServer {
  const folder = mkdtempSync(join(tmpdir(), 'vonggac-oidc-'));
  const database = openPeople(folder);
  const settings = OidcSettings.parse({
    // Nothing listens on the port of discard.
    issuer: 'http://127.0.0.1:9',
    client_id: 'vonggac',
    name: 'Quảng Bình SSO',
    roles: [{ group: 'it', role: 'admin' }],
  });
  const server = createTestServer({
    oidc: { settings, publicUrl: 'http://localhost', people: new ProviderPeople(database) },
  });
  closing.push(
    () => rmSync(folder, { recursive: true }),
    () => database.close(),
    () => server.close(),
  );
  return server;
}

test('without a provider there is the password alone', async () => {
  const server = createTestServer();
  closing.push(() => server.close());
  const methods = await server.app.inject({ url: '/api/v1/sign-in/methods' });
  expect(methods.json()).toEqual({ password: true, oidc: null });
  expect((await server.app.inject({ url: '/api/v1/sign-in/oidc' })).statusCode).toBe(404);
});

test('with one, its name and the way to it are told', async () => {
  const methods = await createServer().app.inject({ url: '/api/v1/sign-in/methods' });
  expect(methods.json().oidc).toEqual({ label: 'Quảng Bình SSO', url: 'http://localhost/api/v1/sign-in/oidc' });
});

test('a provider that does not answer leads back to the sign-in page, and the log says why', async () => {
  const server = createServer();
  const answer = await server.app.inject({ url: '/api/v1/sign-in/oidc' });
  expect([answer.statusCode, answer.headers.location]).toEqual([302, '/sign-in#problem=oidc-unreachable']);
  expect(server.log.join('')).toContain('cannot ask http://127.0.0.1:9');
});

test.each([
  ['nothing', undefined],
  ['half of it', 'vonggac-oidc=state.nonce'],
  ['too much', 'vonggac-oidc=a.b.c.d'],
])('who comes back with %s was never sent', async (_, cookie) => {
  const url = '/api/v1/sign-in/oidc/callback?code=x&state=y';
  const answer = await createServer().app.inject({ url, headers: cookie === undefined ? {} : { cookie } });
  expect([answer.statusCode, answer.headers.location]).toEqual([302, '/sign-in#problem=oidc-failed']);
});

test('coming back again and again is slowed down', async () => {
  const server = createServer();
  const back = async () =>
    (
      await server.app.inject({
        url: '/api/v1/sign-in/oidc/callback?code=x',
        headers: { cookie: 'vonggac-oidc=a.b.c' },
      })
    ).headers.location;
  for (let attempt = 0; attempt < 30; attempt += 1) expect(await back()).toBe('/sign-in#problem=oidc-unreachable');
  expect(await back()).toBe('/sign-in#problem=oidc-busy');
});

test.each(['/api/v1/sign-in/oidc', '/api/v1/sign-in/oidc/callback'])('HEAD %s is not possible', async (url) => {
  expect((await createServer().app.inject({ method: 'HEAD', url })).statusCode).toBe(405);
});
