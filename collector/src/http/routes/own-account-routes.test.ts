import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { totpAt } from '../../registry/people-totp.ts';
import { quickHash } from '../testing/quick-hash.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

const password = 'con mèo ngủ trên mái';
const other = 'con chó nằm dưới hiên';
const totpSecret = Buffer.from('12345678901234567890');
let passwordHash: string;
let server: TestServer;
let lan: string;
let cookie: string;

beforeAll(async () => {
  passwordHash = await quickHash(password);
});

beforeEach(async () => {
  server = createTestServer();
  lan = server.people.add({ name: 'lan', role: 'viewer', unit: undefined, passwordHash }, server.clock.now);
  cookie = await signIn();
});

afterEach(() => server.close());

async function signIn(more: Record<string, string> = {}): Promise<string> {
  const payload = { name: 'lan', password, ...more };
  const answer = await server.app.inject({ method: 'POST', url: '/api/v1/sign-in', payload });
  return String(answer.headers['set-cookie']).split(';', 1)[0] ?? '';
}

async function post(path: string, payload?: unknown, headers: Record<string, string> = { cookie }) {
  const body = payload === undefined ? {} : { payload: payload as object };
  return await server.app.inject({ method: 'POST', url: `/api/v1/me/${path}`, headers, ...body });
}

async function me(headers: Record<string, string> = { cookie }) {
  return (await server.app.inject({ url: '/api/v1/me', headers })).json();
}

function typeOf(answer: Awaited<ReturnType<typeof post>>): string {
  return `${answer.statusCode} ${String(answer.json().type).replace('urn:problem-type:vonggac:', '')}`;
}

test('who asks is told what kind they are and what they may do', async () => {
  expect(await me()).toMatchObject({
    via: 'session',
    kind: 'person',
    source: 'local',
    totp: false,
    permissions: ['read', 'read-service'],
  });
  expect(await me(server.authorization('admin'))).toMatchObject({ via: 'token', kind: 'token', totp: false });
  const payload = { code: server.signInLinks.create('operator', server.clock.now) };
  const answer = await server.app.inject({ method: 'POST', url: '/api/v1/sign-in', payload });
  expect(answer.json()).toMatchObject({ kind: 'link', role: 'operator' });
});

test('another password ends the other sessions, and this one goes on', async () => {
  const elsewhere = await signIn();
  expect((await post('password', { current: password, new: other })).statusCode).toBe(204);
  expect([(await me()).name, (await me({ cookie: elsewhere })).status]).toEqual(['lan', 401]);
  expect((await me({ cookie: await signIn({ password: other }) })).name).toBe('lan');
  expect(server.audit.list({ limit: 2 })[1]).toMatchObject({
    action: 'user.set-password',
    actor: 'lan',
    subject: 'lan',
  });
});

test('a wrong current password is refused, slowed down like a sign-in, and recorded', async () => {
  const wrong = { current: 'wrong', new: other };
  expect(typeOf(await post('password', wrong))).toBe('403 wrong-password');
  expect(server.audit.list({ limit: 1 })[0]).toMatchObject({ action: 'sign-in.refuse', actor: 'lan' });
  for (let attempt = 0; attempt < 4; attempt += 1) await post('password', wrong);
  const answer = await post('password', { current: password, new: other });
  expect(typeOf(answer)).toBe('429 sign-in-locked');
  expect(answer.headers['retry-after']).toBe('1');
});

test.each([
  ['short', 'at least 10'],
  ['lan lan lan 123 456', undefined],
  ['matkhau1234567', 'tried first'],
  [password, 'the one that there is'],
])('the new password %j: %s', async (wanted, problem) => {
  const answer = await post('password', { current: password, new: wanted });
  if (problem === undefined) return expect(answer.statusCode).toBe(204);
  expect(answer.statusCode).toBe(400);
  expect(answer.json().errors).toEqual([{ location: 'body', name: 'new', detail: expect.stringContaining(problem) }]);
});

