import { createHash } from 'node:crypto';
import { formatKeyFingerprint } from '@vonggac/shared';

/** What the machine shows of its key, too; `publicKey` is raw, base64url. */
export function keyFingerprint(publicKey: string): string {
  return formatKeyFingerprint(createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest());
}
