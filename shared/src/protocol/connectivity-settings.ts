/** What the collector tells an agent about connectivity: data, checked here before anything acts on it. */
import * as z from 'zod/mini';
import { isUnicastAddress } from '../connectivity/ip-address.ts';
import { isRemoteTarget, maxTargets, PushedTarget } from '../connectivity/target.ts';
import { isAddress } from './enrolment-code.ts';

/** Speed of a line, sampled once a night by a download that stops at `max_bytes`. */
export const ThroughputSample = z.object({
  url: z
    .string()
    .check(
      z.regex(/^https?:/, 'expected http://… or https://…'),
      z.maxLength(512),
      z.refine(isRemoteTarget, 'expected a target elsewhere'),
    ),
  max_bytes: z.int().check(z.minimum(100_000), z.maximum(20_000_000)),
  /** Of the machine's clock; the minute is the machine's own, so that not all load at once. */
  hour: z.int().check(z.minimum(0), z.maximum(23)),
});
export type ThroughputSample = z.infer<typeof ThroughputSample>;

/** A line to the outside that a gateway watches. */
export const WatchedLink = z.object({
  /** As in the unit's record; becomes the tag `link`. */
  id: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,31}$/)),
  /** Which of the machine's interfaces; found by the next hop, or by the edge, or as the only one left, when absent. */
  interface: z.optional(z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9 ._:@-]{0,63}$/))),
  next_hop: z.optional(z.string().check(z.refine(isUnicastAddress, 'expected the address of a router'))),
  /** The unit's end of the line as in its record: a machine that holds the address knows its interface by it. */
  edge: z.optional(z.string().check(z.refine(isUnicastAddress, 'expected an address'))),
  /** Beyond the line; the next hop when absent. Only ping can be made to leave by a given line. */
  check: z.optional(
    z
      .string()
      .check(
        z.regex(/^icmp:/, 'expected icmp://…'),
        z.maxLength(512),
        z.refine(isRemoteTarget, 'expected a target elsewhere'),
      ),
  ),
  /** Off when absent. */
  throughput: z.optional(ThroughputSample),
});
export type WatchedLink = z.infer<typeof WatchedLink>;

function between(least: number, most: number) {
  const message = `expected a whole number from ${least} to ${most}`;
  return z.int(message).check(z.minimum(least, message), z.maximum(most, message));
}

export const ByteBudget = z.object({
  /** TCP payload, both ways; past it the agent sends seldom and only what matters. */
  bytes_per_day: between(50_000, 10_000_000_000),
  /** What readings of the past may take of the line while newer ones are sent first. */
  backfill_bits_per_second: between(1_000, 1_000_000_000),
});
export type ByteBudget = z.infer<typeof ByteBudget>;

export const ConnectivitySettings = z.object({
  targets: z.array(PushedTarget).check(z.maxLength(maxTargets)),
  links: z.optional(z.array(WatchedLink).check(z.maxLength(8))),
  /** Where a relay of the unit listens, `host:port`, to be used when the direct way fails. */
  relays: z.optional(z.array(z.string().check(z.refine(isAddress, 'expected host:port'))).check(z.maxLength(4))),
  /** How often a gateway sweeps its networks; 0 is never. */
  sweep_minutes: z.optional(z.int().check(z.minimum(0), z.maximum(1_440))),
  budget: z.optional(ByteBudget),
});
export type ConnectivitySettings = z.infer<typeof ConnectivitySettings>;
