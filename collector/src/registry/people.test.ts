import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BrowserSessions } from './browser-sessions.ts';
import { isPersonName, openPeople, People } from './people.ts';

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
  expect(() => people.add(again, at)).toThrow('UNIQUE');
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
