/** What an entry of the audit log says has changed, value by value. */
import type { AuditItem } from '../../../src/http/schemas.ts';

type Value = string | number | boolean | null;

export interface Difference {
  readonly field: string;
  /** Undefined when there was nothing before, or nothing is after. */
  readonly before: Value | undefined;
  readonly after: Value | undefined;
}

function known(value: Value | undefined): Value | undefined {
  return value === null || value === '' ? undefined : value;
}

/** In the order of the entry; what is the same before and after is left out. */
export function differencesOf({ before = {}, after = {} }: Pick<AuditItem, 'before' | 'after'>): Difference[] {
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...fields]
    .map((field) => ({ field, before: known(before[field]), after: known(after[field]) }))
    .filter((each) => each.before !== each.after);
}
