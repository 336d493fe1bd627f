/** What a file would do to the units: a plan that is shown, and then carried out whole or not at all. */
import type { FileProblem } from './unit-csv.ts';
import type { UnitFile, UnitRow } from './unit-file.ts';
import {
  beginEarlier,
  beginningOf,
  beginTimeline,
  changeFrom,
  effectiveTime,
  fieldsChanged,
  lastValues,
  UnitRefused,
  type UnitTimeline,
  valuesAt,
  type When,
} from './unit-timeline.ts';
import { dayOf, formatUnitTime, startOf } from './unit-times.ts';
import { findTreeProblems } from './unit-tree.ts';
import { type UnitField, type UnitValues, withPatch } from './unit-values.ts';

type Value = UnitValues[UnitField];

export interface FieldChange {
  readonly field: UnitField | 'valid_from';
  readonly before: Value | null;
  readonly after: Value | null;
}

interface PlannedUnit {
  readonly line: number;
  readonly code: string;
  readonly name: string;
}

/** What happens, line by line. Nothing may be written while there are problems. */
export interface ImportPlan {
  readonly added: readonly (PlannedUnit & { readonly values: UnitValues })[];
  readonly changed: readonly (PlannedUnit & { readonly changes: readonly FieldChange[] })[];
  readonly unchanged: readonly PlannedUnit[];
  /** Units that the file does not name: they stay as they are. */
  readonly notInFile: readonly Omit<PlannedUnit, 'line'>[];
  readonly problems: readonly FileProblem[];
}

/** Plans the import of `file`; `lives` are what to write when the plan has no problems. */
export function planImport(
  units: ReadonlyMap<string, UnitTimeline>,
  file: UnitFile,
  when: When,
): { readonly plan: ImportPlan; readonly lives: readonly UnitTimeline[] } {
  const added: ImportPlan['added'][number][] = [];
  const changed: ImportPlan['changed'][number][] = [];
  const unchanged: PlannedUnit[] = [];
  const problems = [...file.problems];
  const lives = new Map<string, UnitTimeline>();
  for (const row of file.rows) {
    const { line, code } = row;
    const before = units.get(code);
    if (!before) {
      if (row.patch.name === undefined && !problems.some((known) => known.line === line && known.column === 'name')) {
        problems.push({ line, column: 'name', detail: `is missing: ${code} would be a new unit` });
      }
      const values = withPatch({ name: code }, row.patch);
      lives.set(code, beginTimeline(code, values, when.from ?? startOf(dayOf(when.now))));
      added.push({ line, code, name: values.name, values });
      continue;
    }
    const result = planChange(before, row, when);
    if ('problem' in result) problems.push({ line, column: 'code', detail: result.problem });
    else if (result.changes.length === 0) unchanged.push({ line, code, name: result.name });
    else {
      changed.push({ line, code, name: result.name, changes: result.changes });
      lives.set(code, result.life);
    }
  }
  const lines = new Map(file.rows.map(({ code, line }) => [code, line]));
  for (const { code, detail } of findTreeProblems(new Map([...units, ...lives]))) {
    const line = lines.get(code) ?? null;
    problems.push({ line, column: line === null ? null : 'parent', detail });
  }
  const notInFile = [...units.values()]
    .filter(({ code, until }) => until === undefined && !lines.has(code))
    .map((unit) => ({ code: unit.code, name: lastValues(unit).name }));
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return { plan: { added, changed, unchanged, notInFile, problems }, lives: [...lives.values()] };
}

/** A file dated before the unit's beginning moves that too: the first import of a province is rarely its first day. */
function planChange(
  before: UnitTimeline,
  row: UnitRow,
  when: When,
): { problem: string } | { life: UnitTimeline; name: string; changes: FieldChange[] } {
  const begun = beginningOf(before);
  const life = beginEarlier(before, when.from ?? begun);
  let from: number;
  try {
    from = effectiveTime(life, when);
  } catch (error) {
    if (error instanceof UnitRefused) return { problem: error.message };
    throw error;
  }
  const old = valuesAt(life, from);
  const fresh = withPatch(old, row.patch);
  const changes: FieldChange[] = fieldsChanged(old, fresh).map((field) => ({
    field,
    before: old[field] ?? null,
    after: fresh[field] ?? null,
  }));
  const begins = beginningOf(life);
  if (begins !== begun) {
    changes.unshift({ field: 'valid_from', before: formatUnitTime(begun), after: formatUnitTime(begins) });
  }
  return { life: changeFrom(life, { from, patch: row.patch }), name: fresh.name, changes };
}
