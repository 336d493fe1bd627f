import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { hashPassword } from '../../registry/people-passwords.ts';
import { totpAt } from '../../registry/people-totp.ts';
import { quickHash } from '../testing/quick-hash.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

const password = 'con mèo ngủ trên mái';
const secret = Buffer.from('12345678901234567890');
let passwordHash: string;
let server: TestServer;
let lan: string;

beforeAll(async () => {
  passwordHash = await quickHash(password);
});

beforeEach(() => {
  server = createTestServer();
  lan = server.people.add({ name: 'lan', role: 'security', unit: undefined, passwordHash }, server.clock.now);
});

afterEach(() => server.close());

async function signIn(payload: Record<string, unknown>, headers: Record<string, string> = {}) {
  return await server.app.inject({ method: 'POST', url: '/api/v1/sign-in', payload, headers });
}

function cookieOf(answer: Awaited<ReturnType<typeof signIn>>): string {
  return String(answer.headers['set-cookie']).split(';', 1)[0] ?? '';
}

async function statusWith(cookie: string): Promise<number> {
  return (await server.app.inject({ url: '/api/v1/me', headers: { cookie } })).statusCode;
}

function audited(): unknown[] {
  return server.audit.list({ limit: 100 }).map(({ action, actor }) => `${action} ${actor}`);
}

test('name and password open a session with the role of the person', async () => {
  const answer = await signIn({ name: ' Lan ', password });
  expect(answer.json()).toMatchObject({ via: 'session', role: 'security', name: 'lan' });
  expect(await statusWith(cookieOf(answer))).toBe(200);
  expect(server.people.byName('lan')?.lastSignInAt).toBe(server.clock.now);
});

test('the role and the unit of a unit-admin are told', async () => {
  server.people.add({ name: 'dh', role: 'unit-admin', unit: 'DH', passwordHash }, 0);
  expect((await signIn({ name: 'dh', password })).json()).toMatchObject({ role: 'unit-admin', unit: 'DH' });
});

test('an unknown name, a wrong password and a disabled account are answered alike', async () => {
  server.people.setDisabled(server.people.add({ name: 'gone', role: 'viewer', unit: undefined, passwordHash }, 0), 1);
  const attempts = [
    { name: 'lan', password: 'wrong' },
    { name: 'nobody', password },
    { name: 'gone', password },
    { name: 'lan', password: 'wrong', totp: '000000' },
  ];
  const answers = [];
  for (const each of attempts) answers.push(await signIn(each));
  const seen = answers.map(({ statusCode, body, headers: { date: _, ...rest } }) => ({ statusCode, body, rest }));
  expect(seen[0]).toMatchObject({ statusCode: 403, body: expect.stringContaining('sign-in-refused') });
  for (const each of seen) expect(each).toEqual(seen[0]);
});

test('an unknown name takes as long as a wrong password', async () => {
  server.people.setPassword(lan, await hashPassword(password));
  async function time(name: string): Promise<number> {
    const times: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const began = performance.now();
      await signIn({ name, password: 'wrong' });
      times.push(performance.now() - began);
    }
    return Math.min(...times);
  }
  const [known, unknown] = [await time('lan'), await time('nobody')];
  // Hashing takes tens of milliseconds, everything else less than one.
  expect(unknown).toBeGreaterThan(known / 2);
});

test('who guesses waits, with the right password too, and an unknown name waits as well', async () => {
  for (const name of ['lan', 'nobody']) {
    for (let attempt = 0; attempt < 5; attempt += 1) await signIn({ name, password: 'wrong' });
    const answer = await signIn({ name, password });
    expect(answer.statusCode).toBe(429);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.json()).toMatchObject({ type: 'urn:problem-type:vonggac:sign-in-locked', retry_after_seconds: 1 });
  }
  server.clock.now += 1_000;
  expect((await signIn({ name: 'lan', password })).statusCode).toBe(200);
});

test('many guesses at once are no way around the wait', async () => {
  const answers = await Promise.all(Array.from({ length: 40 }, () => signIn({ name: 'lan', password: 'wrong' })));
  expect(answers.filter(({ statusCode }) => statusCode === 403)).toHaveLength(5);
  expect(answers.filter(({ statusCode }) => statusCode === 429)).toHaveLength(35);
});

test('one address cannot try one password on many names for ever', async () => {
  const statuses = [];
  // Some of the names are nobody's; those take as long as a real password.
  for (let index = 0; index < 27; index += 1) {
    server.people.add({ name: `name-${index}`, role: 'viewer', unit: undefined, passwordHash }, server.clock.now);
  }
  for (let index = 0; index < 31; index += 1) {
    statuses.push((await signIn({ name: `name-${index}`, password: 'wrong' })).statusCode);
  }
  expect(statuses.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 403));
  expect(statuses[30]).toBe(429);
});

