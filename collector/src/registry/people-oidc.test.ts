import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BrowserSessions } from './browser-sessions.ts';
import { People } from './people.ts';
import { openPeople } from './people-file.ts';
import { type ProviderAccount, ProviderPeople } from './people-oidc.ts';

const at = Date.UTC(2026, 0, 5);
const account: ProviderAccount = {
  issuer: 'https://id.example',
  subject: 'subject-1',
  username: 'Lan.Nguyen',
  role: 'operator',
  unit: undefined,
};
let folder: string;
let database: DatabaseSync;
let people: People;
let provided: ProviderPeople;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-oidc-people-'));
  database = openPeople(folder);
  people = new People(database);
  provided = new ProviderPeople(database);
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

function signIn(changes: Partial<ProviderAccount> = {}): string {
  return provided.signIn({ ...account, ...changes }, at) ?? 'refused';
}

test('someone is known again by issuer and subject, with the role of the day', () => {
  const id = signIn();
  expect(people.all()).toMatchObject([{ name: 'oidc:lan.nguyen', role: 'operator', issuer: account.issuer }]);
  expect(signIn({ username: 'another', role: 'unit-admin', unit: 'DH' })).toBe(id);
  expect(people.all()).toMatchObject([{ name: 'oidc:lan.nguyen', role: 'unit-admin', unit: 'DH', lastSignInAt: at }]);
});

test('a local account of the same name is somebody else', () => {
  const local = people.add({ name: 'lan.nguyen', role: 'admin', unit: undefined, passwordHash: 'hash' }, at);
  expect(signIn()).not.toBe(local);
  expect(people.byId(local)).toMatchObject({ role: 'admin', lastSignInAt: undefined });
});

test('so is another subject, and the same subject of another issuer', () => {
  const ids = [signIn(), signIn({ subject: 'subject-2' }), signIn({ issuer: 'https://other.example' })];
  expect(new Set(ids).size).toBe(3);
  expect(people.all().map(({ name }) => name)).toEqual(['oidc:lan.nguyen', 'oidc:lan.nguyen~2', 'oidc:lan.nguyen~3']);
});

test.each([
  ['Đặng Thị Lan', 'oidc:dang-thi-lan'],
  ['<script>alert(1)', 'oidc:-script-alert-1-'],
  ['x'.repeat(5_000), `oidc:${'x'.repeat(64)}`],
])('whatever the provider calls them: %j', (username, name) => {
  signIn({ username });
  expect(people.all()[0]?.name).toBe(name);
});

test('a disabled account stays out', () => {
  people.setDisabled(signIn(), at);
  expect(signIn({ role: 'admin' })).toBe('refused');
  expect(people.all()[0]?.role).toBe('operator');
});

test('role, password and code are the provider’s matter', () => {
  const id = signIn();
  expect(() => people.change(id, { role: 'admin' })).toThrow('managed by the OpenID Connect provider');
  expect(() => people.setPassword(id, 'hash')).toThrow('managed by');
  expect(() => people.setTotp(id, Buffer.from('x'))).toThrow('managed by');
});

test('the last administrator with a password stays one, whatever the provider gives', () => {
  const admin = people.add({ name: 'an', role: 'admin', unit: undefined, passwordHash: 'hash' }, at);
  const other = signIn({ role: 'admin' });
  expect(() => people.setDisabled(admin, at)).toThrow('last administrator');
  people.setDisabled(other, at);
});

test('a session lasts half a day at most, and ends when the provider gives no role any more', () => {
  const sessions = new BrowserSessions(database);
  const { secret } = sessions.open({ person: signIn() }, at);
  const hour = 3_600_000;
  expect(sessions.verify(secret, at + 11 * hour)).toBeDefined();
  expect(sessions.verify(secret, at + 12 * hour)).toBeUndefined();
  const second = sessions.open({ person: signIn() }, at).secret;
  provided.signOutEverywhere(account);
  expect(sessions.verify(second, at)).toBeUndefined();
});
