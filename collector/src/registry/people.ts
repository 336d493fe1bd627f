/**
 * People who sign in by name, and the browsers they are signed in with: `people.db`.
 *
 * Specification: passwords are kept as Argon2id hashes, cookies as SHA-256. The secrets of one-time passwords have to be
 * readable, and are protected by the data folder's rights alone. A new password and a disabled account end the
 * person's sessions in the same transaction; role and unit are read anew with every request.
 */
import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabaseFile, transaction } from './database.ts';
import type { Role } from './roles.ts';

const formats = [
  `CREATE TABLE people (
     id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL, unit TEXT, password TEXT NOT NULL,
     totp_secret TEXT, totp_last_step INTEGER, created_at INTEGER NOT NULL, last_sign_in_at INTEGER, disabled_at INTEGER,
     CHECK ((role = 'unit-admin') = (unit IS NOT NULL))
   ) STRICT;
   CREATE TABLE browser_sessions (
     hash TEXT PRIMARY KEY, role TEXT, person TEXT REFERENCES people(id), created_at INTEGER NOT NULL,
     expires_at INTEGER NOT NULL, CHECK ((role IS NULL) <> (person IS NULL))
   ) STRICT;`,
];

export function openPeople(folder: string): DatabaseSync {
  return openDatabaseFile(folder, { name: 'people.db', formats });
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Code of the unit that the role is limited to; there for `unit-admin` alone. */
  readonly unit: string | undefined;
  readonly passwordHash: string;
  readonly totpSecret: Buffer | undefined;
  readonly createdAt: number;
  readonly lastSignInAt: number | undefined;
  readonly disabledAt: number | undefined;
}

interface Row {
  id: string;
  name: string;
  role: Role;
  unit: string | null;
  password: string;
  totp_secret: string | null;
  created_at: number;
  last_sign_in_at: number | null;
  disabled_at: number | null;
}

function fromRow(row: Row): Person {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    unit: row.unit ?? undefined,
    passwordHash: row.password,
    totpSecret: row.totp_secret === null ? undefined : Buffer.from(row.totp_secret, 'hex'),
    createdAt: row.created_at,
    lastSignInAt: row.last_sign_in_at ?? undefined,
    disabledAt: row.disabled_at ?? undefined,
  };
}

/** The name as it is kept: case does not matter when signing in. */
export function foldPersonName(name: string): string {
  return name.trim().toLowerCase();
}

export function isPersonName(name: string): boolean {
  return /^[a-z0-9][a-z0-9._@-]{0,63}$/.test(name);
}

export class People {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Throws when the name is taken. */
  add(person: Pick<Person, 'name' | 'role' | 'unit' | 'passwordHash'>, at: number): string {
    const id = `p-${randomBytes(6).toString('hex')}`;
    this.#database
      .prepare('INSERT INTO people (id, name, role, unit, password, created_at) VALUES (?, ?, ?, ?, ?, ?)')
      .run(id, foldPersonName(person.name), person.role, person.unit ?? null, person.passwordHash, at);
    return id;
  }

  /** Disabled ones too. */
  byName(name: string): Person | undefined {
    const row = this.#database.prepare('SELECT * FROM people WHERE name = ?').get(foldPersonName(name));
    return row && fromRow(row as unknown as Row);
  }

  all(): Person[] {
    return (this.#database.prepare('SELECT * FROM people ORDER BY name').all() as unknown as Row[]).map(fromRow);
  }

  setPassword(id: string, passwordHash: string): void {
    transaction(this.#database, () => {
      this.#database.prepare('UPDATE people SET password = ? WHERE id = ?').run(passwordHash, id);
      this.#endSessions(id);
    });
  }

  /** Disables the account at a time, or enables it again. */
  setDisabled(id: string, at: number | undefined): void {
    transaction(this.#database, () => {
      this.#database.prepare('UPDATE people SET disabled_at = ? WHERE id = ?').run(at ?? null, id);
      this.#endSessions(id);
    });
  }

  /** From now on a one-time password of this secret is asked for, or none. */
  setTotp(id: string, secret: Buffer | undefined): void {
    transaction(this.#database, () => {
      this.#database
        .prepare('UPDATE people SET totp_secret = ?, totp_last_step = NULL WHERE id = ?')
        .run(secret?.toString('hex') ?? null, id);
      this.#endSessions(id);
    });
  }

  /** Uses up the step of a one-time password; false when it, or a later one, was used before. */
  useTotpStep(id: string, step: number): boolean {
    const sql = 'UPDATE people SET totp_last_step = ? WHERE id = ? AND coalesce(totp_last_step, -1) < ?';
    return this.#database.prepare(sql).run(step, id, step).changes > 0;
  }

  noteSignIn(id: string, at: number): void {
    this.#database.prepare('UPDATE people SET last_sign_in_at = ? WHERE id = ?').run(at, id);
  }

  #endSessions(id: string): void {
    this.#database.prepare('DELETE FROM browser_sessions WHERE person = ?').run(id);
  }
}
