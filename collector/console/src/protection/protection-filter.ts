/** Which machines the list of protection shows, as it stands in the address. */
import { type Query, withQuery } from '../api.ts';
import { type Level, levels } from './levels.tsx';

export interface ProtectionFilter {
  /** With everything below it; empty for all. */
  readonly unit: string;
  /** Empty for all. */
  readonly levels: readonly Level[];
  /** Cursor of the page; the first without. */
  readonly after?: string;
}

const pageSize = 100;

export function parseProtectionFilter(query: URLSearchParams): ProtectionFilter {
  const named = (query.get('level') ?? '').split(',');
  return {
    unit: query.get('unit') ?? '',
    levels: levels.filter((level) => named.includes(level)),
    after: query.get('after') ?? '',
  };
}

/** The filter as the list and its file take it. */
export function protectionQuery({ unit, levels: wanted }: ProtectionFilter): Query {
  return { unit, level: wanted.join(',') };
}

export function protectionAddress(filter: ProtectionFilter): string {
  return withQuery('/protection/machines', { ...protectionQuery(filter), after: filter.after });
}

export function protectionPath(filter: ProtectionFilter): string {
  return withQuery('/api/v1/protection', { ...protectionQuery(filter), after: filter.after, limit: pageSize });
}
