/** IP addresses as text, without `node:net`: this also runs in the browser. */

/** The eight 16-bit groups of an address, an IPv4 one mapped into `::ffff:0:0/96`, or undefined. */
function groupsOf(text: string): number[] | undefined {
  const four = ipv4Groups(text);
  if (four) return [0, 0, 0, 0, 0, 0xffff, ...four];
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const tail = embedded?.[2] === undefined ? [] : ipv4Groups(embedded[2]);
  if (!tail) return undefined;
  const hex = (embedded?.[1] ?? text).replace(/(?<=[^:]):$/, '');
  const [before = '', after, ...more] = hex.split('::');
  if (more.length > 0 || !/^[0-9a-f:]*$/i.test(hex)) return undefined;
  const head = splitGroups(before);
  const rest = after === undefined ? [] : splitGroups(after);
  if (!head || !rest) return undefined;
  const missing = 8 - head.length - rest.length - tail.length;
  if (after === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...Array<number>(missing).fill(0), ...rest, ...tail];
}

function ipv4Groups(text: string): [number, number] | undefined {
  // No leading zeros: programs disagree about whether they mean octal.
  const match = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/.exec(text);
  if (!match) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = match.slice(1).map(Number);
  return Math.max(a, b, c, d) > 255 ? undefined : [a * 256 + b, c * 256 + d];
}

function splitGroups(text: string): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  return parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part))
    ? parts.map((part) => Number.parseInt(part, 16))
    : undefined;
}

/** 4 or 6, or 0 for what is not an address. Zones (`fe80::1%eth0`) are not addresses here. */
export function ipVersion(text: string): 0 | 4 | 6 {
  const groups = groupsOf(text);
  if (!groups) return 0;
  return text.includes(':') ? 6 : 4;
}

/**
 * Whether the address can be a place of its own on a network. Not: this host (0.0.0.0/8, 127.0.0.0/8, ::, ::1),
 * link-local (169.254.0.0/16, fe80::/10), multicast and above (224.0.0.0/3, ff00::/8), and the same written as IPv6
 * (RFC 6890; mapped, compatible and NAT64 forms of RFC 4291 and 6052).
 */
export function isUnicastAddress(text: string): boolean {
  const groups = groupsOf(text);
  if (!groups) return false;
  const [first = 0, ...others] = groups;
  const [high = 0, low = 0] = groups.slice(6);
  const before = groups.slice(0, 6).join();
  if (before === '0,0,0,0,0,65535' || before === '100,65435,0,0,0,0' || before === '0,0,0,0,0,0') {
    if (before === '0,0,0,0,0,0' && high === 0 && low <= 1) return false;
    const top = high >> 8;
    return top !== 0 && top !== 127 && high !== 0xa9fe && top < 224;
  }
  return (first & 0xffc0) !== 0xfe80 && first < 0xff00 && others.some((group) => group !== 0 || first !== 0);
}
