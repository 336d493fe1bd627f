import { createServer, type RequestListener } from 'node:http';
import { networkInterfaces } from 'node:os';
import { isUnicastAddress } from '@vonggac/shared';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import type { Target } from './target.ts';
import { checkUrl, testOutside } from './testing/check-url.ts';
import { LocalServers } from './testing/local-server.ts';

const servers = new LocalServers();
afterEach(() => servers.stop());

/** An address of this machine that others can reach it by. */
const ownAddress = Object.values(networkInterfaces())
  .flat()
  .find((own) => own?.family === 'IPv4' && isUnicastAddress(own.address))?.address;

async function check(listener: RequestListener, target: Partial<Target> = {}) {
  return checkUrl(`http://127.0.0.1:${await servers.http(listener)}/a?b=1`, { target });
}

function redirectTo(location: string, status = 302): RequestListener {
  return (_request, response) => response.writeHead(status, { location }).end();
}

test('a page is up, with its phases; it is asked for once, with its name, and the connection is gone afterwards', async () => {
  const asked: unknown[] = [];
  const result = await check((request, response) => {
    asked.push([request.method, request.url, request.headers.connection, request.headers.host]);
    response.end('hello');
  });
  expect(result).toMatchObject({
    up: true,
    details: { http_status: 200, connect_ms: expect.any(Number), first_byte_ms: expect.any(Number) },
  });
  expect(asked).toEqual([['GET', '/a?b=1', 'close', expect.stringMatching(/^127\.0\.0\.1:\d+$/)]]);
  await vi.waitFor(() => expect(servers.open.size).toBe(0));
});

describe('status', () => {
  it.each([
    [200, {}, undefined],
    [204, {}, undefined],
    [304, {}, 'http-3xx'],
    [404, {}, 'http-4xx'],
    [503, {}, 'http-5xx'],
    [401, { status: 401 }, undefined],
    [200, { status: 401 }, 'http-status'],
    [302, { status: 200 }, 'http-3xx'],
    [302, { redirects: 0 }, undefined],
    [302, { redirects: 0, keyword: 'x' }, 'http-3xx'],
    [302, {}, 'http-3xx'],
  ])('%i with %o', async (status, target, error) => {
    const result = await check((_request, response) => response.writeHead(status).end(), target);
    expect(result).toMatchObject({ up: error === undefined, error, details: { http_status: status } });
  });
});

describe('redirects', () => {
  it('are followed, and the last answer counts', async () => {
    const result = await check((request, response) => {
      if (request.url === '/end') response.writeHead(404).end();
      else redirectTo('/end')(request, response as never);
    });
    expect(result).toMatchObject({ up: false, error: 'http-4xx' });
  });

  it('in a circle end', async () => {
    let requests = 0;
    const result = await check((request, response) => {
      requests += 1;
      redirectTo(request.url === '/b' ? '/a?b=1' : '/b')(request, response as never);
    });
    expect(result).toMatchObject({ up: false, error: 'redirect-loop' });
    expect(requests).toBe(2);
  });

  it('without end, end', async () => {
    let requests = 0;
    const result = await check(
      (_request, response) => {
        requests += 1;
        response.writeHead(307, { location: `/${requests}` }).end();
      },
      { redirects: 5 },
    );
    expect(result).toMatchObject({ up: false, error: 'redirect-loop' });
    expect(requests).toBe(6);
  });

  it.each([
    'ftp://127.0.0.1/',
    'javascript:alert(1)',
    'http://user:secret@127.0.0.1/',
    'http://-x/',
    'http://[',
    'file:///etc/passwd',
  ])('to %s lead nowhere', async (location) => {
    expect(await check(redirectTo(location))).toMatchObject({ up: false, error: 'http-3xx' });
  });

  it.skipIf(ownAddress === undefined)('to the machine itself are forbidden to a collector', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.headers.host);
      response.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end();
    });
    const port = await servers.add(server, '0.0.0.0');
    const result = await checkUrl(`http://${ownAddress}:${port}/`, { target: { anyAddress: false } });
    expect(result).toMatchObject({ up: false, error: 'forbidden' });
    expect(asked).toEqual([`${ownAddress}:${port}`]);
  });
});

describe('the keyword', () => {
  it('is found, also across two pieces, and the rest is not waited for', async () => {
    const result = await check(
      (_request, response) => {
        response.write('xin chà');
        setImmediate(() => response.write('o bạn'));
      },
      { keyword: 'chào' },
    );
    expect(result).toMatchObject({ up: true, details: { body_bytes: expect.any(Number) } });
  });

  it('is missing, as on the page of a captive portal', async () => {
    const result = await check((_request, response) => response.end('<h1>Đăng nhập Wi-Fi</h1>'), {
      keyword: 'Một cửa',
    });
    expect(result).toMatchObject({ up: false, error: 'keyword', details: { http_status: 200 } });
  });

  it('is not in the first part of an endless body', async () => {
    const result = await check(
      (_request, response) => {
        const more = () => {
          while (response.write('x'.repeat(16_384))) {
            // Until the line is full.
          }
        };
        response.on('drain', more);
        more();
      },
      { keyword: 'y' },
    );
    expect(result).toMatchObject({ up: false, error: 'too-large' });
    expect(result.details.body_bytes).toBeLessThan(400_000);
    await vi.waitFor(() => expect(servers.open.size).toBe(0));
  });

  it('does not come because the connection is cut', async () => {
    const result = await check(
      (_request, response) => {
        response.writeHead(200, { 'content-length': 1_000 }).write('x');
        setImmediate(() => response.destroy());
      },
      { keyword: 'y' },
    );
    expect(result).toMatchObject({ up: false, error: 'reset' });
  });
});

test('an endless body is no matter where no keyword is asked for', async () => {
  const result = await check((_request, response) => void response.write('x'));
  expect(result).toMatchObject({ up: true });
  await vi.waitFor(() => expect(servers.open.size).toBe(0));
});

test.each([
  ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'bad-answer'],
  ['a head without end', `HTTP/1.1 200 OK\r\n${'x: yyyyyyyyyy\r\n'.repeat(5_000)}`, 'bad-answer'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 'bad-answer'],
])('%s', async (_, bytes, error) => {
  const port = await servers.tcp((socket) => void socket.write(bytes));
  expect(await checkUrl(`http://127.0.0.1:${port}/`)).toMatchObject({ up: false, error });
});

test('a connection that is closed without a word', async () => {
  const port = await servers.tcp((socket) => socket.once('data', () => socket.end()));
  expect(await checkUrl(`http://127.0.0.1:${port}/`)).toMatchObject({ up: false, error: 'reset' });
});

test('a head that drips ends at the limit', async () => {
  const port = await servers.tcp((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    const drip = setInterval(() => socket.write('x: y\r\n'), 10);
    socket.on('close', () => clearInterval(drip));
  });
  const outside = testOutside({ limitMs: 150 });
  expect(await checkUrl(`http://127.0.0.1:${port}/`, { outside })).toMatchObject({ up: false, error: 'timeout' });
  await vi.waitFor(() => expect(servers.open.size).toBe(0));
});
