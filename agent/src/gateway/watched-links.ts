/** Which lines a gateway watches: those of the unit's record, or what the machine's default routes show. */
import type { WatchedLink } from '@vonggac/shared';
import type { DefaultRoute } from '../system/default-routes-linux.ts';
import { holdsIpv4, type Interfaces, ownNetworks } from '../system/own-networks.ts';

export interface Line {
  /** The tag `link`. */
  readonly id: string;
  readonly interface: string | undefined;
  readonly nextHop: string | undefined;
  /** The machine's own address on the interface. */
  readonly localAddress: string | undefined;
  /** Whether the interface is up and has an address. */
  readonly isUp: boolean;
  /** Whether the kernel sends there what has no other route. */
  readonly isActive: boolean;
  /** Whether the session with the collector goes over it; undefined when it goes over none of the lines. */
  readonly hasSession: boolean | undefined;
  readonly settings: WatchedLink;
}

interface Machine {
  /** In the order in which the kernel takes them. */
  readonly routes: readonly DefaultRoute[];
  readonly interfaces: Interfaces;
  readonly sessionAddress?: string | undefined;
}

/** Lines without settings: as many as a record can have. */
const maxLines = 8;

/** What the machine shows that it has, by interface; remembers lines whose route is taken away, as a fail-over does. */
export class FoundLinks {
  readonly #routes = new Map<string, DefaultRoute>();

  /** As links without a name of their own. */
  update(routes: readonly DefaultRoute[]): WatchedLink[] {
    const present = new Map(routes.toReversed().map((route) => [route.interface, route]));
    for (const [name, route] of present) {
      this.#routes.delete(name);
      this.#routes.set(name, route);
    }
    const excess = [...this.#routes.keys()].slice(0, Math.max(0, this.#routes.size - maxLines));
    for (const name of excess) this.#routes.delete(name);
    const routesByName = [...this.#routes].sort(([a], [b]) => a.localeCompare(b));
    return routesByName.map(([name, { nextHop }]) => ({
      id: name,
      interface: name,
      ...(nextHop !== undefined && { next_hop: nextHop }),
    }));
  }
}

/** Finds each link on the machine by the interface or the next hop that it names. */
export function findLines(links: readonly WatchedLink[], machine: Machine): Line[] {
  const usable = machine.routes.filter((route) => isUp(machine.interfaces, route.interface));
  const active = usable[0];
  const routeOf = new Map<WatchedLink, DefaultRoute>();
  for (const link of links) {
    const route = machine.routes.find((candidate) => fits(link, candidate));
    if (route) routeOf.set(link, route);
  }
  const interfaceOf = (link: WatchedLink) =>
    link.interface ?? routeOf.get(link)?.interface ?? interfaceTowards(link.next_hop, machine);
  const activeLink = active && linkOf(active, { links, routeOf, interfaceOf });
  const ofSession = interfaceHolding(machine.sessionAddress, machine);
  const isSessionKnown = ofSession !== undefined && links.some((link) => interfaceOf(link) === ofSession);
  return links.map((link) => {
    const route = routeOf.get(link);
    const on = interfaceOf(link);
    const nextHop = link.next_hop ?? route?.nextHop;
    return {
      id: link.id,
      interface: on,
      nextHop,
      localAddress: localAddress(machine.interfaces, { on, isSix: nextHop?.includes(':') === true }),
      isUp: on !== undefined && isUp(machine.interfaces, on),
      isActive: link === activeLink,
      hasSession: isSessionKnown ? on === ofSession : undefined,
      settings: link,
    };
  });
}

function fits(link: WatchedLink, route: DefaultRoute): boolean {
  if (link.interface !== undefined && link.interface !== route.interface) return false;
  return link.next_hop === undefined || link.next_hop === route.nextHop;
}

/** The link that a route belongs to: by its next hop, else by its interface alone, as of the other IP version. */
function linkOf(
  route: DefaultRoute,
  found: {
    links: readonly WatchedLink[];
    routeOf: ReadonlyMap<WatchedLink, DefaultRoute>;
    interfaceOf: (link: WatchedLink) => string | undefined;
  },
): WatchedLink | undefined {
  const { links, routeOf, interfaceOf } = found;
  const exact = links.find((link) => routeOf.get(link) === route);
  return exact ?? links.find((link) => interfaceOf(link) === route.interface);
}

function interfaceTowards(nextHop: string | undefined, { interfaces }: Machine): string | undefined {
  if (nextHop === undefined) return undefined;
  return ownNetworks(interfaces).find((network) => holdsIpv4(network, nextHop))?.interface;
}

function interfaceHolding(address: string | undefined, { interfaces }: Machine): string | undefined {
  const holds = (name: string) => interfaces[name]?.some((own) => own.address === address);
  return address === undefined ? undefined : Object.keys(interfaces).find(holds);
}

function isUp(interfaces: Interfaces, name: string): boolean {
  return (interfaces[name] ?? []).length > 0;
}

function localAddress(
  interfaces: Interfaces,
  { on, isSix }: { on: string | undefined; isSix: boolean },
): string | undefined {
  const infos = on === undefined ? [] : (interfaces[on] ?? []);
  const wanted = isSix ? 'IPv6' : 'IPv4';
  const ofFamily = infos.filter(({ family }) => family === wanted);
  return (ofFamily.find(({ address }) => !address.startsWith('fe80:')) ?? ofFamily[0] ?? infos[0])?.address;
}
