import type { DatabaseSync } from 'node:sqlite';

/** What came of a right proof of a code's token. Wrong tokens belong to no code; they are counted in `/metrics`. */
export const useOutcomes = [
  'enrolled',
  /** Waits for a person; then one of the three that follow. */
  'pending',
  'accepted',
  'refused',
  'lapsed',
  'code_expired',
  'code_used_up',
  'code_revoked',
  /** The key belongs to a machine of another code, or cannot be one. */
  'key_refused',
  'too_many_pending',
] as const;
export type UseOutcome = (typeof useOutcomes)[number];

export interface CodeUse {
  /** Rises with time. */
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly outcome: UseOutcome;
  readonly address: string;
  readonly hostname: string;
  readonly agent: string | undefined;
}

type Row = Omit<CodeUse, 'agent'> & { agent: string | null };

/** Kept of each code: whoever holds one may try as often as the door lets them. Which machines it made stays with these. */
const kept = 1_000;

/** Every use of every code, the failed ones too. */
export class CodeUses {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  add(code: string, use: Omit<CodeUse, 'id'>): void {
    const { at, outcome, address, hostname, agent } = use;
    this.#database
      .prepare('INSERT INTO code_uses (code_id, at, outcome, address, hostname, agent) VALUES (?, ?, ?, ?, ?, ?)')
      .run(code, at, outcome, address, hostname, agent ?? null);
    this.#database
      .prepare(
        `DELETE FROM code_uses WHERE code_id = ?1
         AND id <= (SELECT id FROM code_uses WHERE code_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ${kept})`,
      )
      .run(code);
  }

  /** Newest first; only those before the id `before`. */
  list(code: string, { before, limit }: { before?: number | undefined; limit: number }): CodeUse[] {
    const rows = this.#database
      .prepare(
        `SELECT id, at, outcome, address, hostname, agent FROM code_uses
         WHERE code_id = ? AND id < ? ORDER BY id DESC LIMIT ?`,
      )
      .all(code, before ?? Number.MAX_SAFE_INTEGER, limit) as unknown as Row[];
    return rows.map((row) => ({ ...row, agent: row.agent ?? undefined }));
  }
}
