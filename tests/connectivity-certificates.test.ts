/** The agent's TLS and HTTPS checks against certificates of every kind, hostile ones included. */
import { createServer as createHttpsServer } from 'node:https';
import { createServer } from 'node:tls';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import { checkUrl, testOutside } from '../agent/src/probes/connectivity/testing/check-url.ts';
import { LocalServers } from '../agent/src/probes/connectivity/testing/local-server.ts';
import { TrustedRoots } from '../agent/src/probes/connectivity/trusted-roots.ts';
import { makeCertificate } from '../collector/src/trust/testing/certificate.ts';

const servers = new LocalServers();
afterEach(() => servers.stop());

const dayMs = 86_400_000;
const host = 'mot-cua.example';

type CertificateOptions = Parameters<typeof makeCertificate>[0];

/** Checks a server that shows such a certificate, on a machine whose system trusts it or not. */
async function check(options: CertificateOptions & { trusted: boolean; url?: (port: number) => string }) {
  const { cert, key } = await makeCertificate(options);
  const port = await servers.add(createServer({ cert, key }, () => undefined));
  const roots = new TrustedRoots(() => (options.trusted ? [cert] : []));
  const outside = testOutside({ roots, names: { [host]: ['127.0.0.1'] } });
  return checkUrl(options.url?.(port) ?? `tls://${host}:${port}`, { outside });
}

test('a valid certificate is up, with the time of its end, and the connection is gone afterwards', async () => {
  const until = Date.now() + 40 * dayMs;
  const result = await check({ names: [host], trusted: true, until });
  expect(result).toMatchObject({
    up: true,
    details: { certificate_expires_seconds: Math.floor(until / 1_000), tls_ms: expect.any(Number) },
  });
  await vi.waitFor(() => expect(servers.open.size).toBe(0));
});

test('a certificate may be for an address', async () => {
  const url = (port: number) => `tls://127.0.0.1:${port}`;
  expect(await check({ names: ['127.0.0.1'], trusted: true, url })).toMatchObject({ up: true });
  expect(await check({ names: ['127.0.0.2'], trusted: true, url })).toMatchObject({ error: 'tls-name' });
});

test.each<[string, string, CertificateOptions & { trusted: boolean }]>([
  ['nobody trusts', 'tls-chain', { names: [host], trusted: false }],
  ['is for another name', 'tls-name', { names: ['khac.example'], trusted: true }],
  [
    'has expired',
    'tls-expired',
    { names: [host], trusted: true, from: Date.now() - 9 * dayMs, until: Date.now() - dayMs },
  ],
  [
    'has expired and nobody trusts',
    'tls-expired',
    { names: ['x'], trusted: false, from: 0, until: Date.now() - dayMs },
  ],
  ['is not valid yet', 'tls-expired', { names: [host], trusted: true, from: Date.now() + dayMs }],
])('a certificate that %s', async (_, error, options) => {
  const result = await check(options);
  expect(result).toMatchObject({ up: false, error, details: { certificate_expires_seconds: expect.any(Number) } });
});

describe('a hostile name is not that of the host', () => {
  it.each([
    `${host}\0.evil.example`,
    `${host}\u001b[31m\r\n`,
    '*',
    '*.example',
    '*.*',
    '__proto__',
    `${host}.`.repeat(30),
    `DNS:${host}`,
    `x, DNS:${host}`,
    '',
  ])('%j', async (name) => {
    const result = await check({ names: [name || ' '], trusted: true }).catch((cause: Error) => cause);
    // Not every name can be written into a certificate.
    if (!(result instanceof Error)) expect(result.error).toBe('tls-name');
  });
});

test('an authority that the system learns of later is believed within the hour', () => {
  let reads = 0;
  const roots = new TrustedRoots(() => {
    reads += 1;
    return [];
  });
  expect([0, 1, 3_599_999, 3_600_000].map((now) => roots.askSystem(now))).toEqual([true, false, false, true]);
  expect(reads).toBe(2);
});

test('of checks that run at the same time each believes what the system trusts', async () => {
  const { cert, key } = await makeCertificate({ names: [host] });
  const ports = [0, 1, 2].map(() => servers.add(createServer({ cert, key }, () => undefined)));
  const outside = testOutside({ roots: new TrustedRoots(() => [cert]), names: { [host]: ['127.0.0.1'] } });
  const results = await Promise.all(ports.map(async (port) => checkUrl(`tls://${host}:${await port}`, { outside })));
  expect(results.map(({ up }) => up)).toEqual([true, true, true]);
});

test('a server that speaks no TLS', async () => {
  const port = await servers.tcp((socket) => void socket.write('220 mail.example ESMTP\r\n'));
  expect(await checkUrl(`tls://127.0.0.1:${port}`)).toMatchObject({ up: false, error: 'tls' });
});

test('a server that hangs in the handshake ends at the limit', async () => {
  const port = await servers.tcp((socket) => socket.resume());
  const outside = testOutside({ limitMs: 150 });
  expect(await checkUrl(`tls://127.0.0.1:${port}`, { outside })).toMatchObject({ up: false, error: 'timeout' });
  await vi.waitFor(() => expect(servers.open.size).toBe(0));
});

describe('https', () => {
  async function page(names: readonly string[]) {
    const { cert, key } = await makeCertificate({ names });
    let requests = 0;
    const server = createHttpsServer({ cert, key }, (_request, response) => {
      requests += 1;
      response.end('Dịch vụ công');
    });
    const port = await servers.add(server);
    const outside = testOutside({ roots: new TrustedRoots(() => [cert]), names: { [host]: ['127.0.0.1'] } });
    const result = await checkUrl(`https://${host}:${port}/`, { outside, target: { keyword: 'Dịch vụ' } });
    return { result, requests };
  }

  it('is up with all its phases', async () => {
    const { result } = await page([host]);
    const time = expect.any(Number);
    expect(result).toMatchObject({
      up: true,
      details: { dns_ms: time, connect_ms: time, tls_ms: time, first_byte_ms: time, http_status: 200, body_bytes: 17 },
    });
  });

  it('sends nothing to a server that is not the one', async () => {
    const { result, requests } = await page(['khac.example']);
    expect(result).toMatchObject({ up: false, error: 'tls-name' });
    expect(requests).toBe(0);
  });
});
