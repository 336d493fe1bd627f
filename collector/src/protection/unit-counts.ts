/** How many machines of a unit are protected, out of those that it has declared: pure. */
import type { AgentClass } from '@vonggac/shared';
import { unitAndBelow } from '../registry/unit-tree.ts';
import type { Level } from './compliance.ts';
import { dayMs } from './rules.ts';

/** What the national report calls a machine that is not updated. */
export const notUpdatedDays = 15;

/** Of a unit's record. A class for which no number is declared counts with the machines that are there. */
export interface DeclaredUnit {
  readonly code: string;
  readonly parent?: string | undefined;
  readonly declared_servers?: number | undefined;
  readonly declared_gateways?: number | undefined;
  readonly declared_pcs?: number | undefined;
}

export interface CountedMachine {
  readonly unit: string;
  readonly class: AgentClass;
  readonly level: Level;
  /** Of its newest signatures, by the product. */
  readonly signatureTime: number | undefined;
}

export interface UnitCounts extends Readonly<Record<Level, number>> {
  /** Undefined when the unit has declared nothing. */
  readonly declared: number | undefined;
  readonly enrolled: number;
  /** Declared and without an agent, by class: too many of one never make up for another. */
  readonly missing: number;
  readonly notUpdated: number;
}

const nothing: UnitCounts = {
  declared: undefined,
  enrolled: 0,
  protected: 0,
  attention: 0,
  unprotected: 0,
  unknown: 0,
  missing: 0,
  notUpdated: 0,
};

const declaredKeys = { server: 'declared_servers', gateway: 'declared_gateways', pc: 'declared_pcs' } as const;
const classes = ['server', 'gateway', 'pc'] as const satisfies readonly AgentClass[];

/** Of each unit, in the order given: its own machines, and those together with all below it. */
export function countUnits(
  units: readonly DeclaredUnit[],
  { machines, now }: { readonly machines: readonly CountedMachine[]; readonly now: number },
): { readonly unit: string; readonly own: UnitCounts; readonly total: UnitCounts }[] {
  const byUnit = Map.groupBy(machines, ({ unit }) => unit);
  const own = new Map(units.map((unit) => [unit.code, countUnit(unit, byUnit.get(unit.code) ?? [], now)]));
  return [...own].map(([unit, counts]) => {
    const all = [...unitAndBelow(units, unit)].flatMap((code) => own.get(code) ?? []);
    return { unit, own: counts, total: addCounts(all) };
  });
}

/** Of the unit's own machines, not of those of units below it. */
export function countUnit(unit: DeclaredUnit, machines: readonly CountedMachine[], now: number): UnitCounts {
  const declared = classes.flatMap((each) => unit[declaredKeys[each]] ?? []);
  const missing = classes.map((each) => {
    const enrolled = machines.filter((machine) => machine.class === each).length;
    return Math.max(0, (unit[declaredKeys[each]] ?? 0) - enrolled);
  });
  const count = (level: Level) => machines.filter((machine) => machine.level === level).length;
  return {
    declared: declared.length > 0 ? sum(declared) : undefined,
    enrolled: machines.length,
    protected: count('protected'),
    attention: count('attention'),
    unprotected: count('unprotected'),
    unknown: count('unknown'),
    missing: sum(missing),
    notUpdated: machines.filter(({ signatureTime }) => isNotUpdated(signatureTime, now)).length,
  };
}

/** One whose date is not known is another gap, and counted elsewhere. */
export function isNotUpdated(signatureTime: number | undefined, now: number): boolean {
  return signatureTime !== undefined && now - signatureTime > notUpdatedDays * dayMs;
}

function addCounts(all: readonly UnitCounts[]): UnitCounts {
  return all.reduce(
    (left, right) => ({
      declared: left.declared === undefined ? right.declared : left.declared + (right.declared ?? 0),
      enrolled: left.enrolled + right.enrolled,
      protected: left.protected + right.protected,
      attention: left.attention + right.attention,
      unprotected: left.unprotected + right.unprotected,
      unknown: left.unknown + right.unknown,
      missing: left.missing + right.missing,
      notUpdated: left.notUpdated + right.notUpdated,
    }),
    nothing,
  );
}

/**
 * Protected, of all that should be: those with an agent and those that are missing, which is the declared number unless
 * there are more machines than were declared. Undefined when nothing was declared: nobody knows how many there are.
 */
export function protectedPercent(counts: UnitCounts): number | undefined {
  const all = counts.enrolled + counts.missing;
  return counts.declared === undefined || all === 0 ? undefined : (100 * counts.protected) / all;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
