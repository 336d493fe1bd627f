/** A report: machines, lines, and the units with all below them, over a month or days. */
import { type AgentClass, AgentClass as AgentClasses } from '@vonggac/shared';
import { unitAndBelow } from '../registry/unit-tree.ts';
import { type Balance, sumOf } from './balance.ts';
import type { Figure, LinkFigure, MachineFigure } from './figures.ts';
import type { Period } from './period.ts';

/** What several machines or lines add up to. */
export interface Total {
  readonly count: number;
  readonly balance: Balance;
}

export interface UnitFigure {
  readonly unit: string;
  readonly name: string;
  /** With all units below it. */
  readonly machines: Total;
  readonly classes: Readonly<Record<AgentClass, Total>>;
  readonly links: Total;
}

export interface AvailabilityReport {
  readonly period: Period;
  /** When the figures of the month were taken; undefined while they are still counted. */
  readonly takenAt: number | undefined;
  /** How often one of them was changed since, and when last. */
  readonly revisions: number;
  readonly revisedAt: number | undefined;
  /** Those that have or had a machine or a line. */
  readonly units: readonly UnitFigure[];
  readonly machines: readonly MachineFigure[];
  readonly links: readonly LinkFigure[];
}

interface Tree {
  readonly code: string;
  readonly name: string;
  readonly parent?: string | undefined;
}

export function unitFigures(units: readonly Tree[], figures: readonly Figure[]): UnitFigure[] {
  const byUnit = Map.groupBy(figures, ({ unit }) => unit);
  return units.flatMap(({ code, name }): UnitFigure[] => {
    const own = [...unitAndBelow(units, code)].flatMap((below) => byUnit.get(below) ?? []);
    if (own.length === 0) return [];
    const machines = own.filter((figure) => figure.kind === 'machine');
    const totals = AgentClasses.options.map(
      (each) => [each, totalOf(machines.filter((machine) => machine.class === each))] as const,
    );
    return [
      {
        unit: code,
        name,
        machines: totalOf(machines),
        classes: Object.fromEntries(totals) as Record<AgentClass, Total>,
        links: totalOf(own.filter(({ kind }) => kind === 'link')),
      },
    ];
  });
}

function totalOf(figures: readonly Figure[]): Total {
  return { count: figures.length, balance: sumOf(figures.map(({ balance }) => balance)) };
}
