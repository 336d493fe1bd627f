import type { UnitView } from '../../../src/http/schemas.ts';

export interface UnitInTree {
  readonly unit: UnitView;
  /** 0 for a unit at the top. */
  readonly depth: number;
}

/** The units as they stand under each other, for a list that is read from top to bottom. */
export function orderAsTree(units: readonly UnitView[], language: string): UnitInTree[] {
  const codes = new Set(units.map((unit) => unit.code));
  const children = new Map<string, UnitView[]>();
  for (const unit of [...units].sort((a, b) => a.name.localeCompare(b.name, language))) {
    const parent = unit.parent !== undefined && codes.has(unit.parent) ? unit.parent : '';
    children.set(parent, [...(children.get(parent) ?? []), unit]);
  }
  function below(code: string, depth: number): UnitInTree[] {
    return (children.get(code) ?? []).flatMap((unit) => [{ unit, depth }, ...below(unit.code, depth + 1)]);
  }
  return below('', 0);
}
