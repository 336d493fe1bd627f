/**
 * The figures of months that are over: `availability.db`.
 *
 * Specification: a month is taken once, soon after its end, and what was taken is what is reported from then on, so that
 * two who ask get the same. Evidence that comes late may change a figure; each change is a revision that is kept beside
 * it, and told to the audit log by whoever makes it. `since` is when the collector began to record outages. Only the
 * collector writes; commands read.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { AgentClass } from '@vonggac/shared';
import { type DatabaseFile, openDatabaseFile, transaction } from '../registry/database.ts';
import type { Balance } from './balance.ts';
import type { Figure } from './figures.ts';

const formats = [
  `CREATE TABLE since (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL) STRICT;
   CREATE TABLE months (month TEXT PRIMARY KEY, taken_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE figures (
     month TEXT NOT NULL REFERENCES months(month), kind TEXT NOT NULL, unit TEXT NOT NULL, subject TEXT NOT NULL,
     hostname TEXT, class TEXT, balance TEXT NOT NULL, outages INTEGER NOT NULL,
     PRIMARY KEY (month, kind, unit, subject)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE revisions (
     id INTEGER PRIMARY KEY AUTOINCREMENT, month TEXT NOT NULL, kind TEXT NOT NULL, unit TEXT NOT NULL,
     subject TEXT NOT NULL, at INTEGER NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL
   ) STRICT;
   CREATE INDEX revisions_by_month ON revisions(month);`,
];

export const availabilityFile: DatabaseFile = { name: 'availability.db', formats };

const keptMonths = 60;

/** A figure that is another one than was reported. */
export interface FigureChange {
  readonly figure: Figure;
  readonly before: Balance;
}

export interface TakenMonth {
  readonly takenAt: number;
  readonly figures: readonly Figure[];
  /** How often a figure of it was changed, and when last. */
  readonly revisions: number;
  readonly revisedAt: number | undefined;
}

interface Row {
  kind: Figure['kind'];
  unit: string;
  subject: string;
  hostname: string | null;
  class: AgentClass | null;
  balance: string;
  outages: number;
}

function fromRow({ kind, unit, subject, hostname, class: agentClass, balance, outages }: Row): Figure {
  const common = { subject, unit, balance: JSON.parse(balance) as Balance, outages };
  if (kind === 'link') return { kind, ...common };
  return { kind, ...common, hostname: hostname ?? '', class: agentClass ?? 'pc' };
}

export class AvailabilityBooks {
  readonly #database: DatabaseSync;

  /** Opens the file in the data folder, creating it. Throws DataFolderError. */
  constructor(folder: string) {
    this.#database = openDatabaseFile(folder, availabilityFile);
  }

  /** Since when outages are recorded. */
  since(): number | undefined {
    const row = this.#database.prepare('SELECT at FROM since').get() as { at: number } | undefined;
    return row?.at;
  }

  /** Call it at each start of the collector; the first one counts. */
  begin(now: number): void {
    this.#database.prepare('INSERT OR IGNORE INTO since VALUES (1, ?)').run(now);
  }

  isTaken(month: string): boolean {
    return this.#database.prepare('SELECT 1 FROM months WHERE month = ?').get(month) !== undefined;
  }

  /** `units`: only what is of these. */
  taken(month: string, units?: ReadonlySet<string>): TakenMonth | undefined {
    const row = this.#database.prepare('SELECT taken_at FROM months WHERE month = ?').get(month);
    if (!row) return undefined;
    const rows = this.#database
      .prepare('SELECT * FROM figures WHERE month = ? ORDER BY kind, unit, subject')
      .all(month);
    const revisions = this.#database.prepare('SELECT unit, at FROM revisions WHERE month = ? ORDER BY id').all(month);
    const isAsked = ({ unit }: { unit: string }) => units?.has(unit) ?? true;
    const asked = (revisions as { unit: string; at: number }[]).filter(isAsked);
    return {
      takenAt: (row as { taken_at: number }).taken_at,
      figures: (rows as unknown as Row[]).filter(isAsked).map(fromRow),
      revisions: asked.length,
      revisedAt: asked.at(-1)?.at,
    };
  }

  /** Takes a month that was not taken yet, and forgets those of five years ago. */
  take(month: string, figures: readonly Figure[], now: number): void {
    transaction(this.#database, () => {
      this.#database.prepare('INSERT INTO months VALUES (?, ?)').run(month, now);
      for (const figure of figures) this.#write(month, figure);
      const rows = this.#database
        .prepare('SELECT month FROM months ORDER BY month DESC LIMIT -1 OFFSET ?')
        .all(keptMonths);
      for (const { month: old } of rows as { month: string }[]) {
        for (const table of ['figures', 'revisions', 'months']) {
          this.#database.prepare(`DELETE FROM ${table} WHERE month = ?`).run(old);
        }
      }
    });
  }

  /** Compares a taken month with what is known now, writes what differs, and returns it. */
  revise(month: string, figures: readonly Figure[], now: number): FigureChange[] {
    const find = this.#database.prepare(
      'SELECT * FROM figures WHERE month = ? AND kind = ? AND unit = ? AND subject = ?',
    );
    const note = this.#database.prepare(
      'INSERT INTO revisions (month, kind, unit, subject, at, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    return transaction(this.#database, () =>
      figures.flatMap((figure) => {
        const row = find.get(month, figure.kind, figure.unit, figure.subject) as Row | undefined;
        // It came, or came elsewhere, after the month was taken.
        if (!row) return [];
        const after = textOf(figure.balance);
        if (row.balance === after) return [];
        note.run(month, figure.kind, figure.unit, figure.subject, now, row.balance, after);
        this.#write(month, figure);
        return [{ figure, before: fromRow(row).balance }];
      }),
    );
  }

  /** Closes the file. */
  stop(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #write(month: string, figure: Figure): void {
    const { kind, unit, subject, balance, outages } = figure;
    const { hostname, class: agentClass } = kind === 'machine' ? figure : { hostname: null, class: null };
    this.#database
      .prepare('INSERT OR REPLACE INTO figures VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(month, kind, unit, subject, hostname, agentClass, textOf(balance), outages);
  }
}

/** The same text for the same balance. */
function textOf({ up, down, planned, inconclusive, absent }: Balance): string {
  const causes = Object.entries(down).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({ up, down: Object.fromEntries(causes), planned, inconclusive, absent });
}
