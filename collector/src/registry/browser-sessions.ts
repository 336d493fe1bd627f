import type { DatabaseSync } from 'node:sqlite';
import type { Role } from './roles.ts';
import { hashSecret, newSecret } from './secrets.ts';

/** A session ends when nobody used it this long … */
const idleMs = 12 * 3_600_000;
/** … and in any case at this age, wall screens included. */
export const sessionMs = 7 * 86_400_000;
/** Who signs in with a provider is known to be in its directory at that moment only. */
const providerSessionMs = 12 * 3_600_000;
/** The end of an idle session is moved at most this often: each move is a synced write. */
const extendEveryMs = 15 * 60_000;

/** One signed-in browser. */
export interface BrowserSession {
  readonly role: Role;
  /** Id of the person; absent like the name. */
  readonly person: string | undefined;
  /** Absent when it was opened by a one-time link, which belongs to nobody. */
  readonly name: string | undefined;
  /** The unit that the role is limited to. */
  readonly unit: string | undefined;
  /** The password was made by someone else, and nothing else may be done before there is another. */
  readonly mustChangePassword: boolean;
  /** When it ends unless it is used, milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Whose session it is: a person's, with the role that they have at each moment, or that of a role alone. */
export type SessionHolder = { readonly person: string } | { readonly role: Role };

interface Row {
  role: Role;
  person: string | null;
  name: string | null;
  unit: string | null;
  issuer: string | null;
  must_change_password: number | null;
  created_at: number;
  expires_at: number;
}

/** The sessions behind the console's cookie, in `people.db`; the cookie's value is kept only as a hash. */
export class BrowserSessions {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Opens a session and returns the cookie's value; forgets sessions that have ended. */
  open(holder: SessionHolder, at: number): { readonly secret: string; readonly session: BrowserSession } {
    const secret = newSecret();
    const [role, person] = 'person' in holder ? [null, holder.person] : [holder.role, null];
    this.#database.prepare('DELETE FROM browser_sessions WHERE expires_at <= ?').run(at);
    this.#database
      .prepare('INSERT INTO browser_sessions (hash, role, person, created_at, expires_at) VALUES (?, ?, ?, ?, ?)')
      .run(hashSecret(secret), role, person, at, at + idleMs);
    const session = this.verify(secret, at);
    if (!session) throw new Error('a session was opened for a person who is disabled');
    return { secret, session };
  }

  /** The session of a cookie, kept alive by being asked for; undefined when it is unknown or has ended. */
  verify(secret: string, at: number): BrowserSession | undefined {
    const hash = hashSecret(secret);
    const row = this.#database
      .prepare(
        `SELECT coalesce(people.role, session.role) AS role, person, name, unit, issuer, must_change_password,
           session.created_at, expires_at
         FROM browser_sessions AS session LEFT JOIN people ON people.id = session.person
         WHERE hash = ? AND expires_at > ? AND disabled_at IS NULL`,
      )
      .get(hash, at) as Row | undefined;
    if (!row) return undefined;
    const end = Math.min(at + idleMs, row.created_at + (row.issuer === null ? sessionMs : providerSessionMs));
    const isDue = end - row.expires_at >= extendEveryMs;
    const expiresAt = isDue && this.#extend(hash, end) ? end : row.expires_at;
    return {
      role: row.role,
      person: row.person ?? undefined,
      name: row.name ?? undefined,
      unit: row.unit ?? undefined,
      mustChangePassword: row.must_change_password === 1,
      expiresAt,
    };
  }

  #extend(hash: string, end: number): boolean {
    try {
      this.#database.prepare('UPDATE browser_sessions SET expires_at = ? WHERE hash = ?').run(end, hash);
      return true;
    } catch {
      // A full disk must not lock out those who come to see what is wrong; the session lasts as long as it says.
      return false;
    }
  }

  close(secret: string): void {
    this.#database.prepare('DELETE FROM browser_sessions WHERE hash = ?').run(hashSecret(secret));
  }
}
