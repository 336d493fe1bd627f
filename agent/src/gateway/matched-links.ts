/**
 * On which interface each line of the unit's record is. Settings say so best. Where they do not, a line is put on an
 * interface only when that is certain: judged by another's interface, the wrong line would be called dead. What is left
 * is told under the interface's own name, and of the line itself nothing is said.
 */
import type { WatchedLink } from '@vonggac/shared';
import { holdsIpv4, type Interfaces, ownNetworks } from '../system/own-networks.ts';

interface Machine {
  /** Interfaces that have, or had, a default route, as links under their own names. */
  readonly found: readonly WatchedLink[];
  readonly interfaces: Interfaces;
}

export class MatchedLinks {
  /** Interfaces by the edge address that they hold, or held: one whose carrier is lost has none. */
  readonly #byEdge = new Map<string, string>();

  /** Links that all name an interface or a next hop. */
  match(links: readonly WatchedLink[], { found, interfaces }: Machine): WatchedLink[] {
    const taken = new Set(links.flatMap((link) => placeOf(link, { found, interfaces }) ?? []));
    const matched = new Map<WatchedLink, WatchedLink>();
    const put = (link: WatchedLink, on: string | undefined) => {
      if (on === undefined || taken.has(on)) return;
      taken.add(on);
      const nextHop = found.find((each) => each.interface === on)?.next_hop;
      matched.set(link, { ...link, interface: on, ...(nextHop !== undefined && { next_hop: nextHop }) });
    };
    const unnamed = links.filter((link) => !isNamed(link));
    for (const link of unnamed) put(link, this.#holderOf(link.edge, interfaces));
    // Without a record lines go by their interfaces: whoever wrote the record may have kept that name.
    for (const link of unnamed) if (!matched.has(link)) put(link, found.find(({ id }) => id === link.id)?.interface);
    const free = found.filter((each) => each.interface !== undefined && !taken.has(each.interface));
    const [last, ...others] = links.filter((link) => !matched.has(link) && !placeOf(link, { found, interfaces }));
    const isCertain = last && !isNamed(last) && others.length === 0 && free.length === 1;
    if (isCertain) put(last, free[0]?.interface);
    const told = links.flatMap((link) => matched.get(link) ?? (isNamed(link) ? link : []));
    // Not under a name by which the record knows another line.
    const ids = new Set(links.map(({ id }) => id));
    return [...told, ...free.filter(({ id, interface: on = '' }) => !taken.has(on) && !ids.has(id))];
  }

  #holderOf(edge: string | undefined, interfaces: Interfaces): string | undefined {
    if (edge === undefined) return undefined;
    const holder = Object.keys(interfaces).find((name) => interfaces[name]?.some(({ address }) => address === edge));
    if (holder !== undefined) this.#byEdge.set(edge, holder);
    return this.#byEdge.get(edge);
  }
}

function isNamed(link: WatchedLink): boolean {
  return link.interface !== undefined || link.next_hop !== undefined;
}

/** The interface of a link that settings describe; undefined when it is on none of the machine's. */
function placeOf(link: WatchedLink, { found, interfaces }: Machine): string | undefined {
  const { interface: on, next_hop: nextHop } = link;
  if (on !== undefined || nextHop === undefined) return on;
  const routed = found.find((each) => each.next_hop === nextHop)?.interface;
  return routed ?? ownNetworks(interfaces).find((network) => holdsIpv4(network, nextHop))?.interface;
}
