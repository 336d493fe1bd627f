/**
 * Every message of protocol vonggac.v1. One message is one WebSocket frame: JSON text, or, for a batch, its raw
 * DEFLATE (RFC 1951) with the preset dictionary `batchDictionary` in a binary frame. Unknown keys are ignored, so that a newer peer can add some.
 */
import * as z from 'zod/mini';
import { isUnicastAddress } from '../connectivity/ip-address.ts';
import { ConnectivitySettings } from './connectivity-settings.ts';
import { isAddress } from './enrolment-code.ts';
import { limits } from './limits.ts';
import { ServiceNames } from './service-name.ts';

const Milliseconds = z.int().check(z.nonnegative());
const Sequence = z.int().check(z.nonnegative());
const Identifier = z.string().check(z.regex(/^[a-z0-9-]{1,64}$/));
const ProbeName = z.string().check(z.regex(/^[a-z0-9_-]{1,64}$/));
const Text = z.string().check(z.maxLength(limits.text));
const Base64Url = z.string().check(z.regex(/^[A-Za-z0-9_-]+$/), z.maxLength(128));

/** Collector to agent, first: what the agent has to sign. */
export const Challenge = z.object({
  type: z.literal('challenge'),
  /** 32 random bytes. */
  nonce: Base64Url,
  /** The collector's clock. */
  time: Milliseconds,
});
export type Challenge = z.infer<typeof Challenge>;

/** How an agent has come: directly, by a relay that a person named at the machine, or by one that the collector told of. */
export const AgentWay = z.object({
  kind: z.enum(['direct', 'via', 'relay']),
  /** Of the collector, or of the relay. */
  address: z.string().check(z.refine(isAddress)),
});
export type AgentWay = z.infer<typeof AgentWay>;

/** Agent to collector: who it is, proven by a signature of nonce and TLS exporter (see transcript.ts). */
export const Hello = z.object({
  type: z.literal('hello'),
  agent: Identifier,
  /** Random name of the agent's spool; changes only when the spool is made anew. */
  epoch: Identifier,
  version: Text,
  hostname: Text,
  /** Node's name of the operating system: `linux`, `win32`… */
  platform: Text,
  /** The agent's clock. */
  time: Milliseconds,
  /** When the agent's process and its machine started, by the agent's clock. */
  started: Milliseconds,
  booted: Milliseconds,
  /** The machine's own addresses, so that others on its network can tell whether it still answers. */
  addresses: z.optional(z.array(z.string().check(z.refine(isUnicastAddress))).check(z.maxLength(8))),
  way: z.optional(AgentWay),
  /** Hashes of a few lasting facts about the hardware, each with the agent's id: a hint that it moved to another machine. */
  hardware: z.optional(z.array(z.string().check(z.regex(/^[A-Za-z0-9_-]{16}$/))).check(z.maxLength(8))),
  /** Ed25519. */
  signature: Base64Url,
});
export type Hello = z.infer<typeof Hello>;

/** Collector to agent: the session is open. */
export const Welcome = z.object({
  type: z.literal('welcome'),
  session: Identifier,
  time: Milliseconds,
  /** Batches the agent may have sent without an ack. */
  window: z.int().check(z.minimum(1), z.maximum(64)),
});
export type Welcome = z.infer<typeof Welcome>;

/** Collector to agent: settings, applied at once and kept for the next start. */
export const Config = z.object({
  type: z.literal('config'),
  revision: z.int().check(z.nonnegative()),
  /** Cron expression with seconds by probe name; a probe that is not named keeps its default cadence. */
  schedules: z.record(ProbeName, z.string().check(z.maxLength(64))),
  /** Authorities that the agent is to trust from now on, as pins: the current one and, before a change, the next. */
  pins: z.optional(
    z.array(z.string().check(z.regex(/^[0-9A-HJKMNP-TV-Z]{52}$/))).check(z.minLength(1), z.maxLength(2)),
  ),
  /** The agent is to make itself a new key, see Rekey. */
  rotateKey: z.optional(z.boolean()),
  /** What to check, watch and pass on, and how much the line may carry. */
  connectivity: z.optional(ConnectivitySettings),
  /** Services of the operating system to watch where they are installed. */
  services: z.optional(ServiceNames),
});
export type Config = z.infer<typeof Config>;

