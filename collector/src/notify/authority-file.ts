/** Whom a channel trusts: everybody's authorities, and the province's own. */
import { readFileSync } from 'node:fs';
import { getCACertificates } from 'node:tls';

/** Read anew each time. Throws. */
export function withAuthority(file: string): string[] {
  return [...getCACertificates('default'), readFileSync(file, 'utf8')];
}
