/**
 * Enrolment over HTTPS on the agents' port, two requests on one TLS connection:
 * `GET /enrol/v1` answers EnrolmentNonce; `POST /enrol/v1` with EnrolmentRequest answers EnrolmentGrant, or a refusal
 * that is the same for every wrong token.
 */
import * as z from 'zod/mini';
import { AgentClass } from '../units/agent-class.ts';
import { limits } from './limits.ts';

const Text = z.string().check(z.maxLength(limits.text));
const Base64Url = z.string().check(z.regex(/^[A-Za-z0-9_-]+$/), z.maxLength(128));

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
});
export type EnrolmentRequest = z.infer<typeof EnrolmentRequest>;

export const EnrolmentGrant = z.object({
  agent: z.string().check(z.regex(/^[a-z0-9-]{1,64}$/)),
  unit: Text,
  class: AgentClass,
});
export type EnrolmentGrant = z.infer<typeof EnrolmentGrant>;
