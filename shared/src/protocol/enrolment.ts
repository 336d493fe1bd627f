/**
 * Enrolment over HTTPS on the agents' port, two requests on one TLS connection:
 * `GET /enrol/v1` answers EnrolmentNonce; `POST /enrol/v1` with EnrolmentRequest answers EnrolmentGrant, or 202 and
 * EnrolmentPending while a person has to decide, or EnrolmentRefusal, the same for every wrong token.
 */
import * as z from 'zod/mini';
import { AgentClass } from '../units/agent-class.ts';
import { limits } from './limits.ts';

const Text = z.string().check(z.maxLength(limits.text));
const Base64Url = z.string().check(z.regex(/^[A-Za-z0-9_-]+$/), z.maxLength(128));
/** The machine's own addresses that an enrolment tells. */
export const maxAddresses = 8;
const IpAddress = z.union([z.ipv4(), z.ipv6().check(z.maxLength(45))]);

export const EnrolmentNonce = z.object({ nonce: Base64Url });
export type EnrolmentNonce = z.infer<typeof EnrolmentNonce>;

export const EnrolmentRequest = z.object({
  /** Which code it is about: a hash of the token that does not give the token away. */
  lookup: Base64Url,
  /** HMAC-SHA-256 with the token's key over the enrolment transcript. */
  proof: Base64Url,
  /** Ed25519, raw 32 bytes. */
  publicKey: Base64Url,
  hostname: Text,
  platform: Text,
  version: Text,
  /** Name and version of the operating system, for the person who decides. */
  system: z.optional(Text),
  /** The machine's own addresses, for the same. */
  addresses: z.optional(z.array(IpAddress).check(z.maxLength(maxAddresses))),
  /** Ed25519 by the key over its own transcript: shows that the machine has the private key too. */
  signature: z.optional(Base64Url),
});
export type EnrolmentRequest = z.infer<typeof EnrolmentRequest>;

export const EnrolmentGrant = z.object({
  agent: z.string().check(z.regex(/^[a-z0-9-]{1,64}$/)),
  unit: Text,
  class: AgentClass,
});
export type EnrolmentGrant = z.infer<typeof EnrolmentGrant>;

/** The code was right, but a person has to accept the machine: ask again, with the same key. */
export const EnrolmentPending = z.object({
  /** What the person finds the machine by. */
  pending: z.string().check(z.regex(/^[a-z0-9-]{1,64}$/)),
  /** When to ask again, in milliseconds. */
  retry: z.int().check(z.minimum(1_000), z.maximum(600_000)),
});
export type EnrolmentPending = z.infer<typeof EnrolmentPending>;

/**
 * Why there is nothing: `refused` for every wrong or dead token, and, only to whoever proved the token, `declined`
 * when a person said no and `lapsed` when nobody decided in time. Others ask for a later try.
 */
export const EnrolmentRefusal = z.object({ error: Text, detail: Text });
export type EnrolmentRefusal = z.infer<typeof EnrolmentRefusal>;
