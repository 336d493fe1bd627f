/** Sources: `route print` for the routers, c-ares, which asks the IP Helper API, for the resolvers. */
import { Resolver } from 'node:dns';
import { isIP, isIPv4 } from 'node:net';
import type { RunCommand } from '../../system/run-command.ts';
import type { NetworkFacts } from './derive-targets.ts';

const timeoutMs = 5_000;
const maxBytes = 256 * 1_024;

export async function readNetworkFacts(runCommand: RunCommand): Promise<NetworkFacts> {
  const program = `${process.env.SystemRoot ?? 'C:\\Windows'}\\System32\\route.exe`;
  const print = async (family: '-4' | '-6') =>
    (await runCommand(program, ['print', family], { timeoutMs, maxBytes })).stdout;
  const gateway = parseIpv4Gateway(await print('-4')) ?? parseIpv6Gateway(await print('-6'));
  // Those that do not listen on port 53 are `address:port` here: not a machine's ordinary resolver.
  const resolvers = new Resolver().getServers().filter((address) => isIP(address) !== 0);
  return { gateway, resolvers };
}

/** Rows of `0.0.0.0  0.0.0.0  GATEWAY  INTERFACE  METRIC`; words around them are translated. */
export function parseIpv4Gateway(text: string): string | undefined {
  const routes = text.split('\n').flatMap((line) => {
    const [destination, mask, gateway = '', own = '', metric, ...more] = line.trim().split(/\s+/);
    const isDefault = destination === '0.0.0.0' && mask === '0.0.0.0' && more.length === 0;
    // The list of persistent routes has no column for the interface.
    return isDefault && isIPv4(gateway) && isIPv4(own) ? { gateway, metric: Number(metric) } : [];
  });
  return lowest(routes);
}

/** Rows of `INTERFACE METRIC ::/0 GATEWAY`. */
export function parseIpv6Gateway(text: string): string | undefined {
  const routes = text.split('\n').flatMap((line) => {
    const [index = '', metric, destination, gateway = ''] = line.trim().split(/\s+/);
    if (destination !== '::/0' || isIP(gateway) !== 6 || !/^\d+$/.test(index)) return [];
    return { gateway: gateway.startsWith('fe80:') ? `${gateway}%${index}` : gateway, metric: Number(metric) };
  });
  return lowest(routes);
}

function lowest(routes: readonly { gateway: string; metric: number }[]): string | undefined {
  return routes.toSorted((a, b) => a.metric - b.metric)[0]?.gateway;
}
