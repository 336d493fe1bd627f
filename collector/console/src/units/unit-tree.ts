import type { UnitView } from '../../../src/http/schemas.ts';

export interface UnitInTree<T> {
  readonly unit: T;
  /** 0 for a unit at the top. */
  readonly depth: number;
}

/** The units as they stand under each other, for a list that is read from top to bottom. */
export function orderAsTree<T extends UnitView>(units: readonly T[], language: string): UnitInTree<T>[] {
  const codes = new Set(units.map((unit) => unit.code));
  const children = new Map<string, T[]>();
  for (const unit of [...units].sort((a, b) => a.name.localeCompare(b.name, language))) {
    const parent = unit.parent !== undefined && codes.has(unit.parent) ? unit.parent : '';
    children.set(parent, [...(children.get(parent) ?? []), unit]);
  }
  function below(code: string, depth: number): UnitInTree<T>[] {
    return (children.get(code) ?? []).flatMap((unit) => [{ unit, depth }, ...below(unit.code, depth + 1)]);
  }
  return below('', 0);
}

/** Letters without case and diacritics, as people type when they search. */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd');
}

/** Whether every word of `q` is in one of the texts. */
export function hasWords(q: string, texts: readonly (string | undefined)[]): boolean {
  const text = fold(texts.join(' '));
  return wordsOf(q).every((word) => text.includes(word));
}

function wordsOf(q: string): string[] {
  return fold(q).split(/\s+/).filter(Boolean);
}

/** The rows that have every word of `q` in one of their texts, with those above them, which say where they are. */
export function searchTree<T extends UnitView>(
  rows: readonly UnitInTree<T>[],
  search: { readonly q: string; readonly textsOf: (unit: T) => readonly (string | undefined)[] },
): UnitInTree<T>[] {
  if (wordsOf(search.q).length === 0) return [...rows];
  const parents = new Map(rows.map(({ unit }) => [unit.code, unit.parent]));
  const wanted = new Set<string>();
  for (const { unit } of rows) {
    if (!hasWords(search.q, search.textsOf(unit))) continue;
    for (let code: string | undefined = unit.code; code !== undefined && !wanted.has(code); code = parents.get(code)) {
      wanted.add(code);
    }
  }
  return rows.filter(({ unit }) => wanted.has(unit.code));
}

/** The unit and all below it. */
export function codesBelow(units: readonly UnitView[], code: string): ReadonlySet<string> {
  const found = new Set([code]);
  // A set takes in what is added while it is walked.
  for (const above of found) for (const unit of units) if (unit.parent === above) found.add(unit.code);
  return found;
}
