import { createHash, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { type AgentClass, encodeBase32, tokenKeyInput, tokenLookupInput, tokenSymbols } from '@vonggac/shared';
import { transaction } from './database.ts';
import { refusePendingOf } from './pending-enrolments.ts';

/** An enrolment code as the collector keeps it: without the token. Times are milliseconds since 1970. */
export interface EnrolmentCodeRecord {
  readonly id: string;
  readonly unit: string;
  readonly class: AgentClass;
  readonly uses: number;
  readonly usesLeft: number;
  /** A machine that proves it waits for a person's word. */
  readonly approve: boolean;
  readonly createdAt: number;
  /** Absent for codes of older versions. */
  readonly createdBy: string | undefined;
  readonly expiresAt: number;
  readonly revokedAt: number | undefined;
}

/** What a new code is for; the rest of it is made here. */
export interface NewCode {
  readonly unit: string;
  readonly class: AgentClass;
  readonly uses: number;
  readonly approve?: boolean | undefined;
  readonly createdBy?: string | undefined;
  readonly expiresAt: number;
  readonly now: number;
}

/** Limits of what may be asked for. */
export const maxUses = 10_000;
export const maxCodeLifeMs = 365 * 86_400_000;

export const codeStates = ['usable', 'used_up', 'expired', 'revoked'] as const;
export type CodeState = (typeof codeStates)[number];

export function codeStateOf(code: EnrolmentCodeRecord, now: number): CodeState {
  if (code.revokedAt !== undefined) return 'revoked';
  if (code.usesLeft === 0) return 'used_up';
  return code.expiresAt <= now ? 'expired' : 'usable';
}

interface Row {
  id: string;
  unit: string;
  class: AgentClass;
  secret_key: string;
  uses: number;
  uses_left: number;
  approve: number;
  created_at: number;
  created_by: string | null;
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
    approve: row.approve === 1,
    createdAt: row.created_at,
    createdBy: row.created_by ?? undefined,
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
  create(code: NewCode): { record: EnrolmentCodeRecord; token: string } {
    const token = encodeBase32(randomBytes(10)).slice(0, tokenSymbols);
    const record: EnrolmentCodeRecord = {
      id: `c-${randomBytes(4).toString('hex')}`,
      unit: code.unit,
      class: code.class,
      uses: code.uses,
      usesLeft: code.uses,
      approve: code.approve ?? false,
      createdAt: code.now,
      createdBy: code.createdBy,
      expiresAt: code.expiresAt,
      revokedAt: undefined,
    };
    this.#database
      .prepare(
        `INSERT INTO codes
         (id, lookup, secret_key, unit, class, uses, uses_left, approve, created_at, created_by, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        record.id,
        sha256(tokenLookupInput(token)),
        sha256(tokenKeyInput(token)),
        record.unit,
        record.class,
        record.uses,
        record.usesLeft,
        Number(record.approve),
        record.createdAt,
        record.createdBy ?? null,
        record.expiresAt,
      );
    return { token, record };
  }

  get(id: string): EnrolmentCodeRecord | undefined {
    const row = this.#database.prepare('SELECT * FROM codes WHERE id = ?').get(id) as Row | undefined;
    return row && fromRow(row);
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

  /** Refuses the machines that wait with it too. Returns undefined when there is no such code or it is revoked already. */
  revoke(id: string, { by, now }: { readonly by: string; readonly now: number }): { refused: number } | undefined {
    return transaction(this.#database, () => {
      const revoked = this.#database
        .prepare('UPDATE codes SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL')
        .run(now, id);
      return revoked.changes === 1 ? { refused: refusePendingOf(this.#database, { code: id, by, now }) } : undefined;
    });
  }
}
