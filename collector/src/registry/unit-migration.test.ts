import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Agents } from './agents.ts';
import { openRegistry } from './database.ts';
import { EnrolmentCodes } from './enrolment-codes.ts';
import { startOf } from './unit-times.ts';
import { Units } from './units.ts';

const day = startOf('2026-01-05');
/** The tables of format 1 that later formats change, as they were released. */
const format1 = `
  CREATE TABLE units (
    code TEXT PRIMARY KEY, name TEXT NOT NULL, parent TEXT REFERENCES units(code), created_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE agents (
    id TEXT PRIMARY KEY, hostname TEXT NOT NULL, unit TEXT NOT NULL REFERENCES units(code), class TEXT NOT NULL,
    public_key TEXT NOT NULL UNIQUE, platform TEXT NOT NULL, version TEXT NOT NULL, code_id TEXT,
    enrolled_at INTEGER NOT NULL, last_seen INTEGER, revoked_at INTEGER
  ) STRICT;
  CREATE INDEX agents_by_unit ON agents(unit, id);
  CREATE TABLE codes (
    id TEXT PRIMARY KEY, lookup TEXT NOT NULL UNIQUE, secret_key TEXT NOT NULL, unit TEXT NOT NULL REFERENCES units(code),
    class TEXT NOT NULL, uses_left INTEGER NOT NULL, uses INTEGER NOT NULL, created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL, revoked_at INTEGER
  ) STRICT;
  CREATE TABLE tokens (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL,
    expires_at INTEGER, revoked_at INTEGER, last_used_at INTEGER
  ) STRICT;
  PRAGMA user_version = 1;`;

let folder: string;
let old: DatabaseSync;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-format1-'));
  old = new DatabaseSync(join(folder, 'collector.db'), { enableForeignKeyConstraints: true });
  old.exec(format1);
});

afterEach(() => rmSync(folder, { recursive: true }));

test('units of format 1 keep their names, parents, machines and codes, and begin on the day they were made', () => {
  old.exec(`
    INSERT INTO units VALUES ('QB', 'Tỉnh', NULL, ${day + 3_600_000}), ('DH', 'Thành phố', 'QB', ${day + 90_000_000});
    INSERT INTO agents VALUES ('a-1', 'pc', 'DH', 'pc', 'key', 'linux', '1', 'c-1', 5, NULL, NULL);
    INSERT INTO codes VALUES ('c-1', 'l', 'k', 'DH', 'pc', 1, 1, 0, 10, NULL);`);
  old.close();
  const database = openRegistry(folder);
  const units = new Units(database);
  expect(units.list()).toEqual([
    { code: 'DH', name: 'Thành phố', parent: 'QB', valid_from: day + 86_400_000, valid_to: undefined },
    { code: 'QB', name: 'Tỉnh', valid_from: day, valid_to: undefined },
  ]);
  expect(new Agents(database).get('a-1')?.unit).toBe('DH');
  expect(new EnrolmentCodes(database).all()[0]?.unit).toBe('DH');
  expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
  units.retire('DH', { into: 'QB', now: day + 200_000_000 });
  expect(new Agents(database).get('a-1')?.unit).toBe('QB');
  database.close();
});

test('a parent that was made after its children, by a clock set back, begins with them', () => {
  old.exec(`
    INSERT INTO units VALUES ('QB', 'Tỉnh', NULL, ${day + 900_000_000}), ('DH', 'Thành phố', 'QB', ${day});
    INSERT INTO units VALUES ('BL', 'Phường', 'DH', ${day + 90_000_000});`);
  old.close();
  const database = openRegistry(folder);
  const units = new Units(database);
  expect(units.list().map(({ code, valid_from }) => [code, valid_from])).toEqual([
    ['BL', day + 86_400_000],
    ['DH', day],
    ['QB', day],
  ]);
  expect(() => units.change('BL', { name: 'Phường mới' }, { now: day + 900_000_000 })).not.toThrow();
  database.close();
});

test('no units is a case too, and opening twice migrates once', () => {
  old.close();
  openRegistry(folder).close();
  const database = openRegistry(folder);
  expect(new Units(database).list()).toEqual([]);
  database.close();
});
