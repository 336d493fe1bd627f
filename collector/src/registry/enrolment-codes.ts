import { createHash, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { type AgentClass, encodeBase32, tokenKeyInput, tokenLookupInput, tokenSymbols } from '@vonggac/shared';
import { transaction } from './database.ts';

/** An enrolment code as the collector keeps it: without the token. Times are milliseconds since 1970. */
export interface EnrolmentCodeRecord {
  readonly id: string;
  readonly unit: string;
  readonly class: AgentClass;
  readonly uses: number;
  readonly usesLeft: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number | undefined;
}

interface Row {
  id: string;
  unit: string;
  class: AgentClass;
  secret_key: string;
  uses: number;
  uses_left: number;
  created_at: number;
  expires_at: number;
  revoked_at: number | null;
}

function fromRow(row: Row): EnrolmentCodeRecord {
  return {
    id: row.id,
    unit: row.unit,
    class: row.class,
    uses: row.uses,
    usesLeft: row.uses_left,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at ?? undefined,
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url');
}

/** Enrolment codes: unit-scoped, expiring, use-limited. Only hashes of the tokens are stored. */
export class EnrolmentCodes {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Makes a code; the token is returned once and kept nowhere. */
  create(options: { unit: string; class: AgentClass; uses: number; expiresAt: number; now: number }): {
    record: EnrolmentCodeRecord;
    token: string;
  } {
    const token = encodeBase32(randomBytes(10)).slice(0, tokenSymbols);
    const id = `c-${randomBytes(4).toString('hex')}`;
    this.#database
      .prepare(
        `INSERT INTO codes (id, lookup, secret_key, unit, class, uses, uses_left, created_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        id,
        sha256(tokenLookupInput(token)),
        sha256(tokenKeyInput(token)),
        options.unit,
        options.class,
        options.uses,
        options.uses,
        options.now,
        options.expiresAt,
      );
    return {
      token,
      record: {
        id,
        unit: options.unit,
        class: options.class,
        uses: options.uses,
        usesLeft: options.uses,
        createdAt: options.now,
        expiresAt: options.expiresAt,
        revokedAt: undefined,
      },
    };
  }

  /** The code with this lookup and the key that proves it (base64url), whether or not it may still be used. */
  find(lookup: string): { record: EnrolmentCodeRecord; key: string } | undefined {
    const row = this.#database.prepare('SELECT * FROM codes WHERE lookup = ?').get(lookup) as Row | undefined;
    return row && { record: fromRow(row), key: row.secret_key };
  }

  /**
   * Takes one use of the code and runs `grant` in the same transaction, so that a use is never taken for nothing.
   * Returns undefined when the code is used up, expired or revoked.
   */
  use<T>(id: string, options: { now: number; grant: () => T }): T | undefined {
    return transaction(this.#database, () => {
      const taken = this.#database
        .prepare(
          `UPDATE codes SET uses_left = uses_left - 1
           WHERE id = ? AND uses_left > 0 AND expires_at > ? AND revoked_at IS NULL`,
        )
        .run(id, options.now);
      return taken.changes === 1 ? options.grant() : undefined;
    });
  }

  all(): EnrolmentCodeRecord[] {
    const rows = this.#database.prepare('SELECT * FROM codes ORDER BY created_at, id').all();
    return (rows as unknown as Row[]).map(fromRow);
  }

  /** Returns false when there is no such code or it is revoked already. */
  revoke(id: string, at: number): boolean {
    const result = this.#database
      .prepare('UPDATE codes SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL')
      .run(at, id);
    return result.changes === 1;
  }
}
