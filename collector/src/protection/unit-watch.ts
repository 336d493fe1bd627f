/** Tells of each unit how many of its own machines are protected: when that changes, and every five minutes. */
import { type Point, point } from '@vonggac/shared';
import { type CountedMachine, countUnit, type DeclaredUnit, protectedPercent, type UnitCounts } from './unit-counts.ts';

const reportEveryMs = 300_000;

interface Options {
  readonly emit: (unit: string, points: readonly Point[]) => void;
}

/** Series are of the own machines only, so that a sum over units counts each machine once. */
export class UnitWatch {
  readonly #options: Options;
  readonly #told = new Map<string, { readonly text: string; readonly at: number }>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Call it every few seconds. */
  tick(units: readonly DeclaredUnit[], { machines, now }: { machines: readonly CountedMachine[]; now: number }): void {
    const byUnit = Map.groupBy(machines, ({ unit }) => unit);
    for (const unit of units) {
      const counts = countUnit(unit, byUnit.get(unit.code) ?? [], now);
      const told = this.#told.get(unit.code);
      // Units that have nothing to count are most of them in the beginning.
      if (!told && counts.declared === undefined && counts.enrolled === 0) continue;
      const text = JSON.stringify(counts);
      if (told?.text === text && now - told.at < reportEveryMs) continue;
      this.#told.set(unit.code, { text, at: now });
      this.#options.emit(unit.code, [pointOf(counts, now)]);
    }
  }
}

function pointOf(counts: UnitCounts, time: number): Point {
  const fields = {
    declared: counts.declared,
    enrolled: counts.enrolled,
    protected: counts.protected,
    attention: counts.attention,
    unprotected: counts.unprotected,
    unknown: counts.unknown,
    missing: counts.missing,
    protected_percent: protectedPercent(counts),
    not_updated_15_days: counts.notUpdated,
  };
  return point('unit_protection', { time, tags: {}, fields });
}