test('a one-time password is asked for after the password, and works once', async () => {
  server.people.setTotp(lan, secret);
  const totp = totpAt(secret, server.clock.now);
  expect((await signIn({ name: 'lan', password })).json()).toMatchObject({
    status: 403,
    type: 'urn:problem-type:vonggac:totp-needed',
  });
  expect((await signIn({ name: 'lan', password: 'wrong', totp })).json().type).toContain('sign-in-refused');
  expect((await signIn({ name: 'lan', password, totp: '000000' })).json().type).toContain('sign-in-refused');
  expect((await signIn({ name: 'lan', password, totp })).statusCode).toBe(200);
  expect((await signIn({ name: 'lan', password, totp })).json().type).toContain('sign-in-refused');
});

test('being asked for the one-time password neither counts as a guess nor forgives any', async () => {
  server.people.setTotp(lan, secret);
  for (let attempt = 0; attempt < 20; attempt += 1) await signIn({ name: 'lan', password });
  for (let attempt = 0; attempt < 5; attempt += 1) {
    expect((await signIn({ name: 'lan', password, totp: '000000' })).statusCode).toBe(403);
    if (attempt < 4) await signIn({ name: 'lan', password });
  }
  expect((await signIn({ name: 'lan', password, totp: totpAt(secret, server.clock.now) })).statusCode).toBe(429);
});

test('signing in ends the session that the browser had', async () => {
  const first = cookieOf(await signIn({ name: 'lan', password }));
  const second = cookieOf(await signIn({ name: 'lan', password }, { cookie: first }));
  expect(second).not.toBe(first);
  expect([await statusWith(first), await statusWith(second)]).toEqual([401, 200]);
});

test('disabling ends what is open', async () => {
  const cookie = cookieOf(await signIn({ name: 'lan', password }));
  server.people.setDisabled(lan, server.clock.now);
  expect(await statusWith(cookie)).toBe(401);
});

test('the page of another site cannot sign the browser in', async () => {
  const answer = await signIn({ name: 'lan', password }, { origin: 'https://evil.example' });
  expect([answer.statusCode, answer.headers['set-cookie']]).toEqual([403, undefined]);
});

test.each([
  [{}],
  [{ name: 'lan' }],
  [{ name: 'lan', password: 'x'.repeat(201) }],
  [{ name: 'lan', password, code: 'x' }],
  [{ name: ['lan'], password }],
])('refused before anyone looks: %j', async (payload) => {
  expect((await signIn(payload)).statusCode).toBe(400);
});

test('signing in, being refused and signing out are recorded', async () => {
  await signIn({ name: 'lan', password: 'wrong' });
  await signIn({ name: 'my password by mistake', password });
  await signIn({ code: 'wrong' });
  const cookie = cookieOf(await signIn({ name: 'lan', password }));
  await server.app.inject({ method: 'POST', url: '/api/v1/sign-out', headers: { cookie } });
  expect(audited()).toEqual([
    'sign-in.end lan',
    'sign-in.accept lan',
    'sign-in.refuse one-time link',
    'sign-in.refuse (unknown name)',
    'sign-in.refuse lan',
  ]);
  expect(server.audit.list({ limit: 1 })[0]).toMatchObject({ source: '127.0.0.1' });
});

test('a flood of refusals is counted, not written', async () => {
  for (let attempt = 0; attempt < 45; attempt += 1) await signIn({ code: 'wrong' });
  expect(audited()).toHaveLength(30);
  server.clock.now += 60_000;
  await signIn({ code: 'wrong' });
  expect(server.audit.list({ limit: 2 })).toMatchObject([
    { action: 'sign-in.refuse' },
    { action: 'sign-in.refuse-more', after: '{"count":15}' },
  ]);
});

test('neither password nor secret is in the log or the audit log', async () => {
  server.people.setTotp(lan, secret);
  const totp = totpAt(secret, server.clock.now);
  await signIn({ name: 'lan', password: 'another wrong one' });
  await signIn({ name: 'lan', password, totp });
  const written = server.log.join('\n') + JSON.stringify(server.audit.list({ limit: 10 }));
  expect(written).not.toMatch(/con mèo|another wrong|argon2id/);
  expect(written).not.toContain(totp);
});

test('an audit log that cannot be written keeps nobody out, and says so', async () => {
  server.audit.append = () => {
    throw new Error('disk full');
  };
  expect((await signIn({ name: 'lan', password })).statusCode).toBe(200);
  expect(server.log.some((line) => line.includes('an audit entry was lost'))).toBe(true);
});
