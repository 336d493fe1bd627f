/** The file of the people and their browsers' sessions, `people.db`; its specification stands in `people.ts`. */
import type { DatabaseSync } from 'node:sqlite';
import { type DatabaseFile, openDatabaseFile } from './database.ts';

/** One entry per format version, in order; never change one that was released. */
const formats: readonly string[] = [
  `CREATE TABLE people (
     id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL, unit TEXT, password TEXT NOT NULL,
     totp_secret TEXT, totp_last_step INTEGER, created_at INTEGER NOT NULL, last_sign_in_at INTEGER, disabled_at INTEGER,
     CHECK ((role = 'unit-admin') = (unit IS NOT NULL))
   ) STRICT;
   CREATE TABLE browser_sessions (
     hash TEXT PRIMARY KEY, role TEXT, person TEXT REFERENCES people(id), created_at INTEGER NOT NULL,
     expires_at INTEGER NOT NULL, CHECK ((role IS NULL) <> (person IS NULL))
   ) STRICT;`,
  // People of an OpenID Connect provider have no password here. SQLite cannot drop NOT NULL, so the tables are made anew;
  // a rename takes the references along.
  `CREATE TABLE new_people (
     id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL, unit TEXT,
     password TEXT, must_change_password INTEGER NOT NULL DEFAULT 0, totp_secret TEXT, totp_last_step INTEGER,
     issuer TEXT, subject TEXT,
     created_at INTEGER NOT NULL, last_sign_in_at INTEGER, disabled_at INTEGER,
     UNIQUE (issuer, subject),
     CHECK ((role = 'unit-admin') = (unit IS NOT NULL)),
     CHECK ((issuer IS NULL) = (subject IS NULL)),
     CHECK ((issuer IS NULL) = (password IS NOT NULL)),
     CHECK (issuer IS NULL OR totp_secret IS NULL)
   ) STRICT;
   INSERT INTO new_people (id, name, role, unit, password, totp_secret, totp_last_step, created_at, last_sign_in_at, disabled_at)
     SELECT id, name, role, unit, password, totp_secret, totp_last_step, created_at, last_sign_in_at, disabled_at FROM people;
   CREATE TABLE new_sessions (
     hash TEXT PRIMARY KEY, role TEXT, person TEXT REFERENCES new_people(id), created_at INTEGER NOT NULL,
     expires_at INTEGER NOT NULL, CHECK ((role IS NULL) <> (person IS NULL))
   ) STRICT;
   INSERT INTO new_sessions SELECT hash, role, person, created_at, expires_at FROM browser_sessions;
   DROP TABLE browser_sessions;
   DROP TABLE people;
   ALTER TABLE new_people RENAME TO people;
   ALTER TABLE new_sessions RENAME TO browser_sessions;`,
];

export const peopleFile: DatabaseFile = { name: 'people.db', formats };

export function openPeople(folder: string): DatabaseSync {
  return openDatabaseFile(folder, peopleFile);
}
