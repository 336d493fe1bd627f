/** The units of now, for questions that are asked for every machine. */
import type { Unit } from '../registry/unit-rows.ts';
import { maxLevels } from '../registry/unit-tree.ts';

export interface IndexedUnit {
  readonly code: string;
  readonly parent: string | undefined;
  readonly links: Unit['links'] | undefined;
}

export class UnitIndex {
  readonly #units: ReadonlyMap<string, IndexedUnit>;

  constructor(units: readonly IndexedUnit[]) {
    this.#units = new Map(units.map((unit) => [unit.code, unit]));
  }

  get(code: string): IndexedUnit | undefined {
    return this.#units.get(code);
  }

  all(): IndexedUnit[] {
    return [...this.#units.values()];
  }

  /** Whether the unit is one of `tops` or below one of them; `undefined` stands for all units. */
  isWithin(code: string, tops: readonly string[] | undefined): boolean {
    if (tops === undefined) return true;
    let unit: string | undefined = code;
    for (let level = 0; unit !== undefined && level < maxLevels; level += 1) {
      if (tops.includes(unit)) return true;
      unit = this.#units.get(unit)?.parent;
    }
    return false;
  }
}
