import { networkInterfaces } from 'node:os';

/** Addresses under which others know this machine. */
export function ownAddresses(): ReadonlySet<string> {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return new Set(all.flatMap(({ internal, address }) => (internal ? [] : [address])));
}
