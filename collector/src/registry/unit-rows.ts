/** Units in the table `unit_versions`: one row for each version of each unit. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { spansOf, type UnitTimeline, type UnitVersion } from './unit-timeline.ts';
import { UnitLink, type UnitValues, unitFields } from './unit-values.ts';

/** A unit as it was at one time. */
export type Unit = UnitValues & {
  readonly code: string;
  readonly valid_from: number;
  readonly valid_to: number | undefined;
};

type Row = { readonly code: string; readonly valid_from: number; readonly valid_to: number | null } & Readonly<
  Record<string, string | number | null>
>;

const columns = ['code', 'valid_from', 'valid_to', ...unitFields];
const selectVersions = `SELECT ${columns.join(', ')} FROM unit_versions`;
const insertVersion = `INSERT INTO unit_versions (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;

function valuesOf(row: Row): UnitValues {
  const values: Record<string, unknown> = {};
  for (const field of unitFields) {
    const value = row[field];
    if (value === null || value === undefined) continue;
    values[field] = field === 'links' ? UnitLink.array().parse(JSON.parse(String(value))) : value;
  }
  return values as unknown as UnitValues;
}

/** The units that were there at `time`, or that are there now when it is undefined; in the order of their codes. */
export function readUnits(database: DatabaseSync, time: number | undefined): Unit[] {
  const rows =
    time === undefined
      ? database.prepare(`${selectVersions} WHERE valid_to IS NULL ORDER BY code`).all()
      : database
          .prepare(`${selectVersions} WHERE valid_from <= ? AND (valid_to IS NULL OR valid_to > ?) ORDER BY code`)
          .all(time, time);
  return (rows as unknown as Row[]).map((row) => ({
    ...valuesOf(row),
    code: row.code,
    valid_from: row.valid_from,
    valid_to: row.valid_to ?? undefined,
  }));
}

/** Every unit that ever was, by its code. */
export function readTimelines(database: DatabaseSync): Map<string, UnitTimeline> {
  const successors = new Map<unknown, unknown>();
  for (const row of database.prepare('SELECT code, successor FROM units').iterate()) {
    successors.set(row.code, row.successor ?? undefined);
  }
  const rows = database.prepare(`${selectVersions} ORDER BY code, valid_from`).all() as unknown as Row[];
  const timelines = new Map<string, UnitTimeline>();
  for (const [code, own] of Map.groupBy(rows, (row) => row.code)) {
    const versions = own.map((row): UnitVersion => ({ from: row.valid_from, values: valuesOf(row) }));
    timelines.set(code, {
      code,
      versions: versions as [UnitVersion, ...UnitVersion[]],
      until: own.at(-1)?.valid_to ?? undefined,
      successor: successors.get(code) as string | undefined,
    });
  }
  return timelines;
}

/** Writes these units' whole lives in place of what was written of them; `now` is when a new one was made. */
export function writeTimelines(database: DatabaseSync, timelines: readonly UnitTimeline[], now: number): void {
  const makeUnit = database.prepare('INSERT OR IGNORE INTO units (code, created_at) VALUES (?, ?)');
  const setSuccessor = database.prepare('UPDATE units SET successor = ? WHERE code = ?');
  const forget = database.prepare('DELETE FROM unit_versions WHERE code = ?');
  const insert = database.prepare(insertVersion);
  // All codes first: a unit may stand before its parent.
  for (const { code } of timelines) makeUnit.run(code, now);
  for (const timeline of timelines) {
    setSuccessor.run(timeline.successor ?? null, timeline.code);
    forget.run(timeline.code);
    for (const { from, to, values } of spansOf(timeline)) {
      const cells = unitFields.map((field): SQLInputValue => cellOf(values[field]));
      insert.run(timeline.code, from, to ?? null, ...cells);
    }
  }
}

function cellOf(value: UnitValues[keyof UnitValues]): SQLInputValue {
  if (value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : value;
}
