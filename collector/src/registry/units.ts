import type { DatabaseSync } from 'node:sqlite';
import { transaction } from './database.ts';
import type { UnitFile } from './unit-file.ts';
import { type ImportPlan, planImport } from './unit-import.ts';
import { endUnit, type Retirement, releaseMembers } from './unit-retirement.ts';
import { readTimelines, readUnits, type Unit, writeTimelines } from './unit-rows.ts';
import {
  beginTimeline,
  changeFrom,
  effectiveTime,
  UnitRefused,
  type UnitTimeline,
  type When,
} from './unit-timeline.ts';
import { dayOf, formatUnitTime, startOf } from './unit-times.ts';
import { findTreeProblems } from './unit-tree.ts';
import { type NewUnit, type UnitPatch, withPatch } from './unit-values.ts';

export interface UnitRecord {
  readonly code: string;
  readonly name: string;
  readonly parent: string | undefined;
}

/**
 * The tree of units: data, never code. A unit is never deleted: it is retired, and its history answers what the tree
 * was on any day. Only what has happened is recorded, so what holds now is always the last that was recorded. A unit
 * begins at the beginning of a day, so that what is added on one day fits together in any order.
 */
export class Units {
  readonly #database: DatabaseSync;
  #changes = 0;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** How often this object has changed them: SQLite tells only of what others change. */
  get changes(): number {
    return this.#changes;
  }

  /** The unit as it is now; undefined when it never was or is retired. */
  get(code: string): UnitRecord | undefined {
    return this.#records('AND code = ?', code)[0];
  }

  /** The units of now, in the order of their codes. */
  all(): UnitRecord[] {
    return this.#records('ORDER BY code');
  }

  /** Adds the unit unless its code was used before. The parent must be there. */
  ensure(unit: UnitRecord, at: number): void {
    transaction(this.#database, () => {
      if (this.#database.prepare('SELECT 1 FROM units WHERE code = ?').get(unit.code)) return;
      const values = withPatch({ name: unit.name }, { parent: unit.parent });
      this.#write([beginTimeline(unit.code, values, startOf(dayOf(at)))], at);
    });
  }

  /** The units with all their attributes, as they were at `time` or as they are. */
  list(time?: number): Unit[] {
    return readUnits(this.#database, time);
  }

  /** The unit with all its attributes, as it was at `time` or as it is. */
  details(code: string, time?: number): Unit | undefined {
    return this.list(time).find((unit) => unit.code === code);
  }

  /** The whole life of a unit. Throws UnitRefused when there never was one. */
  history(code: string): UnitTimeline {
    const timeline = readTimelines(this.#database).get(code);
    if (!timeline) throw new UnitRefused(`there is no unit ${code}`, 'unknown');
    return timeline;
  }

  /** The whole lives of all units that ever were. */
  timelines(): UnitTimeline[] {
    return [...readTimelines(this.#database).values()];
  }

  /** Throws UnitRefused. */
  add(unit: NewUnit, when: When): void {
    const { code, ...patch } = unit;
    refuseFuture(when);
    transaction(this.#database, () => {
      const units = readTimelines(this.#database);
      const known = units.get(code);
      if (known?.until !== undefined) {
        throw new UnitRefused(`${code} was retired on ${formatUnitTime(known.until)}: a code is never used again`);
      }
      if (known) throw new UnitRefused(`there is a unit ${code} already`);
      const values = withPatch({ name: unit.name }, patch);
      this.#save(units, [beginTimeline(code, values, when.from ?? startOf(dayOf(when.now)))], when.now);
    });
  }

  /** Changes attributes, the parent among them. Throws UnitRefused. */
  change(code: string, patch: UnitPatch, when: When): void {
    refuseFuture(when);
    transaction(this.#database, () => {
      const units = readTimelines(this.#database);
      const timeline = units.get(code);
      if (!timeline) throw new UnitRefused(`there is no unit ${code}`, 'unknown');
      const from = effectiveTime(timeline, when);
      this.#save(units, [changeFrom(timeline, { from, patch })], when.now);
    });
  }

  /** Ends a unit; a successor takes over the units below it, its machines and its enrolment codes. Throws UnitRefused. */
  retire(code: string, ending: When & { readonly into?: string | undefined }): Retirement {
    refuseFuture(ending);
    return transaction(this.#database, () => {
      const units = readTimelines(this.#database);
      const { at, lives, movedUnits } = endUnit(units, { ...ending, code });
      const released = releaseMembers(this.#database, { ...ending, code });
      this.#save(units, lives, ending.now);
      return { code, into: ending.into, at, movedUnits, ...released };
    });
  }

  /** What `import` would do. */
  planImport(file: UnitFile, when: When): ImportPlan {
    refuseFuture(when);
    return planImport(readTimelines(this.#database), file, when).plan;
  }

  /** Carries out the plan that it returns if that has no problems: all of it or nothing. */
  import(file: UnitFile, when: When): ImportPlan {
    refuseFuture(when);
    return transaction(this.#database, () => {
      const { plan, lives } = planImport(readTimelines(this.#database), file, when);
      if (plan.problems.length === 0) this.#write(lives, when.now);
      return plan;
    });
  }

  #records(rest: string, ...values: string[]): UnitRecord[] {
    const sql = `SELECT code, name, parent FROM unit_versions WHERE valid_to IS NULL ${rest}`;
    const rows = this.#database.prepare(sql).all(...values) as { code: string; name: string; parent: string | null }[];
    return rows.map(({ code, name, parent }) => ({ code, name, parent: parent ?? undefined }));
  }

  #save(units: ReadonlyMap<string, UnitTimeline>, lives: readonly UnitTimeline[], now: number): void {
    const after = new Map([...units, ...lives.map((life) => [life.code, life] as const)]);
    const problems = findTreeProblems(after);
    // Of several that follow from each other, the one of the unit that was named.
    const problem = problems.find(({ code }) => lives.some((life) => life.code === code)) ?? problems[0];
    if (problem) throw new UnitRefused(problem.detail);
    this.#write(lives, now);
  }

  #write(lives: readonly UnitTimeline[], now: number): void {
    this.#changes += 1;
    writeTimelines(this.#database, lives, now);
  }
}

function refuseFuture({ from, now }: When): void {
  if (from === undefined || from <= now) return;
  throw new UnitRefused(`${formatUnitTime(from)} is still to come: record a change on the day from which it holds`);
}
