import type { DatabaseSync } from 'node:sqlite';
import type { Role } from './roles.ts';
import { hashSecret, newSecret } from './secrets.ts';

/** How long a sign-in link works. */
export const signInLinkMs = 15 * 60_000;

/**
 * The console's path for a code. The code is in the fragment, which browsers keep to themselves: it reaches no access
 * log, no proxy and no program that previews links.
 */
export function signInPath(code: string): string {
  return `/sign-in#code=${code}`;
}

/** Links that open a browser session once; the code is kept only as a hash. */
export class SignInLinks {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Makes a code for one sign-in with `role`, and forgets codes that no longer work. */
  create(role: Role, at: number): string {
    const code = newSecret();
    this.#database.prepare('DELETE FROM sign_in_links WHERE expires_at <= ?').run(at);
    this.#database
      .prepare('INSERT INTO sign_in_links (hash, role, expires_at) VALUES (?, ?, ?)')
      .run(hashSecret(code), role, at + signInLinkMs);
    return code;
  }

  /** Uses the code up and returns its role; undefined for a wrong, used or expired one. */
  redeem(code: string, at: number): Role | undefined {
    const row = this.#database
      .prepare(
        'UPDATE sign_in_links SET used_at = ? WHERE hash = ? AND used_at IS NULL AND expires_at > ? RETURNING role',
      )
      .get(at, hashSecret(code), at) as { role: Role } | undefined;
    return row?.role;
  }
}
