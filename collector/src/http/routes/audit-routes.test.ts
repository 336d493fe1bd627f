import { afterEach, beforeEach, expect, test } from 'vitest';
import { AuditList } from '../schemas.ts';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;

beforeEach(() => {
  server = createTestServer();
  const at = server.clock.now;
  for (const [index, subject] of ['t-1', 't-2', 't-3'].entries()) {
    const time = at - (3 - index) * 86_400_000;
    server.audit.append({ at: time, actor: 'an', source: 'command', action: 'token.create', subject, after: { n: 1 } });
  }
});

afterEach(() => server.close());

async function ask(query: string) {
  return await server.app.inject({ url: `/api/v1/audit?${query}`, headers: server.authorization('security') });
}

async function subjectsOf(query: string): Promise<[subjects: unknown[], next: string | null]> {
  const answer = await ask(query);
  expect(answer.statusCode, answer.body).toBe(200);
  const { items, next } = AuditList.parse(answer.json());
  return [items.map(({ subject }) => subject), next];
}

test('the newest come first, page by page', async () => {
  expect(await subjectsOf('limit=2')).toEqual([['t-3', 't-2'], '2']);
  expect(await subjectsOf('limit=2&after=2')).toEqual([['t-1'], null]);
  expect(await subjectsOf('since=-2d')).toEqual([['t-3', 't-2'], null]);
});

test.each(['since=yesterday', 'after=0', 'after=x', 'limit=0', 'q=x'])('refused: %s', async (query) => {
  expect((await ask(query)).statusCode).toBe(400);
});

test.each([
  ['viewer', 403],
  ['operator', 403],
  ['security', 200],
  ['admin', 200],
] as const)('%s gets %i', async (role, status) => {
  const answer = await server.app.inject({ url: '/api/v1/audit', headers: server.authorization(role) });
  expect(answer.statusCode).toBe(status);
});
