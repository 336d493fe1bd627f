import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Role } from './roles.ts';
import { hashSecret, newSecret } from './secrets.ts';

/** `last_used_at` is for people who clean up; it is not worth a synced write for every request. */
const lastUsedEveryMs = 60_000;

/** One token of a program or a person. Times are milliseconds since 1970. */
export interface TokenRecord {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** The unit that the role is limited to, with those below it. */
  readonly unit: string | undefined;
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
  readonly revokedAt: number | undefined;
  readonly lastUsedAt: number | undefined;
}

interface Row {
  id: string;
  name: string;
  role: Role;
  unit: string | null;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  last_used_at: number | null;
}

const columns = 'id, name, role, unit, created_at, expires_at, revoked_at, last_used_at';

function fromRow(row: Row): TokenRecord {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    unit: row.unit ?? undefined,
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
    lastUsedAt: row.last_used_at ?? undefined,
  };
}

export interface NewToken {
  readonly name: string;
  readonly role: Role;
  readonly unit?: string | undefined;
  readonly expiresAt?: number | undefined;
}

/** The tokens of the API: `vg_` and 32 random bytes, shown once, kept only as a hash. */
export class Tokens {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Makes a token; `token` in the answer is the only copy there will ever be. */
  create(options: NewToken, at: number): { readonly token: string; readonly record: TokenRecord } {
    const token = `vg_${newSecret()}`;
    const record: TokenRecord = {
      id: `t-${randomBytes(6).toString('hex')}`,
      name: options.name,
      role: options.role,
      unit: options.unit,
      createdAt: at,
      expiresAt: options.expiresAt,
      revokedAt: undefined,
      lastUsedAt: undefined,
    };
    this.#database
      .prepare('INSERT INTO tokens (id, name, role, unit, hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(record.id, record.name, record.role, record.unit ?? null, hashSecret(token), at, record.expiresAt ?? null);
    return { token, record };
  }

  /** The record of a token that is valid now; unknown, expired and revoked ones look the same to the caller. */
  verify(token: string, at: number): TokenRecord | undefined {
    const row = this.#database
      .prepare(
        `SELECT ${columns} FROM tokens
         WHERE hash = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)`,
      )
      .get(hashSecret(token), at) as Row | undefined;
    if (!row) return undefined;
    if (at - (row.last_used_at ?? 0) >= lastUsedEveryMs) this.#noteUse(row.id, at);
    return fromRow(row);
  }

  #noteUse(id: string, at: number): void {
    try {
      this.#database.prepare('UPDATE tokens SET last_used_at = ? WHERE id = ?').run(at, id);
    } catch {
      // A full disk must not lock out those who come to see what is wrong.
    }
  }

  all(): TokenRecord[] {
    const rows = this.#database.prepare(`SELECT ${columns} FROM tokens ORDER BY created_at, id`).all();
    return (rows as unknown as Row[]).map(fromRow);
  }

  /** Returns false when there is no such token or it is revoked already. */
  revoke(id: string, at: number): boolean {
    const result = this.#database
      .prepare('UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL')
      .run(at, id);
    return result.changes > 0;
  }

  /** Forgets a token altogether: for one that was made for a moment and is of no interest afterwards. */
  remove(id: string): void {
    this.#database.prepare('DELETE FROM tokens WHERE id = ?').run(id);
  }
}
