/** The machine's own addresses and the networks it is directly on. */
import type { NetworkInterfaceInfo } from 'node:os';
import { isUnicastAddress, maxAddresses } from '@vonggac/shared';

/** As `os.networkInterfaces()` gives them: those that are up, with an address. */
export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

export interface OwnNetwork {
  readonly interface: string;
  readonly family: 4 | 6;
  /** The machine's own address there. */
  readonly address: string;
  readonly mac: string;
  readonly prefix: number;
  /** As in 10.1.2.0/24. */
  readonly name: string;
}

const noMac = '00:00:00:00:00:00';

/**
 * Made by container engines and hypervisors for their own use, with the same addresses on every machine, and tunnels,
 * whose other end is elsewhere.
 */
const innerInterface = new RegExp(
  `^(?:${[
    'docker|br-[0-9a-f]{12}$|podman|cni|cali|flannel|kube|lxcbr|lxdbr|virbr|vnet|vmnet|vboxnet|fwbr|fwln|fwpr',
    'tun|tap|wg|ppp|sit|gre|ip6tnl|tailscale|zt',
    'vEthernet |VirtualBox |VMware ',
  ].join('|')})`,
);

/** Addresses by which others on the network can reach the machine, IPv4 first. */
export function ownAddresses(interfaces: Interfaces): string[] {
  const addresses = entries(interfaces)
    .filter(({ name }) => !innerInterface.test(name))
    .map(({ info }) => info);
  const places = addresses.filter(({ address }) => isUnicastAddress(address));
  return places
    .sort((a, b) => Number(a.family === 'IPv6') - Number(b.family === 'IPv6'))
    .map(({ address }) => address)
    .slice(0, maxAddresses);
}

/** Networks that the machine shares with others: no tunnels, no lines with one other end, nothing of its own making. */
export function ownNetworks(interfaces: Interfaces): OwnNetwork[] {
  return entries(interfaces).flatMap(({ name, info }) => {
    const { address, mac, family } = info;
    const prefix = Number(info.cidr?.split('/')[1] ?? Number.NaN);
    const longest = family === 'IPv4' ? 30 : 64;
    // What is shared has Ethernet's addresses.
    if (innerInterface.test(name) || mac === noMac || !isUnicastAddress(address)) return [];
    if (!(prefix >= 1 && prefix <= longest)) return [];
    const version = family === 'IPv4' ? 4 : 6;
    return { interface: name, family: version, address, mac, prefix, name: networkName(address, prefix) };
  });
}

function entries(interfaces: Interfaces): { name: string; info: NetworkInterfaceInfo }[] {
  return Object.entries(interfaces).flatMap(([name, infos]) =>
    (infos ?? []).filter((info) => !info.internal).map((info) => ({ name, info })),
  );
}

function networkName(address: string, prefix: number): string {
  if (!address.includes(':')) return `${ipv4Text(ipv4Base(address, prefix))}/${prefix}`;
  const [head = '', tail = ''] = address.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === '' ? [] : tail.split(':');
  const groups = [...first, ...Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0'), ...last];
  const kept = groups.map((group, index) => {
    const bits = Math.min(16, Math.max(0, prefix - 16 * index));
    return (Number.parseInt(group, 16) & (0xffff << (16 - bits)) & 0xffff).toString(16);
  });
  return `${new URL(`http://[${kept.join(':')}]`).hostname.slice(1, -1)}/${prefix}`;
}

/** Whether the address (IPv4) is one of the network's. */
export function holdsIpv4(network: OwnNetwork, address: string): boolean {
  if (network.family !== 4 || address.includes(':')) return false;
  return ipv4Base(address, network.prefix) === ipv4Base(network.address, network.prefix);
}

/** The network's first address as a number. */
export function ipv4Base(address: string, prefix: number): number {
  const size = 2 ** (32 - prefix);
  return Math.floor(ipv4Number(address) / size) * size;
}

export function ipv4Number(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}

export function ipv4Text(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
