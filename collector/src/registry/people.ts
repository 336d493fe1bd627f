/**
 * People who sign in by name, and the browsers they are signed in with: `people.db`.
 *
 * Specification: passwords are kept as Argon2id hashes, cookies as SHA-256. The secrets of one-time passwords have to be
 * readable, and are protected by the data folder's rights alone. Another password, another secret and a disabled account
 * end the person's sessions in the same transaction; role and unit are read anew with every request. Someone who signs in
 * with an OpenID Connect provider is known by issuer and subject, and has neither password nor secret here. The last
 * administrator stays one.
 */
import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { transaction } from './database.ts';
import type { Role } from './roles.ts';
import { hashSecret } from './secrets.ts';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Code of the unit that the role is limited to; there for `unit-admin` alone. */
  readonly unit: string | undefined;
  /** Absent for people of a provider. */
  readonly passwordHash: string | undefined;
  /** The password was made by someone else. */
  readonly mustChangePassword: boolean;
  readonly totpSecret: Buffer | undefined;
  /** The OpenID Connect provider that knows the person. */
  readonly issuer: string | undefined;
  readonly createdAt: number;
  readonly lastSignInAt: number | undefined;
  readonly disabledAt: number | undefined;
}

export type NewPerson = Pick<Person, 'name' | 'role' | 'unit' | 'passwordHash'> &
  Partial<Pick<Person, 'mustChangePassword'>>;

/** What is there is changed, to undefined too; what is not there stays. */
export type PersonChange = Partial<
  Pick<Person, 'role' | 'unit' | 'passwordHash' | 'mustChangePassword' | 'totpSecret' | 'disabledAt'>
>;

/** A change that cannot be made; the message says why and what to do. */
export class PersonRefused extends Error {
  override name = 'PersonRefused';
}

interface Row {
  id: string;
  name: string;
  role: Role;
  unit: string | null;
  password: string | null;
  must_change_password: number;
  totp_secret: string | null;
  issuer: string | null;
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
    passwordHash: row.password ?? undefined,
    mustChangePassword: row.must_change_password === 1,
    totpSecret: row.totp_secret === null ? undefined : Buffer.from(row.totp_secret, 'hex'),
    issuer: row.issuer ?? undefined,
    createdAt: row.created_at,
    lastSignInAt: row.last_sign_in_at ?? undefined,
    disabledAt: row.disabled_at ?? undefined,
  };
}

/** The name as it is kept: case does not matter when signing in. */
export function foldPersonName(name: string): string {
  return name.trim().toLowerCase();
}

/** Whether it is a name for someone with a password; those of a provider have a colon, which keeps the two apart. */
export function isPersonName(name: string): boolean {
  return /^[a-z0-9][a-z0-9._@-]{0,63}$/.test(name);
}

export function newPersonId(): string {
  return `p-${randomBytes(6).toString('hex')}`;
}

/** Whether the account can administer, now and without anybody's help. */
function isActiveAdmin({ role, disabledAt }: Person): boolean {
  return role === 'admin' && disabledAt === undefined;
}

