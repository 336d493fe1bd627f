/** The addresses that enrolment codes tell machines to find the collector at. */
import { networkInterfaces } from 'node:os';
import type { Config } from './config.ts';

/** Those of the configuration, or those of this machine. `port`: the one that is listened on. */
export function codeAddresses(config: Config, port: number): readonly string[] {
  return config.agents.addresses.length > 0 ? config.agents.addresses : reachableAddresses(port);
}

/** Where agents can reach a collector on this machine, loopback last. */
function reachableAddresses(port: number): string[] {
  const found = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => `${address}:${port}`);
  return [...found, `127.0.0.1:${port}`];
}