/**
 * One series in a batch: `[measurement, fields, tags, times, values]`.
 * - measurement: catalogue number
 * - fields: `n` for the fields numbered 1 to n, or the list of field numbers
 * - tags: values in the catalogue's order
 * - times: the first as milliseconds before `sent`, each further one as the difference to the one before
 * - values: column by column, `fields × times` of them; whole numbers (see definition.ts), each as the difference to
 *   the one above, the first of a column to the last value that this connection carried of the series and field, or to
 *   0; strings as they are
 */
const Series = z.tuple([
  z.int().check(z.nonnegative()),
  z.union([z.int().check(z.minimum(1), z.maximum(64)), z.array(z.int()).check(z.minLength(1), z.maxLength(64))]),
  z.array(Text).check(z.maxLength(8)),
  z.array(z.int()).check(z.minLength(1), z.maxLength(limits.pointsPerBatch)),
  z.array(z.union([z.int(), Text])),
]);
export type WireSeries = z.infer<typeof Series>;

/** Agent to collector: points. `seq` names the batch in its ack. */
export const Batch = z.object({
  type: z.literal('batch'),
  seq: Sequence,
  /** The agent's clock when the batch was made; the base of all times in it. */
  sent: Milliseconds,
  /** Collector's clock minus the agent's in milliseconds, as known when the points were taken; absent when unknown. */
  offset: z.optional(z.int()),
  data: z.array(Series).check(z.maxLength(limits.pointsPerBatch)),
});
export type Batch = z.infer<typeof Batch>;

/**
 * Collector to agent: the batch is committed and synced, the agent may forget it. With `retry` it is not: the store is
 * away, the agent keeps the batch and sends it again after that many milliseconds. New readings go on being sent in
 * the meantime, each once, because the collector shows them even while it cannot store them.
 */
export const Ack = z.object({
  type: z.literal('ack'),
  seq: Sequence,
  /** Points of the batch that were refused for good; the collector counts them by reason. */
  refused: z.optional(z.int().check(z.minimum(1))),
  retry: z.optional(z.int().check(z.minimum(1), z.maximum(600_000))),
});
export type Ack = z.infer<typeof Ack>;

/** Either way, as the last message before closing. */
export const Goodbye = z.object({
  type: z.literal('goodbye'),
  reason: z.enum(['stop', 'shutdown', 'update', 'restart']),
});
export type Goodbye = z.infer<typeof Goodbye>;

/** Agent to collector when it has nothing else to say; the collector answers with the same `sent` and its own clock. */
export const Ping = z.object({
  type: z.literal('ping'),
  sent: Milliseconds,
  time: z.optional(Milliseconds),
});
export type Ping = z.infer<typeof Ping>;

/** Agent to collector, when settings said `rotateKey`: the key that is to take the place of the present one. */
export const Rekey = z.object({
  type: z.literal('rekey'),
  /** Ed25519, raw 32 bytes. */
  publicKey: Base64Url,
  /** By the new key, of agent id, nonce, TLS exporter and the new key (see transcript.ts). */
  signature: Base64Url,
});
export type Rekey = z.infer<typeof Rekey>;

/**
 * Collector to agent: it knows the new key from now on, and still takes the old one. Agent to collector: the new key is
 * in its place on the disk, so the old one is not needed any more; a hello with the new key says the same.
 */
export const Rekeyed = z.object({
  type: z.literal('rekeyed'),
  publicKey: Base64Url,
});
export type Rekeyed = z.infer<typeof Rekeyed>;

export const AgentMessage = z.discriminatedUnion('type', [Hello, Batch, Ping, Goodbye, Rekey, Rekeyed]);
export type AgentMessage = z.infer<typeof AgentMessage>;

export const CollectorMessage = z.discriminatedUnion('type', [Challenge, Welcome, Config, Ack, Ping, Goodbye, Rekeyed]);
export type CollectorMessage = z.infer<typeof CollectorMessage>;