test('a code is asked for only after one has shown that the program has the secret', async () => {
  const { secret, uri } = (await post('totp')).json();
  expect(uri).toContain(`secret=${secret}`);
  expect((await me({ cookie: await signIn() })).name).toBe('lan');
  expect(typeOf(await post('totp/confirm', { code: '000000' }))).toBe('403 wrong-code');
  const [bytes, elsewhere] = [decodeBase32(secret), await signIn()];
  const code = totpAt(bytes, server.clock.now);
  expect((await post('totp/confirm', { code })).statusCode).toBe(204);
  expect([(await me()).totp, (await me({ cookie: elsewhere })).status]).toEqual([true, 401]);
  const again = { name: 'lan', password, totp: code };
  expect((await server.app.inject({ method: 'POST', url: '/api/v1/sign-in', payload: again })).statusCode).toBe(403);
  expect((await post('totp')).statusCode).toBe(409);
  expect(server.audit.list({ limit: 3 })).toContainEqual(
    expect.objectContaining({
      action: 'user.reset-totp',
      actor: 'lan',
      before: '{"totp":false}',
      after: '{"totp":true}',
    }),
  );
});

function decodeBase32(text: string): Buffer {
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}

test('a new secret waits ten minutes', async () => {
  expect((await post('totp/confirm', { code: '000000' })).statusCode).toBe(409);
  await post('totp');
  server.clock.now += 10 * 60_000;
  expect((await post('totp/confirm', { code: '000000' })).statusCode).toBe(409);
});

test('turning the code off takes the password and a code that was not used', async () => {
  expect((await post('totp/disable', { password, code: '000000' })).statusCode).toBe(409);
  server.people.setTotp(lan, totpSecret, { keep: cookie.split('=')[1] });
  const code = totpAt(totpSecret, server.clock.now);
  expect(typeOf(await post('totp/disable', { password: 'wrong', code }))).toBe('403 wrong-password');
  expect(typeOf(await post('totp/disable', { password, code: '000000' }))).toBe('403 wrong-password');
  expect((await post('totp/disable', { password, code })).statusCode).toBe(204);
  expect((await me()).totp).toBe(false);
});

test('signing out everywhere ends this session too', async () => {
  const elsewhere = await signIn();
  const answer = await post('sign-out-everywhere');
  expect([answer.statusCode, String(answer.headers['set-cookie'])]).toEqual([
    204,
    expect.stringContaining('Expires=Thu'),
  ]);
  expect([(await me()).status, (await me({ cookie: elsewhere })).status]).toEqual([401, 401]);
});

const ownRoutes = [
  ['password', { current: password, new: other }],
  ['totp', undefined],
  ['totp/confirm', { code: '000000' }],
  ['totp/disable', { password, code: '000000' }],
] as const;

test.each([...ownRoutes, ['sign-out-everywhere', undefined]] as const)(
  '%s is not for tokens and one-time links',
  async (path, payload) => {
    expect(typeOf(await post(path, payload, server.authorization('admin')))).toBe('403 no-local-account');
    const code = server.signInLinks.create('admin', server.clock.now);
    const answer = await server.app.inject({ method: 'POST', url: '/api/v1/sign-in', payload: { code } });
    const link = { cookie: String(answer.headers['set-cookie']).split(';', 1)[0] ?? '' };
    expect(typeOf(await post(path, payload, link))).toBe('403 no-local-account');
  },
);

test('nothing but another password is possible with one that somebody else made', async () => {
  server.people.change(lan, { mustChangePassword: true });
  expect(await me()).toMatchObject({ must_change_password: true });
  for (const path of ['totp', 'sign-out-everywhere'])
    expect(typeOf(await post(path))).toBe('403 password-change-needed');
  for (const url of ['/api/v1/agents', '/api/v1/stream', '/api/openapi.json']) {
    expect((await server.app.inject({ url, headers: { cookie } })).json().type).toContain('password-change-needed');
  }
  expect((await post('password', { current: password, new: other })).statusCode).toBe(204);
  expect((await server.app.inject({ url: '/api/v1/agents', headers: { cookie } })).statusCode).toBe(200);
});

test('another site can change nothing', async () => {
  const headers = { cookie, origin: 'https://evil.example' };
  expect((await post('password', { current: password, new: other }, headers)).json().type).toContain('wrong-origin');
});

test('no secret is in the log or the audit log', async () => {
  await post('password', { current: password, new: other });
  const { secret } = (await post('totp')).json();
  const written = server.log.join('\n') + JSON.stringify(server.audit.list({ limit: 10 }));
  expect(written).not.toMatch(/con mèo|con chó|argon2id/);
  expect(written).not.toContain(secret);
});
