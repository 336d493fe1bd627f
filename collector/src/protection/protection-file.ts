/**
 * What machines said of their protection last and how that was judged: `protection.db`, so that a restart of the collector
 * does not forget a machine that is off. Written every few seconds: what is lost by a crash is soon said again.
 */
import type { DatabaseSync } from 'node:sqlite';
import { type DatabaseFile, openDatabaseFile, transaction } from '../registry/database.ts';
import type { Level } from './compliance.ts';
import type { Evidence } from './evidence.ts';
import type { Finding, Standing } from './standing.ts';

const formats = [
  `CREATE TABLE machines (
     agent TEXT PRIMARY KEY, level TEXT NOT NULL, level_since INTEGER NOT NULL, evidence TEXT NOT NULL,
     findings TEXT NOT NULL, standing TEXT NOT NULL, skew_ms INTEGER, signature_age_ms INTEGER, judged_at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;`,
];

export const protectionDatabase: DatabaseFile = { name: 'protection.db', formats };

/** How a machine stands. Times are milliseconds since 1970. */
export interface MachineState {
  readonly level: Level;
  readonly levelSince: number;
  readonly evidence: Evidence;
  readonly findings: readonly Finding[];
  readonly standing: Standing;
  /** How wrong the machine's clock was when that was last known. */
  readonly skewMs: number | undefined;
  readonly signatureAgeMs: number | undefined;
  readonly judgedAt: number;
}

interface Row {
  agent: string;
  level: Level;
  level_since: number;
  evidence: string;
  findings: string;
  standing: string;
  skew_ms: number | null;
  signature_age_ms: number | null;
  judged_at: number;
}

export class ProtectionFile {
  readonly #database: DatabaseSync;

  /** Opens the file in the data folder, creating it. Throws DataFolderError. */
  constructor(folder: string) {
    this.#database = openDatabaseFile(folder, protectionDatabase);
  }

  /** By agent. */
  all(): Map<string, MachineState> {
    const rows = this.#database.prepare('SELECT * FROM machines ORDER BY agent').all() as unknown as Row[];
    return new Map(rows.map((row) => [row.agent, fromRow(row)]));
  }

  save(machines: ReadonlyMap<string, MachineState>): void {
    if (machines.size === 0) return;
    const insert = this.#database.prepare('INSERT OR REPLACE INTO machines VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    transaction(this.#database, () => {
      for (const [agent, state] of machines) {
        insert.run(
          agent,
          state.level,
          state.levelSince,
          JSON.stringify(state.evidence),
          JSON.stringify(state.findings),
          JSON.stringify([...state.standing]),
          state.skewMs === undefined ? null : Math.round(state.skewMs),
          state.signatureAgeMs === undefined ? null : Math.round(state.signatureAgeMs),
          state.judgedAt,
        );
      }
    });
  }

  /** Forgets machines that are no longer expected. */
  forget(agents: Iterable<string>): void {
    const remove = this.#database.prepare('DELETE FROM machines WHERE agent = ?');
    for (const agent of agents) remove.run(agent);
  }

  get isOpen(): boolean {
    return this.#database.isOpen;
  }

  /** Closes the file. */
  stop(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

function fromRow(row: Row): MachineState {
  return {
    level: row.level,
    levelSince: row.level_since,
    evidence: JSON.parse(row.evidence) as Evidence,
    findings: JSON.parse(row.findings) as Finding[],
    standing: new Map(JSON.parse(row.standing) as [string, never][]),
    skewMs: row.skew_ms ?? undefined,
    signatureAgeMs: row.signature_age_ms ?? undefined,
    judgedAt: row.judged_at,
  };
}
