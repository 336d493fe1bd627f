import { afterEach, beforeEach, expect, test } from 'vitest';
import { AuditChain, AuditList } from '../schemas.ts';
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

test('filters narrow the list', async () => {
  const { now } = server.clock;
  server.audit.append({ at: now, actor: 'Bình', source: '10.0.0.7', action: 'unit.add', subject: 'QB' });
  server.audit.append({ at: now, actor: 'bình', source: '10.0.0.7', action: 'unit-like', subject: 'no' });
  expect(await subjectsOf('action=unit')).toEqual([['QB'], null]);
  expect(await subjectsOf('action=token.create&until=-2d')).toEqual([['t-1'], null]);
  expect(await subjectsOf('actor=AN&limit=1')).toEqual([['t-3'], '3']);
  expect(await subjectsOf("actor='; DROP TABLE entries")).toEqual([[], null]);
});

test('an export is the whole list, with nothing that a spreadsheet would run', async () => {
  server.audit.append({ at: 0, actor: '=HYPERLINK("x")', source: 'command', action: 'unit.add' });
  const url = '/api/v1/audit/export?separator=%3B';
  const answer = await server.app.inject({ url, headers: server.authorization('security') });
  expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
  const [head, newest, ...rest] = answer.body.trimEnd().split('\r\n');
  expect(head).toBe('\ufeffseq;time;actor;from;action;subject;before;after;hash');
  expect(newest).toContain(`4;1970-01-01T00:00:00.000Z;"'=HYPERLINK(""x"")";command;unit.add;;;;`);
  expect(rest).toHaveLength(3);
});

test('the chain is walked for whoever asks', async () => {
  const url = '/api/v1/audit/chain';
  const answers = await Promise.all(
    [1, 2].map(() => server.app.inject({ url, headers: server.authorization('security') })),
  );
  const hash = server.audit.list({ limit: 1 })[0]?.hash;
  for (const answer of answers) {
    expect(AuditChain.parse(answer.json())).toEqual({ entries: 3, head: { seq: 3, hash }, damage_recorded: [] });
  }
});

test.each(['since=yesterday', 'until=x', 'action=A', 'after=0', 'after=x', 'limit=0', 'q=x'])(
  'refused: %s',
  async (query) => {
    expect((await ask(query)).statusCode).toBe(400);
  },
);

test.each([
  ['viewer', 403],
  ['operator', 403],
  ['security', 200],
  ['admin', 200],
] as const)('%s gets %i', async (role, status) => {
  const answer = await server.app.inject({ url: '/api/v1/audit', headers: server.authorization(role) });
  expect(answer.statusCode).toBe(status);
});
