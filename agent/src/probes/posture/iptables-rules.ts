/** `iptables -S`: the rules as they would be written on the command line. */
import type { FilterVerdict } from './nft-ruleset.ts';

const bare = /^-A INPUT -j (ACCEPT|DROP|REJECT|RETURN)(?: --reject-with [a-z0-9-]{1,40})?$/;

/** Throws when the text names no policy. */
export function parseIptablesInput(text: string): FilterVerdict {
  const lines = text.split('\n').map((line) => line.trim());
  const policy = lines.flatMap((line) => /^-P INPUT ([A-Z]{1,20})$/.exec(line)?.[1] ?? [])[0];
  if (policy === undefined) throw new Error('iptables named no policy for INPUT');
  if (policy === 'DROP') return 'closed';
  const first = lines.flatMap((line) => bare.exec(line)?.[1] ?? [])[0];
  if (first === 'DROP' || first === 'REJECT') return 'closed';
  return lines.some((line) => line.startsWith('-A ') && / -j (?:DROP|REJECT)\b/.test(line)) ? 'partly' : 'open';
}
