import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BrowserSessions } from './browser-sessions.ts';
import { People } from './people.ts';
import { openPeople } from './people-file.ts';
import { hashSecret } from './secrets.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-people-1-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('people and sessions of format 1 are still there', () => {
  const old = new DatabaseSync(join(folder, 'people.db'), { enableForeignKeyConstraints: true });
  old.exec(`
    CREATE TABLE people (
      id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL, unit TEXT, password TEXT NOT NULL,
      totp_secret TEXT, totp_last_step INTEGER, created_at INTEGER NOT NULL, last_sign_in_at INTEGER, disabled_at INTEGER,
      CHECK ((role = 'unit-admin') = (unit IS NOT NULL))
    ) STRICT;
    CREATE TABLE browser_sessions (
      hash TEXT PRIMARY KEY, role TEXT, person TEXT REFERENCES people(id), created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL, CHECK ((role IS NULL) <> (person IS NULL))
    ) STRICT;
    PRAGMA user_version = 1;
    INSERT INTO people VALUES ('p-1', 'lan', 'unit-admin', 'DH', 'hash', 'ab', 7, 1, 2, NULL);
    INSERT INTO browser_sessions VALUES ('${hashSecret('cookie')}', NULL, 'p-1', 5, 1000);`);
  old.close();
  const database = openPeople(folder);
  const people = new People(database);
  expect(people.all()).toEqual([
    {
      id: 'p-1',
      name: 'lan',
      role: 'unit-admin',
      unit: 'DH',
      passwordHash: 'hash',
      mustChangePassword: false,
      totpSecret: Buffer.from([0xab]),
      issuer: undefined,
      createdAt: 1,
      lastSignInAt: 2,
      disabledAt: undefined,
    },
  ]);
  expect(people.useTotpStep('p-1', 7)).toBe(false);
  expect(new BrowserSessions(database).verify('cookie', 6)).toMatchObject({ name: 'lan', unit: 'DH' });
  expect(() => database.exec("INSERT INTO browser_sessions VALUES ('x', NULL, 'p-none', 1, 2)")).toThrow('FOREIGN KEY');
  database.close();
});
