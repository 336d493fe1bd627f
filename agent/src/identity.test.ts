import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Identity, IdentityError, loadIdentity, makeKey, publicKeyText, saveIdentity } from './identity.ts';

let folder: string;
let identity: Identity;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'vonggac-identity-')), 'agent');
  identity = {
    agent: 'a-1',
    unit: 'DV',
    class: 'pc',
    addresses: ['10.0.0.1:8443'],
    pins: ['0123456789ABCD'],
    privateKey: makeKey(),
  };
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

test('is read back as it was saved, in files that nobody else can read', () => {
  saveIdentity(folder, identity);
  const read = loadIdentity(folder);
  expect(read).toMatchObject({ agent: 'a-1', unit: 'DV', pins: identity.pins });
  expect(read && publicKeyText(read.privateKey)).toBe(publicKeyText(identity.privateKey));
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const file of ['agent-key.pem', 'identity.json']) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
});

test('is undefined on a machine that was never enrolled', () => {
  expect(loadIdentity(folder)).toBeUndefined();
});

test('with a key that others can read is refused, and the message says what to do', () => {
  saveIdentity(folder, identity);
  chmodSync(join(folder, 'agent-key.pem'), 0o644);
  expect(() => loadIdentity(folder)).toThrow(/can be read by others \(mode 644\).*chmod 600/);
});

test('in a folder that others can write to is refused, and the message says what to do', () => {
  saveIdentity(folder, identity);
  for (const mode of [0o777, 0o770, 0o702]) {
    chmodSync(folder, mode);
    expect(() => loadIdentity(folder)).toThrow(/can be written by others \(mode \d+\).*chmod 700/);
  }
  chmodSync(folder, 0o755);
  expect(loadIdentity(folder)).toMatchObject({ agent: 'a-1' });
});

test.each([
  ['no JSON', '{'],
  [
    'an address without a port',
    JSON.stringify({ agent: 'a-1', unit: 'U', class: 'pc', addresses: ['x'], pins: ['0123456789ABCD'] }),
  ],
  [
    'a pin that is too short to mean anything',
    JSON.stringify({ agent: 'a-1', unit: 'U', class: 'pc', addresses: ['x:1'], pins: ['0'] }),
  ],
])('with %s is refused', (_, text) => {
  saveIdentity(folder, identity);
  writeFileSync(join(folder, 'identity.json'), text);
  expect(() => loadIdentity(folder)).toThrow(IdentityError);
  expect(() => loadIdentity(folder)).toThrow(/enrol this machine again/);
});

test('with a damaged key is refused', () => {
  saveIdentity(folder, identity);
  writeFileSync(join(folder, 'agent-key.pem'), 'no key');
  expect(() => loadIdentity(folder)).toThrow(IdentityError);
});
