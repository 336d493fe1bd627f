import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BrowserSessions, sessionMs } from './browser-sessions.ts';
import { People } from './people.ts';
import { openPeople } from './people-file.ts';

const at = Date.UTC(2026, 0, 5);
const hour = 3_600_000;
let folder: string;
let database: DatabaseSync;
let sessions: BrowserSessions;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-sessions-'));
  database = openPeople(folder);
  sessions = new BrowserSessions(database);
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

test('a session is known by its secret until it is closed', () => {
  const { secret } = sessions.open({ role: 'operator' }, at);
  expect(sessions.verify(secret, at)?.role).toBe('operator');
  sessions.close(secret);
  expect(sessions.verify(secret, at)).toBeUndefined();
});

test('an unused session ends after twelve hours', () => {
  const { secret } = sessions.open({ role: 'viewer' }, at);
  expect(sessions.verify(secret, at + 12 * hour)).toBeUndefined();
});

test('a session in use goes on, but not past a week', () => {
  const { secret } = sessions.open({ role: 'viewer' }, at);
  let last = at;
  for (let time = at; sessions.verify(secret, time) !== undefined; time += hour) last = time;
  expect(last).toBe(at + sessionMs - hour);
});

test('the end is not moved at every request', () => {
  const { secret, session } = sessions.open({ role: 'viewer' }, at);
  expect(sessions.verify(secret, at + 60_000)?.expiresAt).toBe(session.expiresAt);
  expect(sessions.verify(secret, at + hour)?.expiresAt).toBe(session.expiresAt + hour);
});

test('ended sessions are forgotten when another opens', () => {
  sessions.open({ role: 'viewer' }, at);
  sessions.open({ role: 'viewer' }, at + 13 * hour);
  expect(database.prepare('SELECT count(*) AS n FROM browser_sessions').get()).toEqual({ n: 1 });
});

test("a person's session follows the person", () => {
  const people = new People(database);
  const person = people.add({ name: 'Lan', role: 'unit-admin', unit: 'DH', passwordHash: 'x' }, at);
  const { secret, session } = sessions.open({ person }, at);
  expect(session).toMatchObject({ role: 'unit-admin', name: 'lan', unit: 'DH' });
  database.prepare("UPDATE people SET role = 'viewer', unit = NULL").run();
  expect(sessions.verify(secret, at)).toMatchObject({ role: 'viewer', unit: undefined });
  people.setDisabled(person, at);
  expect(sessions.verify(secret, at)).toBeUndefined();
  expect(() => sessions.open({ person }, at)).toThrow('disabled');
});
