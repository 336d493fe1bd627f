/** Sources: the kernel's tables of routes, and resolv.conf(5). */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { parseRoutes, parseRoutes6 } from '../../system/default-routes-linux.ts';
import type { NetworkFacts } from './derive-targets.ts';

export function readNetworkFacts(root: string): NetworkFacts {
  const read = (path: string) => readIfThere(join(root, path));
  const routes = [...parseRoutes(read('proc/net/route')), ...parseRoutes6(read('proc/net/ipv6_route'))];
  const [way] = routes.flatMap(({ nextHop, interface: name }) => (nextHop === undefined ? [] : { nextHop, name }));
  return {
    // Routers of IPv6 are named by their link-local addresses, which mean something only with the interface.
    gateway: way?.nextHop.startsWith('fe80:') ? `${way.nextHop}%${way.name}` : way?.nextHop,
    resolvers: parseResolvConf(read('etc/resolv.conf')),
  };
}

/** A machine without IPv6 has no table of it, one without a network no resolv.conf. */
function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

export function parseResolvConf(text: string): string[] {
  return [...text.matchAll(/^[ \t]*nameserver[ \t]+(\S+)/gm)].flatMap(([, address = '']) =>
    isIP(address) === 0 ? [] : address,
  );
}
