/**
 * Maintenance windows: `maintenance.db`.
 *
 * Specification: a window is never changed; it is cancelled, and holds no longer from then on. What it said of the time
 * before stays, so that a past month does not change. Commands write beside the running collector, which looks for it.
 * Windows that ended five years ago are deleted at the start.
 */
import type { DatabaseSync } from 'node:sqlite';
import { type DatabaseFile, openDatabaseFile, transaction } from '../registry/database.ts';
import { checkWindow, type MaintenanceWindow, type NewWindow, WindowRefused } from './maintenance-window.ts';

const formats = [
  `CREATE TABLE windows (
     id INTEGER PRIMARY KEY AUTOINCREMENT, unit TEXT NOT NULL, agent TEXT, link TEXT, from_at INTEGER NOT NULL,
     to_at INTEGER, cron TEXT, duration_ms INTEGER, reason TEXT NOT NULL, created_at INTEGER NOT NULL,
     created_by TEXT NOT NULL, cancelled_at INTEGER, cancelled_by TEXT,
     CHECK ((cron IS NULL) = (duration_ms IS NULL)), CHECK (agent IS NULL OR link IS NULL)
   ) STRICT;
   CREATE INDEX windows_to ON windows(to_at);`,
];

export const maintenanceFile: DatabaseFile = { name: 'maintenance.db', formats };

const keptMs = 5 * 366 * 86_400_000;
/** That it holds, or will; the last of a recurring one may still last after its end. */
const isWaiting = 'cancelled_at IS NULL AND (to_at IS NULL OR to_at + coalesce(duration_ms, 0) > ?)';

interface Row {
  id: number;
  unit: string;
  agent: string | null;
  link: string | null;
  from_at: number;
  to_at: number | null;
  cron: string | null;
  duration_ms: number | null;
  reason: string;
  created_at: number;
  created_by: string;
  cancelled_at: number | null;
  cancelled_by: string | null;
}

function fromRow(row: Row): MaintenanceWindow {
  return {
    id: row.id,
    unit: row.unit,
    agent: row.agent ?? undefined,
    link: row.link ?? undefined,
    from: row.from_at,
    to: row.to_at ?? undefined,
    cron: row.cron ?? undefined,
    durationMs: row.duration_ms ?? undefined,
    reason: row.reason,
    createdAt: row.created_at,
    createdBy: row.created_by,
    cancelledAt: row.cancelled_at ?? undefined,
    cancelledBy: row.cancelled_by ?? undefined,
  };
}

export class MaintenanceWindows {
  readonly #database: DatabaseSync;
  readonly #maxWaiting: number;
  #changes = 0;

  /** Opens the file in the data folder, creating it. Throws DataFolderError. */
  constructor(folder: string, { maxWaiting = 2_000 }: { readonly maxWaiting?: number } = {}) {
    this.#maxWaiting = maxWaiting;
    this.#database = openDatabaseFile(folder, maintenanceFile);
  }

  /** Another number than before when somebody changed something, here or in another process. */
  get version(): string {
    const row = this.#database.prepare('PRAGMA data_version').get() as { data_version: number };
    return `${row.data_version} ${this.#changes}`;
  }

  /** Throws WindowRefused. */
  add(window: NewWindow, { by, now }: { readonly by: string; readonly now: number }): MaintenanceWindow {
    const { unit, agent, link, from, to, cron, durationMs, reason } = checkWindow(window, now);
    this.#changes += 1;
    return transaction(this.#database, () => {
      if (this.waiting(now).length >= this.#maxWaiting) {
        throw new WindowRefused('window', `there are ${this.#maxWaiting} windows that are not over: cancel some first`);
      }
      const row = this.#database
        .prepare(
          `INSERT INTO windows (unit, agent, link, from_at, to_at, cron, duration_ms, reason, created_at, created_by)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
        )
        .get(unit, agent ?? null, link ?? null, from, to ?? null, cron ?? null, durationMs ?? null, reason, now, by);
      return fromRow(row as unknown as Row);
    });
  }

  /** The cancelled window; undefined when it is over, was cancelled, or never was. */
  cancel(id: number, { by, now }: { readonly by: string; readonly now: number }): MaintenanceWindow | undefined {
    this.#changes += 1;
    const row = this.#database
      .prepare(
        `UPDATE windows SET cancelled_at = ?, cancelled_by = ?
         WHERE id = ? AND ${isWaiting} RETURNING *`,
      )
      .get(now, by, id, now);
    return row && fromRow(row as unknown as Row);
  }

  get(id: number): MaintenanceWindow | undefined {
    const row = this.#database.prepare('SELECT * FROM windows WHERE id = ?').get(id);
    return row && fromRow(row as unknown as Row);
  }

  /** In the order in which they were made. */
  all(): MaintenanceWindow[] {
    return this.#list('SELECT * FROM windows ORDER BY id');
  }

  /** Those that hold now or will. */
  waiting(now: number): MaintenanceWindow[] {
    return this.#list(`SELECT * FROM windows WHERE ${isWaiting} ORDER BY id`, now);
  }

  tidy(now: number): void {
    this.#database
      .prepare('DELETE FROM windows WHERE min(coalesce(to_at, ?1), coalesce(cancelled_at, ?1)) < ?2')
      .run(now, now - keptMs);
  }

  /** Closes the file. */
  stop(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #list(sql: string, ...values: number[]): MaintenanceWindow[] {
    return (this.#database.prepare(sql).all(...values) as unknown as Row[]).map(fromRow);
  }
}
