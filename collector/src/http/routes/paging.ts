import * as z from 'zod';

const defaultLimit = 100;
const maxLimit = 1_000;

/** How many items a page of a list has at most. */
export const Limit = z.coerce.number().int().min(1).max(maxLimit).default(defaultLimit);

/** `after` of a list whose cursors are keys of its rows. */
export const After = z.string().max(100).optional().describe('`next` of the page before');

/**
 * One page of rows that are in the order of their keys. The cursor is a key, which is good even when its row is gone.
 * Keys are compared as text.
 */
export function pageByKey<T>(
  rows: readonly T[],
  page: {
    readonly after: string | undefined;
    readonly limit: number;
    readonly order: 'ascending' | 'descending';
    readonly keyOf: (row: T) => string;
  },
): { rows: T[]; next: string | null } {
  const { after, limit, order, keyOf } = page;
  const isLater = (key: string) => after === undefined || (order === 'ascending' ? key > after : key < after);
  const left = rows.filter((row) => isLater(keyOf(row)));
  const found = left.slice(0, limit);
  const last = found.at(-1);
  return { rows: found, next: last !== undefined && left.length > limit ? keyOf(last) : null };
}

/** A key that sorts by time, then by id. */
export function timeKey(time: number, id: string): string {
  return `${String(time).padStart(15, '0')}.${id}`;
}
