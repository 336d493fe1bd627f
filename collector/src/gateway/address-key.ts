import { isIPv6 } from 'node:net';

/**
 * What counts as one address: IPv4 as it is, also when mapped into IPv6, and the /64 of IPv6, because that is what one
 * customer gets and can choose from. Only ever that of the socket: no header is believed.
 */
export function addressKey(remoteAddress: string | undefined): string {
  const address = plainAddress(remoteAddress);
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...first, ...Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0'), ...last];
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/** The address of a socket as a person writes it: IPv4 also when it is mapped into IPv6. */
export function plainAddress(remoteAddress: string | undefined): string {
  if (remoteAddress === undefined) return 'unknown';
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(remoteAddress)?.[1] ?? remoteAddress;
}
