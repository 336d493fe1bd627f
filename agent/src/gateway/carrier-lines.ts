import type { WatchedLink } from '@vonggac/shared';
import type { DefaultRoutes } from '../system/default-routes-linux.ts';
import type { OwnNetwork } from '../system/own-networks.ts';

/** What the machine knows of its ways out. */
export interface Outlook {
  /** Interfaces with a default route. */
  readonly outward: ReadonlySet<string>;
  /** Whether it passes packets on between its networks. */
  readonly isRouter: boolean;
}

/** Remembers: a line whose route a fail-over takes away is a line all the same. */
export class WaysOut {
  readonly #routes: Pick<DefaultRoutes, 'read' | 'isRouter'>;
  readonly #outward = new Set<string>();

  constructor(routes: Pick<DefaultRoutes, 'read' | 'isRouter'>) {
    this.#routes = routes;
  }

  /** `links` are the lines of the unit's record. */
  look(links: readonly WatchedLink[]): Outlook {
    for (const { interface: on } of [...this.#routes.read(), ...links]) {
      if (on !== undefined && this.#outward.size < maxInterfaces) this.#outward.add(on);
    }
    return { outward: this.#outward, isRouter: this.#routes.isRouter };
  }
}

/** More than a machine has at a time. */
const maxInterfaces = 256;

/**
 * Interfaces behind which are a carrier and its other customers, not the office: those with a default route and an IPv4
 * address that is not private; on a router that has another network too, all with a default route. Where the routes
 * are not known every address that is not private counts.
 */
export function carrierLines(own: readonly OwnNetwork[], outlook: Outlook | undefined): ReadonlySet<string> {
  const isOutward = ({ interface: on }: OwnNetwork) => outlook === undefined || outlook.outward.has(on);
  const hasInside = own.some((network) => network.family === 4 && !isOutward(network));
  const isLine = (network: OwnNetwork) =>
    network.family === 4 && (!isPrivate(network.address) || (outlook?.isRouter === true && hasInside));
  return new Set(own.filter((network) => isOutward(network) && isLine(network)).map((network) => network.interface));
}

/** RFC 1918; not 100.64.0.0/10, which carriers use between themselves and their customers. */
function isPrivate(address: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address);
}
