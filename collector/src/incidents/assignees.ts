/** Who can be given an incident to look after. */
import type { Person } from '../registry/people.ts';
import { permits } from '../registry/roles.ts';

/** Accounts that may handle incidents of the unit; of the whole province when it belongs to none. */
export function assigneesFor(
  unit: string | undefined,
  { people, reaches }: { people: readonly Person[]; reaches: (above: string, unit: string) => boolean },
): Person[] {
  return people.filter((person) => {
    if (person.disabledAt !== undefined || !permits(person, 'operate')) return false;
    return person.unit === undefined || (unit !== undefined && reaches(person.unit, unit));
  });
}
