/** One form for a threat's name, so that machines with the same product are seen to have the same threat. */
import { cleanText } from '../registry/audit-entry.ts';

const maxLength = 120;

/**
 * Without what differs between updates of the same signature: `Win.Trojan.X-6840338-1.UNOFFICIAL` and
 * `win.trojan.x-6840338-0` are one. Names of different products for one threat stay different: nobody can tell.
 */
export function threatKey(name: string): string {
  const key = name
    .slice(0, maxLength)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\.unofficial$/, '')
    .replace(/-(\d{4,})-\d{1,4}$/, '-$1')
    .slice(0, maxLength);
  // Cutting and composing may have made of it what no incident keeps as it is.
  return key === '' ? 'unnamed' : cleanText(key);
}
