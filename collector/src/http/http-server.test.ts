import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ProblemDetails } from './problem.ts';
import { createTestServer, type TestServer } from './testing/test-server.ts';

let server: TestServer;

beforeEach(() => {
  server = createTestServer();
});

afterEach(() => server.close());

/** Sends bytes to the listening server and returns all that it answers. */
async function sendRaw(text: string): Promise<string> {
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.end(text);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

describe('every error is a problem document', () => {
  test.each([
    ['unknown path', 404, { method: 'GET', url: '/api/v1/nothing' }],
    ['unknown file', 404, { method: 'GET', url: '/assets/none.js' }],
    ['unknown agent', 404, { method: 'GET', url: '/api/v1/agents/a-none' }],
    ['wrong method', 405, { method: 'DELETE', url: '/api/v1/agents' }],
    ['wrong method with a body', 405, { method: 'POST', url: '/api/v1/agents', payload: 'text' }],
    ['address that cannot be decoded', 400, { method: 'GET', url: '/api/v1/agents/%E0%A4%A' }],
    ['address too long', 414, { method: 'GET', url: `/api/v1/agents?q=${'x'.repeat(9_000)}` }],
    ['body too large', 413, { method: 'POST', url: '/api/v1/sign-in', payload: { code: 'x'.repeat(70_000) } }],
    [
      'wrong media type',
      415,
      { method: 'POST', url: '/api/v1/sign-in', payload: 'code', headers: { 'content-type': 'text/plain' } },
    ],
    [
      'not JSON',
      400,
      { method: 'POST', url: '/api/v1/sign-in', payload: '{', headers: { 'content-type': 'application/json' } },
    ],
    ['foreign host name', 421, { method: 'GET', url: '/healthz', headers: { host: 'evil.example:8080' } }],
    ['no token', 401, { method: 'GET', url: '/api/v1/me', headers: { authorization: '' } }],
    ['console not built', 503, { method: 'GET', url: '/' }],
  ] as const)('%s', async (_, status, request) => {
    const answer = await server.app.inject({
      ...request,
      headers: { ...server.authorization(), ...('headers' in request && request.headers) },
    });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(ProblemDetails.parse(answer.json())).toMatchObject({ status, type: 'about:blank' });
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  test('a failure says where to look, not what failed', async () => {
    server.store.query = async () => {
      throw new Error('secret of the inside');
    };
    const answer = await server.app.inject({
      url: '/api/v1/series?measurement=cpu&field=usage_percent',
      headers: server.authorization(),
    });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toMatch(/secret|\.ts/);
    const { request_id } = ProblemDetails.parse(answer.json());
    expect(server.log.find((line) => line.includes('secret of the inside'))).toContain(`"${request_id}"`);
  });

  test('a header that is too large', async () => {
    const answer = await sendRaw(`GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer).toContain('application/problem+json');
  });

  test('something that is not HTTP', async () => {
    expect(await sendRaw('hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });
});

test('a connection that asks nothing does not hold up the close', async () => {
  await server.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  await once(server.app.server, 'connection');
  const closed = once(socket.resume(), 'close');
  await server.app.close();
  await closed;
});

test('405 names the methods that are possible', async () => {
  const answer = await server.app.inject({ method: 'PUT', url: '/api/v1/sign-in' });
  expect(answer.headers.allow).toBe('POST');
});

test('healthz is open and says no more than it must', async () => {
  const answer = await server.app.inject({ url: '/healthz' });
  expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ok' }]);
});

test('readyz says what is missing', async () => {
  const headers = server.authorization();
  expect((await server.app.inject({ url: '/readyz', headers })).statusCode).toBe(200);
  const warning = {
    code: 'disk',
    severity: 'warning',
    text: 'the disk fills up',
    action: 'free some',
    facts: {},
  } as const;
  server.problems.push(warning);
  const still = await server.app.inject({ url: '/readyz', headers });
  expect([still.statusCode, still.json()]).toEqual([
    200,
    { status: 'ready', warnings: ['the disk fills up; free some'] },
  ]);
  server.problems.push({ ...warning, code: 'store', severity: 'critical', text: 'the store does not answer' });
  const answer = await server.app.inject({ url: '/readyz', headers });
  expect(answer.statusCode).toBe(503);
  expect(answer.json()).toMatchObject({ problems: ['the store does not answer; free some'] });
});

test('the collector tells how it does', async () => {
  const headers = server.authorization();
  const answer = await server.app.inject({ url: '/api/v1/collector', headers });
  expect(answer.json()).toMatchObject({ ready: true, store: 'memory', problems: [], values: { sessions: 3 } });
});

test('metrics count the requests, by the pattern of the route', async () => {
  const headers = server.authorization();
  await server.app.inject({ url: '/api/v1/agents/a-1', headers });
  const { body } = await server.app.inject({ url: '/metrics', headers });
  expect(body).toContain(
    'vonggac_http_request_duration_seconds_count{method="GET",route="/api/v1/agents/:id",status="404"} 1',
  );
});

describe('console files', () => {
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vonggac-console-'));
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>console</title>');
    writeFileSync(join(folder, 'assets', 'index-abc123.js'), `// ${'x'.repeat(2_000)}`);
    writeFileSync(join(folder, 'secret'), 'secret');
    await server.close();
    server = createTestServer({ consoleFolder: folder });
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  test.each(['/', '/sign-in', '/machines/a-1'])('%s is the page, always asked for anew', async (url) => {
    const answer = await server.app.inject({ url });
    expect(answer.body).toContain('<title>console</title>');
    expect(answer.headers['cache-control']).toBe('no-cache');
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  });

  test('the page lets nothing in that is not ours', async () => {
    const { headers } = await server.app.inject({ url: '/' });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers['referrer-policy']).toBe('no-referrer');
  });

  test('a hashed file is kept for ever and sent compressed', async () => {
    const answer = await server.app.inject({ url: '/assets/index-abc123.js', headers: { 'accept-encoding': 'gzip' } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'gzip',
    });
  });

  test.each(['/assets/..%2fsecret', '/assets/../secret', '/assets/%2e%2e/secret', '/assets/', '/assets/.', '/secret'])(
    '%s leads nowhere',
    async (url) => {
      const answer = await server.app.inject({ url });
      expect(answer.statusCode).toBe(404);
    },
  );
});
