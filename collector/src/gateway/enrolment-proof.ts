/** What an enrolment shows: that the machine knows the token, and that it holds the key that it asks to register. */
import { createHash, createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import { type EnrolmentRequest, enrolKeyTranscript, enrolTranscript } from '@vonggac/shared';

/** Of the connection that the request came on; a proof made for another one is worth nothing. */
export interface Binding {
  readonly nonce: string;
  readonly exporter: string;
}

/**
 * Whether the request proves the token whose key this is (base64url). For an unknown token the same is computed, so
 * that the answer takes the same time.
 */
export function provesToken(request: EnrolmentRequest, { key, ...binding }: Binding & { key: string | undefined }) {
  const secret = key ?? createHash('sha256').update(request.lookup).digest('base64url');
  const transcript = enrolTranscript({ ...binding, publicKey: request.publicKey });
  const expected = createHmac('sha256', Buffer.from(secret, 'base64url')).update(transcript).digest();
  const proof = Buffer.from(request.proof, 'base64url');
  return proof.length === expected.length && timingSafeEqual(proof, expected) && key !== undefined;
}

/** Whether it is an Ed25519 key in the one form that it can be written in: two forms would be two machines. */
export function isPublicKey(text: string): boolean {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length === 32 && bytes.toString('base64url') === text;
}

/** `absent` when the agent is too old to send a signature. */
export function checkKey(request: EnrolmentRequest, binding: Binding): 'proven' | 'absent' | 'wrong' {
  if (request.signature === undefined) return 'absent';
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: request.publicKey } });
  const transcript = enrolKeyTranscript({ ...binding, publicKey: request.publicKey });
  return verify(null, transcript, key, Buffer.from(request.signature, 'base64url')) ? 'proven' : 'wrong';
}
