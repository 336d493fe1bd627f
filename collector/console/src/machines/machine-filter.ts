/** What the list of machines shows, as it stands in the address. */
import type { AgentState } from '@vonggac/shared';
import { type Query, withQuery } from '../api.ts';

export const pageSize = 100;

/** In the order in which they are shown: what needs a person first. */
export const states = [
  'offline',
  'late',
  'inconclusive',
  'online',
  'planned',
  'retired',
] as const satisfies AgentState[];

export interface MachineFilter {
  readonly q: string;
  readonly unit: string;
  readonly class: string;
  /** Empty for all. */
  readonly states: readonly AgentState[];
  /** As the API takes it; a minus sign turns the order round. */
  readonly sort: string;
  /** Cursor of the page; empty for the first. */
  readonly after: string;
  /** Number of the page's first machine, for people only. */
  readonly from: number;
}

const defaultSort = 'state';

export function parseFilter(query: URLSearchParams): MachineFilter {
  const named = (query.get('state') ?? '').split(',');
  return {
    q: query.get('q') ?? '',
    unit: query.get('unit') ?? '',
    class: query.get('class') ?? '',
    states: states.filter((state) => named.includes(state)),
    sort: query.get('sort') ?? defaultSort,
    after: query.get('after') ?? '',
    from: Math.max(1, Math.trunc(Number(query.get('from')))) || 1,
  };
}

function toQuery({ q, unit, class: agentClass, states: wanted, sort, after }: MachineFilter): Query {
  return { q, unit, class: agentClass, state: wanted.join(','), sort, after };
}

/** The address of the list with this filter, as short as possible. */
export function filterAddress(filter: MachineFilter): string {
  return withQuery('/', {
    ...toQuery(filter),
    sort: filter.sort === defaultSort ? undefined : filter.sort,
    from: filter.from === 1 ? undefined : filter.from,
  });
}

export function listPath(filter: MachineFilter): string {
  return withQuery('/api/v1/agents', { ...toQuery(filter), limit: pageSize });
}

/** Counts by state are of all states, whichever of them are shown. */
export function summaryPath({ q, unit, class: agentClass }: MachineFilter): string {
  return withQuery('/api/v1/summary', { q, unit, class: agentClass });
}

/** Whether the filter narrows the machines down, apart from their states. */
export function isNarrowed(filter: MachineFilter): boolean {
  return filter.q !== '' || filter.unit !== '' || filter.class !== '';
}
