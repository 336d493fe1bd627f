/** Sources: the kernel's default routes, and resolv.conf(5). */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { DefaultRoutes } from '../../system/default-routes-linux.ts';
import type { NetworkFacts } from './derive-targets.ts';

/** `root` is the folder that holds `etc`. */
export function readNetworkFacts(root: string, routes: Pick<DefaultRoutes, 'read'>): NetworkFacts {
  const [way] = routes
    .read()
    .flatMap(({ nextHop, interface: name }) => (nextHop === undefined ? [] : { nextHop, name }));
  return {
    // Routers of IPv6 are named by their link-local addresses, which mean something only with the interface.
    gateway: way?.nextHop.startsWith('fe80:') ? `${way.nextHop}%${way.name}` : way?.nextHop,
    resolvers: parseResolvConf(readIfThere(join(root, 'etc/resolv.conf'))),
  };
}

/** A machine without a network may have no resolv.conf. */
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
