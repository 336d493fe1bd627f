/** The fingerprint of an agent's key, short enough to be compared over the phone. */
import { encodeBase32 } from './base32.ts';

/** 100 bits: nobody can make another key with the same. */
const symbols = 20;

/** `digest` is the SHA-256 of the raw public key (32 bytes). Both sides show the same, as in `7QJD-0V5T-…`. */
export function formatKeyFingerprint(digest: Uint8Array): string {
  return encodeBase32(digest)
    .slice(0, symbols)
    .replace(/(.{4})(?=.)/g, '$1-');
}
