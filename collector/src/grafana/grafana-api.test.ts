import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { readGrafanaUrl } from './access.ts';
import { GrafanaApi, path } from './grafana-api.ts';
import { GrafanaRefused, GrafanaUnreachable } from './grafana-errors.ts';

const call = { what: 'the thing "a"', answer: z.unknown() };
let server: Server | undefined;
let pauses: number[] = [];

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  pauses = [];
});

function api(url: string, more: { fetch?: typeof fetch } = {}): GrafanaApi {
  const pause = async (ms: number) => pauses.push(ms);
  return new GrafanaApi({ url: readGrafanaUrl(url), token: 'glsa_1', pause, random: () => 0.5, ...more });
}

async function serve(answer: RequestListener): Promise<string> {
  const listening = createServer(answer);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

/** Answers with these in turn, the last for ever. */
function inTurn(...answers: (readonly [status: number, body?: string, headers?: Record<string, string>])[]) {
  const seen: string[] = [];
  const fetch = async (url: unknown, init?: RequestInit): Promise<Response> => {
    seen.push(`${init?.method} ${url}`);
    const [status = 0, body, headers = {}] = answers[Math.min(seen.length, answers.length) - 1] ?? [];
    return new Response(body ?? null, { status, headers });
  };
  return { seen, fetch: fetch as typeof globalThis.fetch };
}

test('the sub-path stays, values are encoded, the token and the body are sent', async () => {
  let body = '';
  let seen: unknown[] = [];
  const url = await serve((request, response) => {
    seen = [request.method, request.url, request.headers.authorization, request.headers['content-type']];
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => response.end('{"id": 1}'));
  });
  const answer = z.looseObject({ id: z.int() });
  const options = { ...call, answer, query: { tag: 'a b' }, body: { title: 'Vọng' } };
  expect(await api(`${url}/grafana/`).put(path`/api/x/${'a/b'}`, options)).toEqual({ id: 1 });
  expect(seen).toEqual(['PUT', '/grafana/api/x/a%2Fb?tag=a+b', 'Bearer glsa_1', 'application/json']);
  expect(body).toBe('{"title":"Vọng"}');
});

describe('asks again', () => {
  test.each([
    ['after a conflict once', 'post', [[409], [200]], 2],
    ['after a second conflict not', 'put', [[409], [409], [200]], 2],
    ['when it is asked to wait', 'post', [[429, '', { 'retry-after': '7' }], [200]], 2],
    ['when a proxy finds nobody', 'get', [[502], [503], [504], [200]], 4],
    ['not for ever', 'get', [[503]], 4],
    ['after an error within once', 'put', [[500]], 2],
    ['not what may have been done', 'post', [[503], [200]], 1],
    ['not when the token is wrong', 'get', [[401]], 1],
    ['not when it is told no', 'put', [[400]], 1],
  ] as const)('%s', async (_, method, answers, times) => {
    const { fetch, seen } = inTurn(...answers);
    await api('http://g', { fetch })
      [method]('/api/x', call)
      .catch(() => undefined);
    expect(seen).toHaveLength(times);
  });

  test('with pauses that grow, or as long as it says, and never for long', async () => {
    const { fetch } = inTurn([502], [429, '', { 'retry-after': '7' }], [503, '', { 'retry-after': '9999' }], [200]);
    await api('http://g', { fetch }).get('/api/x', call);
    expect(pauses).toEqual([500, 7_000, 30_000]);
  });

  test('when nobody listens, and says so in the end', async () => {
    const url = await serve(() => undefined);
    await new Promise<void>((resolve) => void server?.close(() => resolve()));
    const attempt = api(url).get('/api/x', call);
    await expect(attempt).rejects.toThrow(GrafanaUnreachable);
    await expect(attempt).rejects.toThrow(`cannot ask Grafana at ${url}: nothing listens there; is it running`);
    expect(pauses).toHaveLength(3);
  });
});

describe('a refusal', () => {
  test.each([
    [
      401,
      '{"message":"Invalid API key"}',
      /cannot read the thing "a": Grafana answered 401 \(Invalid API key\): the token is wrong/,
    ],
    [403, '{"message":"no"}', /a higher role/],
    [400, '{"results":{"A":{"error":"no such field"}}}', /answered 400 \(no such field\)$/],
    [400, '{"message":"two\\nlines\\u001b[31m"}', /\(two lines \[31m\)$/],
    [500, '[1]', /answered 500: look into Grafana's own log$/],
  ])('%i %s', async (status, body, words) => {
    const { fetch } = inTurn([status, body]);
    const attempt = api('http://g', { fetch }).get('/api/x', call);
    await expect(attempt).rejects.toThrow(GrafanaRefused);
    await expect(attempt).rejects.toThrow(words);
  });

  test('404 is nothing found', async () => {
    const { fetch } = inTurn([404, '{"message":"Not found"}']);
    expect(await api('http://g', { fetch }).find('/api/x', call)).toBeUndefined();
  });
});

describe('what is not Grafana', () => {
  test.each([
    [[200, '<html>sign in'], 'answered 200 with a web page that is not JSON'],
    [[502, '<html>bad gateway'], 'answered 502 with a web page'],
    [[302, '', { location: 'https://sso.example/?x=1' }], 'leads elsewhere to https://sso.example/?x=1 instead'],
    [[200, '{"version": 1}'], 'answers not as Grafana does (version: Invalid input: expected string'],
  ] as const)('%j', async (answer, words) => {
    const { fetch } = inTurn(answer);
    const version = z.looseObject({ version: z.string() });
    const attempt = api('http://g', { fetch }).get('/api/x', { ...call, answer: version });
    await expect(attempt).rejects.toThrow(GrafanaUnreachable);
    await expect(attempt).rejects.toThrow(words);
  });

  test('an answer without an end', async () => {
    const url = await serve((_, response) => {
      const chunk = Buffer.alloc(1024 * 1024, ' ');
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more);
      more();
    });
    await expect(api(url).get('/api/x', call)).rejects.toThrow('its answer has more than 32 MiB');
    expect(pauses).toEqual([]);
  });

  test('a server that hangs is not waited for again', async () => {
    const fetch = async () => {
      throw new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    };
    await expect(api('https://g', { fetch }).get('/api/x', call)).rejects.toThrow('it does not answer in time');
    expect(pauses).toEqual([]);
  });

  test.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', 'name the file of its authority in NODE_EXTRA_CA_CERTS', 0],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another name', 0],
    ['CERT_HAS_EXPIRED', 'its certificate has expired', 0],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'is it http:// perhaps', 3],
    ['ENOTFOUND', 'the name is not known', 3],
  ])('%s', async (code, words, again) => {
    const fetch = async () => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('it is so'), { code }) });
    };
    await expect(api('https://g', { fetch }).get('/api/x', call)).rejects.toThrow(words);
    expect(pauses).toHaveLength(again);
  });
});
