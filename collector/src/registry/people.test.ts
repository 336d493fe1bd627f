import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BrowserSessions } from './browser-sessions.ts';
import { isPersonName, People, PersonRefused } from './people.ts';
import { openPeople } from './people-file.ts';

const at = Date.UTC(2026, 0, 5);
let folder: string;
let database: DatabaseSync;
let people: People;
let lan: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-people-'));
  database = openPeople(folder);
  people = new People(database);
  lan = people.add({ name: 'Lan.Nguyen', role: 'operator', unit: undefined, passwordHash: 'hash' }, at);
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

test('a person is found by name, whatever its case, and added once', () => {
  expect(people.byName(' LAN.nguyen ')).toMatchObject({ id: lan, name: 'lan.nguyen', role: 'operator' });
  expect(people.byName('nobody')).toBeUndefined();
  const again = { name: 'lan.nguyen', role: 'viewer', unit: undefined, passwordHash: 'x' } as const;
  expect(() => people.add(again, at)).toThrow('someone called lan.nguyen already');
});

test('a unit belongs to a unit-admin, and to nobody else', () => {
  const base = { name: 'binh', passwordHash: 'x' };
  expect(() => people.add({ ...base, role: 'unit-admin', unit: undefined }, at)).toThrow('CHECK');
  expect(() => people.add({ ...base, role: 'admin', unit: 'DH' }, at)).toThrow('CHECK');
  people.add({ ...base, role: 'unit-admin', unit: 'DH' }, at);
  expect(people.all().map(({ name, unit }) => [name, unit])).toEqual([
    ['binh', 'DH'],
    ['lan.nguyen', undefined],
  ]);
});

test.each([
  ['a new password', () => people.setPassword(lan, 'other')],
  ['disabling', () => people.setDisabled(lan, at)],
  ['another secret', () => people.setTotp(lan, Buffer.from('secret'))],
])("%s ends the person's sessions and nobody else's", (_, change) => {
  const sessions = new BrowserSessions(database);
  const own = sessions.open({ person: lan }, at).secret;
  const other = sessions.open({ role: 'admin' }, at).secret;
  change();
  people.setDisabled(lan, undefined);
  expect(sessions.verify(own, at)).toBeUndefined();
  expect(sessions.verify(other, at)).toBeDefined();
});

test('a step of a one-time password is used once, and no earlier one after it', () => {
  people.setTotp(lan, Buffer.from('secret'));
  expect([5, 5, 4, 6].map((step) => people.useTotpStep(lan, step))).toEqual([true, false, false, true]);
  people.setTotp(lan, Buffer.from('other'));
  expect(people.byName('lan.nguyen')?.totpSecret).toEqual(Buffer.from('other'));
  expect(people.useTotpStep(lan, 6)).toBe(true);
});

test.each(['', '.x', 'Lan', 'lan nguyen', 'lần', 'x'.repeat(65), '=1'])('%j is not a name', (name) => {
  expect(isPersonName(name)).toBe(false);
});

test('the session that asks for a change can go on', () => {
  const sessions = new BrowserSessions(database);
  const [own, other] = [sessions.open({ person: lan }, at).secret, sessions.open({ person: lan }, at).secret];
  people.setPassword(lan, 'other', { keep: own });
  expect([sessions.verify(own, at), sessions.verify(other, at)]).toEqual([expect.anything(), undefined]);
  people.signOutEverywhere(lan);
  expect(sessions.verify(own, at)).toBeUndefined();
});

test('another role ends no session, and holds at once', () => {
  const sessions = new BrowserSessions(database);
  const { secret } = sessions.open({ person: lan }, at);
  people.change(lan, { role: 'unit-admin', unit: 'DH' });
  expect(sessions.verify(secret, at)).toMatchObject({ role: 'unit-admin', unit: 'DH' });
});

test('a change that cannot be made whole is not made at all', () => {
  expect(() => people.change(lan, { passwordHash: 'new', role: 'unit-admin', unit: undefined })).toThrow('CHECK');
  expect(people.byId(lan)).toMatchObject({ passwordHash: 'hash', role: 'operator' });
  expect(() => people.change('p-none', { role: 'viewer' })).toThrow(PersonRefused);
});

test('the password of somebody else is marked until there is an own one', () => {
  const id = people.add(
    { name: 'binh', role: 'viewer', unit: undefined, passwordHash: 'x', mustChangePassword: true },
    at,
  );
  expect(people.byId(id)?.mustChangePassword).toBe(true);
  people.setPassword(id, 'y');
  expect(people.byId(id)?.mustChangePassword).toBe(false);
});

test('the last administrator is neither disabled nor demoted', () => {
  const add = (name: string) => people.add({ name, role: 'admin', unit: undefined, passwordHash: 'x' }, at);
  const [first, second] = [add('an'), add('binh')];
  people.setDisabled(first, at);
  expect(() => people.setDisabled(second, at)).toThrow('binh is the last administrator');
  expect(() => people.change(second, { role: 'viewer' })).toThrow('binh is the last administrator');
  people.setPassword(second, 'other');
  people.setDisabled(first, undefined);
  people.change(second, { role: 'viewer' });
  expect(people.byId(second)?.role).toBe('viewer');
});
