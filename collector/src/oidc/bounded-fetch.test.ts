import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { boundedFetch, ProviderUnreachable } from './bounded-fetch.ts';

let server: Server | undefined;

afterEach(() => server?.close());

async function serve(answer: RequestListener): Promise<string> {
  const listening = createServer(answer);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/`;
}

test('an answer comes back whole', async () => {
  const url = await serve((request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ method: request.method }));
  });
  const answer = await boundedFetch(url, { method: 'POST', body: new URLSearchParams({ a: 'b' }) });
  expect([answer.status, await answer.json()]).toEqual([200, { method: 'POST' }]);
  expect(answer.headers.get('content-type')).toBe('application/json');
});

test.each([
  ['that is too large', (response) => response.end(Buffer.alloc(300_000)), 'more than 262144 bytes'],
  ['that says the provider is broken', (response) => response.writeHead(503).end(), 'it answered 503'],
  [
    'that breaks off',
    (response) => response.writeHead(200, { 'content-length': 5 }).write('x', () => response.destroy()),
    'cannot ask',
  ],
] satisfies [string, (response: Parameters<RequestListener>[1]) => unknown, string][])(
  'an answer %s is none',
  async (_, answer, problem) => {
    const url = await serve((_request, response) => void answer(response));
    const attempt = boundedFetch(url).then(async (found) => found.text());
    await expect(attempt).rejects.toThrow(ProviderUnreachable);
    await expect(attempt).rejects.toThrow(problem);
  },
);

test('a redirect is not followed', async () => {
  const seen: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    seen.push(request.url);
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  expect((await boundedFetch(url)).status).toBe(302);
  expect(seen).toEqual(['/']);
});

test.each(['http://id.example/', 'ftp://127.0.0.1/', 'file:///etc/passwd', 'nothing'])(
  '%s is not asked',
  async (url) => {
    await expect(boundedFetch(url)).rejects.toThrow('not encrypted');
  },
);

test('where nobody listens', async () => {
  const url = await serve(() => undefined);
  server?.close();
  await expect(boundedFetch(url)).rejects.toThrow(
    /cannot ask http:\/\/127\.0\.0\.1:\d+: fetch failed \(connect ECONNREFUSED/,
  );
});
