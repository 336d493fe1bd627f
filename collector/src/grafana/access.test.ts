import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readGrafanaToken, readGrafanaUrl } from './access.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-test-'));
  file = join(folder, 'token');
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each([
  ['grafana.example', 'write http:// or https:// and the name'],
  ['ftp://grafana.example', 'it begins with http:// or https://'],
  ['https://grafana.example/?orgId=1', 'leave out what follows ? and #'],
])('%s is no address', (text, words) => {
  expect(() => readGrafanaUrl(text)).toThrow(words);
});

test('a password in an address is not repeated', () => {
  expect(() => readGrafanaUrl('http://admin:bi-mat@g:3000')).toThrow(
    /^leave name and password out of the address g:3000/,
  );
});

test('the token is the first line, without what surrounds it', () => {
  writeFileSync(file, ' glsa_abc \r\nsecond\n', { mode: 0o640 });
  expect(readGrafanaToken(file)).toBe('glsa_abc');
});

test.each([
  ['', 'holds no token'],
  ['two words\n', 'holds no token'],
  ['x'.repeat(5_000), 'at most 4096 bytes'],
])('%.20j is no token', (text, words) => {
  writeFileSync(file, text, { mode: 0o600 });
  expect(() => readGrafanaToken(file)).toThrow(words);
});

test('a file that is not there, and a folder', () => {
  expect(() => readGrafanaToken(file)).toThrow(`cannot read Grafana's token from ${file}: ENOENT`);
  expect(() => readGrafanaToken(folder)).toThrow('is not a file');
});

test.skipIf(process.platform === 'win32')('a file that everybody may read', () => {
  writeFileSync(file, 'glsa_abc');
  chmodSync(file, 0o644);
  expect(() => readGrafanaToken(file)).toThrow('is open to every user of this machine: chmod 640 or stricter');
});
