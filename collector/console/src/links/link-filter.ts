/** What the list of lines shows, as it stands in the address, and in which order. */

import type { LinkView } from '../../../src/http/link-schemas.ts';
import type { UnitView } from '../../../src/http/schemas.ts';
import { withQuery } from '../api.ts';
import { codesBelow, hasWords } from '../units/unit-tree.ts';
import { type LinkState, linkStates } from './link-states.tsx';

export interface LinkFilter {
  readonly q: string;
  /** With everything below it. */
  readonly unit: string;
  readonly carrier: string;
  /** Empty for all. */
  readonly states: readonly LinkState[];
}

export function parseLinkFilter(query: URLSearchParams): LinkFilter {
  const named = (query.get('state') ?? '').split(',');
  return {
    q: query.get('q') ?? '',
    unit: query.get('unit') ?? '',
    carrier: query.get('carrier') ?? '',
    states: linkStates.filter((state) => named.includes(state)),
  };
}

export function linkFilterAddress({ q, unit, carrier, states }: LinkFilter): string {
  return withQuery('/links', { q, unit, carrier, state: states.join(',') });
}

interface Known {
  readonly units: readonly UnitView[];
  readonly nameOf: (code: string) => string;
}

/** Those that the filter lets through, of every state: they are counted by it. */
export function narrow(links: readonly LinkView[], filter: LinkFilter, { units, nameOf }: Known): LinkView[] {
  const codes = filter.unit === '' ? undefined : codesBelow(units, filter.unit);
  return links.filter(
    ({ unit, link, carrier = '', edge = '' }) =>
      (codes?.has(unit) ?? true) &&
      (filter.carrier === '' || carrier === filter.carrier) &&
      hasWords(filter.q, [nameOf(unit), unit, link, carrier, edge]),
  );
}

/** The worst first: by state, then by what the month was like, then by name. */
export function worstFirst(links: readonly LinkView[], { nameOf }: Pick<Known, 'nameOf'>): LinkView[] {
  const rank = ({ state }: LinkView) => linkStates.indexOf(state);
  return links.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      (a.availability_percent ?? 100) - (b.availability_percent ?? 100) ||
      nameOf(a.unit).localeCompare(nameOf(b.unit), 'vi') ||
      a.link.localeCompare(b.link),
  );
}

/** Carriers as they are written in the units' records. */
export function carriersOf(links: readonly LinkView[]): string[] {
  return [...new Set(links.flatMap(({ carrier }) => carrier ?? []))].sort((a, b) => a.localeCompare(b, 'vi'));
}
