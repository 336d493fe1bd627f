import { parseEnrolmentCode } from '@vonggac/shared';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CodeUses } from '../../registry/code-uses.ts';
import { CodeList, CodeUseList, NewCodeAnswer } from '../enrolment-schemas.ts';
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

async function post(url: string, payload?: object) {
  const headers = server.authorization('admin');
  return await server.app.inject({ method: 'POST', url, headers, ...(payload && { payload }) });
}

async function create(rest: object = {}): Promise<NewCodeAnswer> {
  const answer = await post('/api/v1/codes', { unit: 'U', class: 'pc', ...rest });
  expect(answer.statusCode, answer.body).toBe(201);
  return NewCodeAnswer.parse(answer.json());
}

describe('a new code', () => {
  test('is shown once, in both forms, and can be used', async () => {
    const answer = await post('/api/v1/codes', { unit: 'U', class: 'pc', uses: 3, expires_days: 2, approve: true });
    expect(answer.headers['cache-control']).toBe('no-store');
    const { code, full, short, addresses } = NewCodeAnswer.parse(answer.json());
    expect(code).toEqual({
      id: expect.stringMatching(/^c-/),
      unit: 'U',
      class: 'pc',
      uses: 3,
      uses_left: 3,
      approve: true,
      created_at: '2026-01-05T08:00:00.000Z',
      created_by: 'test admin',
      expires_at: '2026-01-07T08:00:00.000Z',
      state: 'usable',
    });
    expect(parseEnrolmentCode(full)).toEqual({ token: expect.any(String), pin: 'A'.repeat(52), addresses });
    expect(parseEnrolmentCode(short).token).toBe(parseEnrolmentCode(full).token);
    const list = (await get('/api/v1/codes')).body;
    expect(list).not.toContain(parseEnrolmentCode(full).token);
    expect(list).not.toContain(full);
  });

  test('is for one machine and a week when nothing is said, and is in the audit log without its token', async () => {
    const { code, full } = await create();
    expect(code).toMatchObject({ uses: 1, approve: false, expires_at: '2026-01-12T08:00:00.000Z' });
    const [entry] = server.audit.list({ limit: 1 });
    expect(entry).toMatchObject({ actor: 'test admin', action: 'code.create', subject: code.id });
    expect(entry?.after).toContain('"unit":"U"');
    expect(JSON.stringify(entry)).not.toContain(parseEnrolmentCode(full).token);
  });

  test.each([
    ['unit', { unit: 'NO' }],
    ['class', { class: 'phone' }],
    ['uses', { uses: 0 }],
    ['uses', { uses: 10_001 }],
    ['uses', { uses: 1.5 }],
    ['expires_days', { expires_days: 0 }],
    ['expires_days', { expires_days: 366 }],
    ['approve', { approve: 'yes' }],
    ['created_by', { created_by: 'root' }],
  ])('is not made with a wrong %s: %j', async (name, rest) => {
    const answer = await post('/api/v1/codes', { unit: 'U', class: 'pc', ...rest });
    expect(answer.json()).toMatchObject({ status: 400, errors: [{ location: 'body', name }] });
    expect(server.codes.all()).toEqual([]);
  });
});

test('codes are listed newest first, by page, with what became of them', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 5; i += 1) {
    server.clock.now += 1_000;
    ids.unshift((await create({ expires_days: i === 0 ? 0.01 : 7 })).code.id);
  }
  server.codes.use(ids[1] ?? '', { now: server.clock.now, grant: () => undefined });
  await post(`/api/v1/codes/${ids[2]}/revoke`);
  server.clock.now += 3_600_000;
  const states: string[] = [];
  const found: string[] = [];
  let after = '';
  do {
    const page = CodeList.parse((await get(`/api/v1/codes?limit=2${after}`)).json());
    for (const { id, state } of page.items) {
      found.push(id);
      states.push(state);
    }
    after = page.next === null ? '' : `&after=${page.next}`;
  } while (after !== '');
  expect(found).toEqual(ids);
  expect(states).toEqual(['usable', 'used_up', 'revoked', 'usable', 'expired']);
});

test('a code is revoked once', async () => {
  const { id } = (await create()).code;
  expect((await post(`/api/v1/codes/${id}/revoke`)).statusCode).toBe(204);
  expect(server.codes.get(id)?.revokedAt).toBe(server.clock.now);
  expect(server.audit.list({ limit: 1 })).toMatchObject([{ action: 'code.revoke', subject: id }]);
  expect((await post(`/api/v1/codes/${id}/revoke`)).json()).toMatchObject({ status: 409 });
  expect((await post('/api/v1/codes/c-no/revoke')).json()).toMatchObject({ status: 404 });
});

test('the uses of a code are listed newest first, by page', async () => {
  const { id } = (await create()).code;
  const uses = new CodeUses(server.database);
  for (let i = 0; i < 3; i += 1) {
    uses.add(id, { at: i, outcome: 'code_used_up', address: '10.0.0.1', hostname: `h${i}`, agent: undefined });
  }
  const first = CodeUseList.parse((await get(`/api/v1/codes/${id}/uses?limit=2`)).json());
  expect(first.items.map(({ hostname }) => hostname)).toEqual(['h2', 'h1']);
  expect(first.items[0]).toMatchObject({
    at: '1970-01-01T00:00:00.002Z',
    outcome: 'code_used_up',
    address: '10.0.0.1',
  });
  const second = CodeUseList.parse((await get(`/api/v1/codes/${id}/uses?limit=2&after=${first.next}`)).json());
  expect([second.items.map(({ hostname }) => hostname), second.next]).toEqual([['h0'], null]);
  expect((await get(`/api/v1/codes/${id}/uses?after=x`)).statusCode).toBe(400);
  expect((await get('/api/v1/codes/c-no/uses')).statusCode).toBe(404);
});

test.each(['viewer', 'operator', 'security'] as const)('the role %s sees and makes none', async (role) => {
  const headers = server.authorization(role);
  expect((await server.app.inject({ url: '/api/v1/codes', headers })).statusCode).toBe(403);
  const payload = { unit: 'U', class: 'pc' };
  expect((await server.app.inject({ method: 'POST', url: '/api/v1/codes', headers, payload })).statusCode).toBe(403);
});
