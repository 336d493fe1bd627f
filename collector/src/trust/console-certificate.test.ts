import { createPrivateKey } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type CertificateFiles,
  ConsoleCertificate,
  certificateWarnings,
  readCertificate,
} from './console-certificate.ts';
import { makeCertificate } from './testing/certificate.ts';

const dayMs = 86_400_000;
let folder: string;
let files: CertificateFiles;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-console-tls-'));
  files = { cert: join(folder, 'console.pem'), key: join(folder, 'console-key.pem') };
});

afterEach(() => rmSync(folder, { recursive: true }));

function write({ cert, key }: { cert?: string; key?: string }): void {
  if (cert !== undefined) writeFileSync(files.cert, cert);
  if (key !== undefined) writeFileSync(files.key, key, { mode: 0o600 });
}

async function writeNew(options: Parameters<typeof makeCertificate>[0] = {}) {
  const pair = await makeCertificate(options);
  write(pair);
  return pair;
}

function warnings(names: readonly string[] = []): string[] {
  return certificateWarnings(readCertificate(files), { files, names, now: Date.now() }).map((text) =>
    text.replaceAll(`${folder}/`, '').replace(/ 2\d{3}-.*/, ''),
  );
}

test('a certificate with its key, and nothing to say about them', async () => {
  const { cert, key } = await writeNew();
  expect(readCertificate(files)).toMatchObject({
    cert,
    key,
    fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}/),
  });
  expect(warnings(['giamsat.example', '127.0.0.1'])).toEqual([]);
});

test('what cannot be used is named, with the file', async () => {
  const good = await makeCertificate();
  const other = await makeCertificate();
  const encrypted = createPrivateKey(good.key).export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'x',
  });
  const cases: [{ cert?: string; key?: string }, string][] = [
    [{}, `cannot read ${files.cert} (ENOENT`],
    [{ cert: good.cert }, `cannot read ${files.key} (ENOENT`],
    [{ key: other.key }, `the key ${files.key} does not belong to the certificate ${files.cert}`],
    [{ key: String(encrypted) }, `the key ${files.key} wants a passphrase`],
    [{ key: 'x' }, `${files.key} holds no private key`],
    [{ key: good.key, cert: 'x' }, `${files.cert} holds no certificate`],
    [{ cert: '' }, `${files.cert} holds no certificate`],
    [
      { cert: `${good.cert}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n` },
      `${files.cert} cannot be used`,
    ],
  ];
  for (const [change, problem] of cases) {
    write(change);
    expect(() => readCertificate(files)).toThrow(problem);
  }
});

test.each([
  ['expired', { from: Date.now() - 2 * dayMs, until: Date.now() - dayMs }, 'the certificate console.pem expired at'],
  ['about to expire', { until: Date.now() + 13 * dayMs }, 'the certificate console.pem expires at'],
  ['not valid yet', { from: Date.now() + dayMs }, 'the certificate console.pem is valid only from'],
  ['for another name', { names: ['other.example'] }, 'the certificate console.pem is not for the name giamsat.example'],
])('one that is %s works, with a warning', async (_, options, warning) => {
  await writeNew(options);
  expect(warnings(['giamsat.example'])).toEqual([warning]);
});

test.runIf(process.platform !== 'win32')('a key that everyone can read is pointed at', async () => {
  await writeNew();
  chmodSync(files.key, 0o640);
  expect(warnings()).toEqual([]);
  chmodSync(files.key, 0o644);
  expect(warnings()).toEqual(['the key console-key.pem is open to every user of this machine: chmod 640 or stricter']);
});

test('a new pair is taken when it is whole; until then the one before goes on, and each problem is told once', async () => {
  const before = await writeNew();
  const certificate = new ConsoleCertificate(files);
  expect(certificate.follow()).toEqual({ kind: 'same' });
  const after = await makeCertificate();
  write({ cert: after.cert });
  expect(certificate.follow()).toMatchObject({ kind: 'broken', problem: expect.stringContaining('does not belong') });
  expect(certificate.follow()).toEqual({ kind: 'same' });
  rmSync(files.key);
  expect(certificate.follow()).toMatchObject({ kind: 'broken', problem: expect.stringContaining('cannot read') });
  expect(certificate.current.cert).toBe(before.cert);
  write({ key: after.key });
  expect(certificate.follow()).toEqual({ kind: 'renewed' });
  expect(certificate.current).toMatchObject(after);
  expect(certificate.follow()).toEqual({ kind: 'same' });
});
