/** Protection of units, in the order in which they need a person. */
import type { CountsView } from '../../../src/http/protection-schemas.ts';

export interface UnitProtection {
  readonly unit: string;
  readonly own: CountsView;
  /** With everything below. */
  readonly total: CountsView;
}

/** Of the machines that there are or should be; a unit that has declared nothing has only those enrolled. */
function share({ protected: safe, enrolled, missing }: CountsView): number {
  return safe / (enrolled + missing);
}

/** Those with machines, the smallest share of protected ones first; of the same share, where more are not. */
export function worstFirst(units: readonly UnitProtection[], nameOf: (unit: string) => string): UnitProtection[] {
  const atRisk = ({ total }: UnitProtection) => total.enrolled + total.missing - total.protected;
  return units
    .filter(({ total }) => total.enrolled + total.missing > 0)
    .sort(
      (a, b) =>
        share(a.total) - share(b.total) ||
        atRisk(b) - atRisk(a) ||
        nameOf(a.unit).localeCompare(nameOf(b.unit), 'vi') ||
        a.unit.localeCompare(b.unit),
    );
}
