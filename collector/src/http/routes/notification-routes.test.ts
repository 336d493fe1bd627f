import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;

beforeEach(() => {
  server = createTestServer();
});
afterEach(() => server.close());

async function get(url: string, role: 'viewer' | 'operator' = 'viewer') {
  const answer = await server.app.inject({ url, headers: server.authorization(role) });
  return { status: answer.statusCode, body: answer.json() };
}

test('tells newest first, a page at a time, who was told and what came of it', async () => {
  const at = server.clock.now;
  for (const incident of [1, 2, 3]) {
    const content = { subject: `sự cố ${incident}`, text: 'dài', data: {} };
    const told = [{ incident, severity: 'info', level: 1, count: 1, isResolved: false } as const];
    server.notifications.add([{ channel: 'thu', event: 'opened', thread: undefined, content, told }], at);
  }
  const first = server.notifications.nextOf('thu');
  if (first) server.notifications.tried(first, { state: 'sent', at: at + 1_000, nextAt: at, detail: '250 ok' });
  const { body } = await get('/api/v1/notifications?limit=2');
  expect(body.items.map(({ subject, state }: { subject: string; state: string }) => [subject, state])).toEqual([
    ['sự cố 3', 'waiting'],
    ['sự cố 2', 'waiting'],
  ]);
  const rest = await get(`/api/v1/notifications?after=${body.next}`);
  expect(rest.body).toEqual({
    channels: [],
    items: [
      {
        id: 1,
        channel: 'thu',
        event: 'opened',
        subject: 'sự cố 1',
        incidents: [1],
        state: 'sent',
        attempts: 1,
        created_at: new Date(at).toISOString(),
        done_at: new Date(at + 1_000).toISOString(),
        detail: '250 ok',
      },
    ],
    next: null,
  });
});

test.each(['after=0', 'after=x', 'limit=0', 'channel=thu'])('?%s is refused', async (query) => {
  expect((await get(`/api/v1/notifications?${query}`)).status).toBe(400);
});
