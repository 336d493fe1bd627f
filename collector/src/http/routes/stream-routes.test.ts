import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;

beforeEach(async () => {
  server = createTestServer();
  server.addAgent('a-1');
  await server.app.listen({ host: '127.0.0.1', port: 0 });
});

afterEach(() => server.close());

async function open(query: string): Promise<Response> {
  const { port } = server.app.server.address() as AddressInfo;
  return await fetch(`http://127.0.0.1:${port}/api/v1/stream?${query}`, { headers: server.authorization() });
}

test('events arrive as they happen, not compressed and not kept by anyone', async () => {
  const answer = await open('agent=a-1');
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  expect(answer.headers.get('content-encoding')).toBeNull();
  let text = '';
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (text.includes('event: points')) break;
  }
  expect(text).toMatch(/^event: summary\ndata: \{"total":1/);
});

test('closing the server does not wait for those who listen', async () => {
  const answer = await open('');
  await server.app.close();
  await expect(answer.text()).rejects.toThrow('terminated');
});

test('more agents than a page has are refused', async () => {
  const answer = await open(`agent=${'a,'.repeat(300)}a`);
  expect(await answer.json()).toMatchObject({ status: 400, errors: [{ name: 'agent' }] });
});

test('HEAD would open a stream that nobody ends', async () => {
  const answer = await server.app.inject({ method: 'HEAD', url: '/api/v1/stream', headers: server.authorization() });
  expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'GET']);
});
