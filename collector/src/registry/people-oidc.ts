/** People whom an OpenID Connect provider knows. They are found by issuer and subject, never by a name or an address. */
import type { DatabaseSync } from 'node:sqlite';
import { transaction } from './database.ts';
import { foldPersonName, newPersonId } from './people.ts';
import type { RoleHolder } from './roles.ts';

/** What a provider says of someone who has just signed in there. */
export interface ProviderAccount extends RoleHolder {
  readonly issuer: string;
  readonly subject: string;
  /** What the provider calls them: for people to read, and nothing to trust. */
  readonly username: string;
}

interface Found {
  readonly id: string;
  readonly disabled_at: number | null;
}

const maxNameLength = 64;

/** A colon is in no name that is signed in with: nobody of a provider can look like a local account. */
function nameOf({ username }: ProviderAccount): string {
  const plain = foldPersonName(username)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('đ', 'd')
    .replace(/[^a-z0-9._@-]+/g, '-')
    .slice(0, maxNameLength);
  return `oidc:${plain}`;
}

export class ProviderPeople {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Notes the sign-in with the role of this moment; returns the person's id, or undefined for a disabled account. */
  signIn(account: ProviderAccount, at: number): string | undefined {
    return transaction(this.#database, () => {
      const found = this.#find(account);
      if (found && found.disabled_at !== null) return undefined;
      const id = found?.id ?? this.#add(account, at);
      this.#database
        .prepare('UPDATE people SET role = ?, unit = ?, last_sign_in_at = ? WHERE id = ?')
        .run(account.role, account.unit ?? null, at, id);
      return id;
    });
  }

  /** Ends what is open for someone to whom the provider no longer gives a role. */
  signOutEverywhere(account: Pick<ProviderAccount, 'issuer' | 'subject'>): void {
    const found = this.#find(account);
    if (found) this.#database.prepare('DELETE FROM browser_sessions WHERE person = ?').run(found.id);
  }

  #find({ issuer, subject }: Pick<ProviderAccount, 'issuer' | 'subject'>): Found | undefined {
    const sql = 'SELECT id, disabled_at FROM people WHERE issuer = ? AND subject = ?';
    return this.#database.prepare(sql).get(issuer, subject) as Found | undefined;
  }

  #add(account: ProviderAccount, at: number): string {
    const id = newPersonId();
    this.#database
      .prepare('INSERT INTO people (id, name, role, unit, issuer, subject, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(
        id,
        this.#freeName(nameOf(account)),
        account.role,
        account.unit ?? null,
        account.issuer,
        account.subject,
        at,
      );
    return id;
  }

  /** A name that the provider gave to someone else before stays theirs, in the audit log above all. */
  #freeName(wanted: string): string {
    const isTaken = this.#database.prepare('SELECT 1 FROM people WHERE name = ?');
    let name = wanted;
    for (let next = 2; isTaken.get(name); next += 1) name = `${wanted}~${next}`;
    return name;
  }
}
