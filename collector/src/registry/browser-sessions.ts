import type { DatabaseSync } from 'node:sqlite';
import type { Role } from './roles.ts';
import { hashSecret, newSecret } from './secrets.ts';

/** A session ends when nobody used it this long … */
const idleMs = 12 * 3_600_000;
/** … and in any case at this age, wall screens included. */
export const sessionMs = 7 * 86_400_000;
/** The end of an idle session is moved at most this often: each move is a synced write. */
const extendEveryMs = 15 * 60_000;

/** One signed-in browser. */
export interface BrowserSession {
  readonly role: Role;
  /** When it ends unless it is used, milliseconds since 1970. */
  readonly expiresAt: number;
}

interface Row {
  role: Role;
  created_at: number;
  expires_at: number;
}

/** The sessions behind the console's cookie; the cookie's value is kept only as a hash. */
export class BrowserSessions {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Opens a session and returns the cookie's value; forgets sessions that have ended. */
  open(role: Role, at: number): { readonly secret: string; readonly session: BrowserSession } {
    const secret = newSecret();
    const session: BrowserSession = { role, expiresAt: at + idleMs };
    this.#database.prepare('DELETE FROM browser_sessions WHERE expires_at <= ?').run(at);
    this.#database
      .prepare('INSERT INTO browser_sessions (hash, role, created_at, expires_at) VALUES (?, ?, ?, ?)')
      .run(hashSecret(secret), role, at, session.expiresAt);
    return { secret, session };
  }

  /** The session of a cookie, kept alive by being asked for; undefined when it is unknown or has ended. */
  verify(secret: string, at: number): BrowserSession | undefined {
    const hash = hashSecret(secret);
    const row = this.#database
      .prepare('SELECT role, created_at, expires_at FROM browser_sessions WHERE hash = ? AND expires_at > ?')
      .get(hash, at) as Row | undefined;
    if (!row) return undefined;
    const end = Math.min(at + idleMs, row.created_at + sessionMs);
    if (end - row.expires_at < extendEveryMs) return { role: row.role, expiresAt: row.expires_at };
    return { role: row.role, expiresAt: this.#extend(hash, end) ? end : row.expires_at };
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
