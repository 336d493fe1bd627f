import type { UnitDetails } from '../../src/http/schemas.ts';
import { type ApiError, getAll } from './api.ts';
import { safeText } from './text/safe-text.ts';
import { useFetched } from './use-fetched.ts';

const path = '/api/v1/units';

export interface Units {
  /** Undefined until they have come. */
  readonly all: readonly UnitDetails[] | undefined;
  readonly units: readonly UnitDetails[];
  /** The name of a unit; the code stands for one that is not known, and nothing for one that is still on its way. */
  readonly nameOf: (code: string) => string;
  readonly error: ApiError | undefined;
  readonly reload: () => void;
}

/** All units that one may see. */
export function useUnits(): Units {
  const { data, error, reload } = useFetched(path, (signal) => getAll<UnitDetails>(path, signal));
  const names = new Map(data?.map((unit) => [unit.code, safeText(unit.name)]));
  const nameOf = (code: string) => names.get(code) ?? (data || error ? safeText(code) : '');
  return { all: data, units: data ?? [], nameOf, error, reload };
}