export class People {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Throws PersonRefused when the name is taken. */
  add(person: NewPerson, at: number): string {
    const id = newPersonId();
    const { role, unit, passwordHash, mustChangePassword = false } = person;
    const name = foldPersonName(person.name);
    transaction(this.#database, () => {
      if (this.byName(name)) throw new PersonRefused(`there is someone called ${name} already`);
      this.#database
        .prepare(
          `INSERT INTO people (id, name, role, unit, password, must_change_password, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(id, name, role, unit ?? null, passwordHash ?? null, Number(mustChangePassword), at);
    });
    return id;
  }

  /** Disabled ones too. */
  byName(name: string): Person | undefined {
    const row = this.#database.prepare('SELECT * FROM people WHERE name = ?').get(foldPersonName(name));
    return row && fromRow(row as unknown as Row);
  }

  byId(id: string): Person | undefined {
    const row = this.#database.prepare('SELECT * FROM people WHERE id = ?').get(id);
    return row && fromRow(row as unknown as Row);
  }

  all(): Person[] {
    return (this.#database.prepare('SELECT * FROM people ORDER BY name').all() as unknown as Row[]).map(fromRow);
  }

  /** All of it or nothing; `keep` is the cookie of the session that goes on. Throws PersonRefused. */
  change(id: string, change: PersonChange, { keep }: { keep?: string | undefined } = {}): void {
    transaction(this.#database, () => {
      const before = this.byId(id);
      if (!before) throw new PersonRefused('the account is not there any more');
      const after = { ...before, ...change };
      if (isActiveAdmin(before) && !isActiveAdmin(after)) this.#refuseLastAdmin(before);
      if (before.issuer !== undefined) refuseProvidersMatters(change);
      this.#write(after);
      if ('totpSecret' in change)
        this.#database.prepare('UPDATE people SET totp_last_step = NULL WHERE id = ?').run(id);
      const isKey = 'passwordHash' in change || 'totpSecret' in change || 'disabledAt' in change;
      if (isKey) this.#endSessions(id, keep);
    });
  }

  /** The person's own choice, or the one of somebody at the collector's machine. */
  setPassword(id: string, passwordHash: string, options: { keep?: string | undefined } = {}): void {
    this.change(id, { passwordHash, mustChangePassword: false }, options);
  }

  /** Disables the account at a time, or enables it again. */
  setDisabled(id: string, disabledAt: number | undefined): void {
    this.change(id, { disabledAt });
  }

  /** From now on a one-time password of this secret is asked for, or none. */
  setTotp(id: string, totpSecret: Buffer | undefined, options: { keep?: string | undefined } = {}): void {
    this.change(id, { totpSecret }, options);
  }

  /** Uses up the step of a one-time password; false when it, or a later one, was used before. */
  useTotpStep(id: string, step: number): boolean {
    const sql = 'UPDATE people SET totp_last_step = ? WHERE id = ? AND coalesce(totp_last_step, -1) < ?';
    return this.#database.prepare(sql).run(step, id, step).changes > 0;
  }

  noteSignIn(id: string, at: number): void {
    this.#database.prepare('UPDATE people SET last_sign_in_at = ? WHERE id = ?').run(at, id);
  }

  signOutEverywhere(id: string): void {
    this.#endSessions(id, undefined);
  }

  #write({ id, role, unit, passwordHash, mustChangePassword, totpSecret, disabledAt }: Person): void {
    this.#database
      .prepare(
        `UPDATE people SET role = ?, unit = ?, password = ?, must_change_password = ?, totp_secret = ?, disabled_at = ?
         WHERE id = ?`,
      )
      .run(
        role,
        unit ?? null,
        passwordHash ?? null,
        Number(mustChangePassword),
        totpSecret?.toString('hex') ?? null,
        disabledAt ?? null,
        id,
      );
  }

  /** For an administrator with a password only those count who have one too: a provider may be away. */
  #refuseLastAdmin(leaving: Person): void {
    const others = this.all().filter((other) => other.id !== leaving.id && isActiveAdmin(other));
    if (others.some(({ issuer }) => leaving.issuer !== undefined || issuer === undefined)) return;
    throw new PersonRefused(`${leaving.name} is the last administrator: make someone else one first`);
  }

  #endSessions(id: string, keep: string | undefined): void {
    this.#database
      .prepare('DELETE FROM browser_sessions WHERE person = ? AND hash <> ?')
      .run(id, keep === undefined ? '' : hashSecret(keep));
  }
}

function refuseProvidersMatters(change: PersonChange): void {
  if (Object.keys(change).some((key) => key !== 'disabledAt')) {
    throw new PersonRefused(
      'role, password and one-time passwords of this person are managed by the OpenID Connect provider',
    );
  }
}
