import { type RoleHolder, roleProblem } from '../registry/roles.ts';
import type { Units } from '../registry/units.ts';
import type { FieldError } from './problem.ts';

/** What is wrong with the role and unit of a request, if anything. */
export function roleErrors(
  wanted: RoleHolder,
  { units, holder }: { readonly units: Pick<Units, 'get'>; readonly holder: Parameters<typeof roleProblem>[1] },
): FieldError[] {
  const problem = roleProblem(wanted, holder);
  if (problem !== undefined) return [{ location: 'body', name: 'unit', detail: problem }];
  if (wanted.unit === undefined || units.get(wanted.unit)) return [];
  return [{ location: 'body', name: 'unit', detail: `there is no unit ${wanted.unit}` }];
}
