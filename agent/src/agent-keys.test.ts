import type { KeyObject } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AgentKeys } from './agent-keys.ts';
import { type Identity, loadIdentity, makeKey, publicKeyText, saveIdentity, saveWithoutKey } from './identity.ts';
import { createLogger } from './log.ts';

const log: string[] = [];
const logger = createLogger({ write: (line) => log.push(line), pretty: false, level: 'error', now: () => 0 });

let folder: string;
let identity: Identity;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-keys-'));
  identity = {
    agent: 'a-1',
    unit: 'DV',
    class: 'pc',
    addresses: ['10.0.0.1:8443'],
    pins: ['0123456789ABCD'],
    privateKey: makeKey(),
  };
  saveIdentity(folder, identity);
});
afterEach(() => rmSync(folder, { recursive: true }));

const nextFile = () => join(folder, 'agent-key-next.pem');

function keysOf(current: KeyObject): AgentKeys {
  return new AgentKeys(current, { folder, logger });
}

/** What must be there. */
function prepared(keys: AgentKeys): string {
  const next = keys.prepare();
  if (!next) throw new Error('no next key');
  return publicKeyText(next);
}

/** As after a crash or a restart. */
function restarted(): AgentKeys {
  const loaded = loadIdentity(folder);
  if (!loaded) throw new Error('no identity');
  return keysOf(loaded.privateKey);
}

test('the next key is on the disk, for nobody else, before it is given out; the old one goes on signing', () => {
  const keys = keysOf(identity.privateKey);
  const next = prepared(keys);
  expect(statSync(nextFile()).mode & 0o777).toBe(0o600);
  expect(keys.signing).toBe(identity.privateKey);
  expect(next).not.toBe(publicKeyText(identity.privateKey));
  expect(prepared(keys)).toBe(next);
});

test('a change that was begun goes on with the same key after a crash', () => {
  const next = prepared(keysOf(identity.privateKey));
  const keys = restarted();
  expect(publicKeyText(keys.signing)).toBe(publicKeyText(identity.privateKey));
  expect(prepared(keys)).toBe(next);
});

test('adopted, it is the only key; the same answer again changes nothing', () => {
  const keys = keysOf(identity.privateKey);
  const next = prepared(keys);
  keys.adopt(next);
  keys.adopt(next);
  expect(publicKeyText(keys.signing)).toBe(next);
  expect(existsSync(nextFile())).toBe(false);
  expect(publicKeyText(restarted().signing)).toBe(next);
});

test('a key that was never made here is not adopted', () => {
  const keys = keysOf(identity.privateKey);
  expect(() => keys.adopt(publicKeyText(makeKey()))).toThrow('a key that was not asked for');
  keys.prepare();
  expect(() => keys.adopt(publicKeyText(makeKey()))).toThrow('a key that was not asked for');
  expect(restarted().signing.export({ format: 'jwk' })).toEqual(identity.privateKey.export({ format: 'jwk' }));
});

test('when the old key is refused the next one is tried, in turns, and stays when it is taken', () => {
  const keys = keysOf(identity.privateKey);
  expect(keys.refused()).toBe(false);
  const next = prepared(keys);
  keys.accepted();
  expect(keys.refused()).toBe(true);
  expect(publicKeyText(keys.signing)).toBe(next);
  expect(keys.refused()).toBe(false);
  expect(publicKeyText(keys.signing)).toBe(publicKeyText(identity.privateKey));
  expect(keys.refused()).toBe(true);
  keys.accepted();
  expect(publicKeyText(restarted().signing)).toBe(next);
});

test.each([
  ['damaged', () => writeFileSync(nextFile(), 'no key', { mode: 0o600 })],
  ['one that others can read', () => chmodSync(nextFile(), 0o644)],
])('a next key that is %s is made anew', (_, spoil) => {
  const before = prepared(keysOf(identity.privateKey));
  spoil();
  const keys = restarted();
  expect(keys.refused()).toBe(false);
  expect(prepared(keys)).not.toBe(before);
  expect(statSync(nextFile()).mode & 0o777).toBe(0o600);
});

test('new pins do not bring the old key back, and a new enrolment leaves no next key of the old one', () => {
  const keys = keysOf(identity.privateKey);
  keys.adopt(prepared(keys));
  const adopted = readFileSync(join(folder, 'agent-key.pem'), 'utf8');
  saveWithoutKey(folder, { ...identity, pins: ['ABCDEFGHJKMNPQ'] });
  expect(readFileSync(join(folder, 'agent-key.pem'), 'utf8')).toBe(adopted);
  expect(loadIdentity(folder)?.pins).toEqual(['ABCDEFGHJKMNPQ']);
  keys.prepare();
  saveIdentity(folder, identity);
  expect(existsSync(nextFile())).toBe(false);
});

test('a disk that takes nothing leaves the old key in use', () => {
  const keys = keysOf(identity.privateKey);
  const next = prepared(keys);
  rmSync(nextFile());
  expect(keys.adopt(next)).toBe(false);
  expect(keys.signing).toBe(identity.privateKey);
  const gone = new AgentKeys(identity.privateKey, { folder: join(folder, 'gone'), logger });
  expect(gone.prepare()).toBeUndefined();
  expect(log.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual([
    'cannot put the new key in its place',
    'cannot keep a new key, going on with the old one',
  ]);
});
