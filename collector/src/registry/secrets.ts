import { createHash, randomBytes } from 'node:crypto';

/** 32 random bytes in letters that need no escaping in a header, a cookie or an address. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a secret. A fast hash is enough: 256 random bits cannot be guessed, whatever a guess costs. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
