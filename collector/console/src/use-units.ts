import type { UnitList, UnitView } from '../../src/http/schemas.ts';
import { getJson } from './api.ts';
import { safeText } from './text/safe-text.ts';
import { useFetched } from './use-fetched.ts';

/** As many as one answer holds; a province has some hundreds. */
const path = '/api/v1/units?limit=1000';

/** All units, and the name of each; the code stands for a name that is not known yet. */
export function useUnits(): { readonly units: readonly UnitView[]; readonly nameOf: (code: string) => string } {
  const { data } = useFetched(path, (signal) => getJson<UnitList>(path, signal));
  const units = data?.items ?? [];
  const names = new Map(units.map((unit) => [unit.code, safeText(unit.name)]));
  return { units, nameOf: (code) => names.get(code) ?? code };
}
