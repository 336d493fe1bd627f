/** The section `relay` of the agent's configuration. Only the machine's owner opens a port; a collector cannot. */
import { isIP } from 'node:net';
import { isAddress } from '@vonggac/shared';
import * as z from 'zod/mini';

/** All addresses of the machine, IPv6 where there is some. */
export const defaultListen = '[::]:8444';

function integer(fallback: number, range: { min: number; max: number }) {
  return z._default(z.int().check(z.minimum(range.min), z.maximum(range.max)), fallback);
}

function isNetwork(text: string): boolean {
  const [address = '', prefix = '', ...more] = text.split('/');
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return more.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= longest;
}

export const RelaySettings = z.strictObject({
  listen: z._default(z.string().check(z.refine(isAddress, 'expected host:port')), defaultListen),
  /** Networks that may use the relay beside those that the machine is on, as 10.1.0.0/16. */
  allow: z._default(
    z.array(z.string().check(z.refine(isNetwork, 'expected a network as 10.1.0.0/16'))).check(z.maxLength(64)),
    [],
  ),
  connections: integer(200, { min: 1, max: 2_000 }),
  connections_per_address: integer(16, { min: 1, max: 2_000 }),
  /** New ones; three times as many at once. */
  connections_per_second: integer(20, { min: 1, max: 1_000 }),
  /** An agent says something every 10 s. */
  idle_seconds: integer(120, { min: 30, max: 3_600 }),
});
export type RelaySettings = z.infer<typeof RelaySettings>;
