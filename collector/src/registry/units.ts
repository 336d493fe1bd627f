import type { DatabaseSync } from 'node:sqlite';

export interface UnitRecord {
  readonly code: string;
  readonly name: string;
  readonly parent: string | undefined;
}

/** The tree of units: data, never code. */
export class Units {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  get(code: string): UnitRecord | undefined {
    return this.all().find((unit) => unit.code === code);
  }

  all(): UnitRecord[] {
    const rows = this.#database.prepare('SELECT code, name, parent FROM units ORDER BY code').all() as {
      code: string;
      name: string;
      parent: string | null;
    }[];
    return rows.map((row) => ({ code: row.code, name: row.name, parent: row.parent ?? undefined }));
  }

  /** Adds the unit unless its code exists. */
  ensure(unit: UnitRecord, at: number): void {
    this.#database
      .prepare('INSERT OR IGNORE INTO units (code, name, parent, created_at) VALUES (?, ?, ?, ?)')
      .run(unit.code, unit.name, unit.parent ?? null, at);
  }
}
