/** Random additions, moves and retirements against the simplest model: a copy of the whole tree after each. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { openRegistry } from './database.ts';
import { UnitRefused } from './unit-timeline.ts';
import { Units } from './units.ts';

/** Parent by code. */
type Tree = ReadonlyMap<string, string | undefined>;

type Step =
  | { readonly kind: 'add' | 'move'; readonly code: string; readonly other: string | undefined }
  | { readonly kind: 'retire'; readonly code: string; readonly other: string | undefined };

const code = fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F');
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('add', 'add', 'move', 'retire'),
  code,
  other: fc.option(code, { nil: undefined }),
});

/** Whether `top` is the unit or above it; ends, because the model is a tree. */
function isAbove(tree: Tree, top: string, unit: string | undefined): boolean {
  return unit !== undefined && (unit === top || isAbove(tree, top, tree.get(unit)));
}

/** The tree after the step, or undefined when the step must be refused. */
function expected(tree: Tree, used: ReadonlySet<string>, { kind, code: unit, other }: Step): Tree | undefined {
  if (other !== undefined && !tree.has(other)) return undefined;
  if (kind === 'add') return used.has(unit) ? undefined : new Map(tree).set(unit, other);
  if (!tree.has(unit) || isAbove(tree, unit, other)) return undefined;
  if (kind === 'move') return new Map(tree).set(unit, other);
  if (other === undefined && [...tree.values()].includes(unit)) return undefined;
  const rest = [...tree].filter(([each]) => each !== unit);
  return new Map(rest.map(([each, parent]) => [each, parent === unit ? other : parent]));
}

function perform(units: Units, { kind, code: unit, other }: Step, now: number): boolean {
  try {
    if (kind === 'add') units.add({ code: unit, name: unit, parent: other }, { now, from: now });
    else if (kind === 'move') units.change(unit, { parent: other ?? null }, { now });
    else units.retire(unit, { into: other, now });
    return true;
  } catch (error) {
    if (error instanceof UnitRefused) return false;
    throw error;
  }
}

function treeOf(units: Units, time?: number): Tree {
  return new Map(units.list(time).map((unit) => [unit.code, unit.parent]));
}

test('whatever is done the units are a tree, and every earlier tree can be seen again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vonggac-model-'));
  const database = openRegistry(folder);
  try {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        database.exec('DELETE FROM unit_versions; UPDATE units SET successor = NULL; DELETE FROM units');
        const units = new Units(database);
        const trees: Tree[] = [new Map()];
        const used = new Set<string>();
        for (const [index, one] of steps.entries()) {
          const before = trees.at(-1) ?? new Map();
          const after = expected(before, used, one);
          expect(perform(units, one, (index + 1) * 1_000), JSON.stringify(one)).toBe(after !== undefined);
          if (after && one.kind === 'add') used.add(one.code);
          trees.push(after ?? before);
          expect(treeOf(units)).toEqual(trees.at(-1));
        }
        for (const [index, tree] of trees.entries()) expect(treeOf(units, index * 1_000 + 500)).toEqual(tree);
      }),
      { numRuns: 60 },
    );
  } finally {
    database.close();
    rmSync(folder, { recursive: true });
  }
});
