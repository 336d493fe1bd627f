import { createHash, X509Certificate } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeCertificate } from '../trust/testing/certificate.ts';
import { getPinned } from './pinned-get.ts';

let server: ReturnType<typeof createServer>;
let fingerprint: string;
let url: URL;
let seen: (string | undefined)[];

beforeEach(async () => {
  const pair = await makeCertificate({ names: ['giamsat.example'], until: Date.now() - 1_000, from: 0 });
  fingerprint = new X509Certificate(pair.cert).fingerprint256;
  seen = [];
  server = createServer(pair, (request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/me`);
});

afterEach(() => server.close());

function get(pin: string): Promise<Response> {
  return getPinned(url, {
    fingerprint: pin,
    headers: { authorization: 'Bearer x' },
    signal: AbortSignal.timeout(5_000),
  });
}

test('the certificate of the data folder is enough, whatever its name and age', async () => {
  const answer = await get(fingerprint);
  expect([answer.status, await answer.json()]).toEqual([200, { ok: true }]);
  expect(seen).toEqual(['Bearer x']);
});

test('another one gets no byte of the request', async () => {
  const other = createHash('sha256').update('x').digest('hex').toUpperCase().match(/../g)?.join(':') ?? '';
  await expect(get(other)).rejects.toThrow('another certificate answers there');
  expect(seen).toEqual([]);
});
