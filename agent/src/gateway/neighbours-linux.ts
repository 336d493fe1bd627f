/** Who the kernel has talked to on the networks it is on: `/proc/net/arp` (proc(5)) and `ip neighbour` (ip-neighbour(8)). */
import { isDeviceMac, parseMac } from '@vonggac/shared';

export interface Neighbour {
  /** IPv4 or IPv6, without a zone. */
  readonly address: string;
  readonly mac: string;
  readonly interface: string;
}

/** `ATF_COM` and `ATF_PERM` of net/if_arp.h. */
const complete = 0x2;
const permanent = 0x4;
const ethernet = 1;

/** States in which the neighbour has answered within the last seconds, or is being asked. */
const recent = new Set(['REACHABLE', 'DELAY', 'PROBE']);

/**
 * Reads `/proc/net/arp`: IPv4 neighbours whose MAC is known. An entry stays long after its device has gone, until the
 * kernel has to send there again. What a person has entered by hand is no sign of life.
 */
export function parseArp(text: string): Neighbour[] {
  const found: Neighbour[] = [];
  for (const line of text.split('\n').slice(1)) {
    const [address, hardware, flags, mac, , name] = line.trim().split(/\s+/);
    const bits = Number.parseInt(flags ?? '', 16);
    if (Number(hardware) !== ethernet || (bits & (complete | permanent)) !== complete) continue;
    const neighbour = neighbourOf(address, { mac, name });
    if (neighbour) found.push(neighbour);
  }
  return found;
}

/** Reads `ip neighbour show`: those that have just answered, IPv4 and IPv6. Unknown words are passed over. */
export function parseIpNeighbours(text: string): Neighbour[] {
  const found: Neighbour[] = [];
  for (const line of text.split('\n')) {
    const words = line.trim().split(/\s+/);
    const after = (key: string) => (words.includes(key) ? words[words.indexOf(key) + 1] : undefined);
    if (!recent.has(words.at(-1) ?? '')) continue;
    const neighbour = neighbourOf(words[0], { mac: after('lladdr'), name: after('dev') });
    if (neighbour) found.push(neighbour);
  }
  return found;
}

function neighbourOf(
  address: string | undefined,
  { mac: written, name }: { mac: string | undefined; name: string | undefined },
): Neighbour | undefined {
  const mac = parseMac(written ?? '');
  if (address === undefined || name === undefined || mac === undefined || !isDeviceMac(mac)) return undefined;
  return { address, mac, interface: name };
}
