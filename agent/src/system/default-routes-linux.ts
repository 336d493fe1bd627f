/**
 * Ways out of the machine: default routes of `/proc/net/route` (proc(5)) and `/proc/net/ipv6_route` (the kernel's
 * net/ipv6/route.c). Reading costs microseconds and starts no program.
 */
import { endianness } from 'node:os';
import { join } from 'node:path';
import { ProcFile } from './proc-file.ts';

export interface DefaultRoute {
  readonly interface: string;
  readonly family: 4 | 6;
  /** Undefined on a line that has but one other end. */
  readonly nextHop: string | undefined;
  /** The kernel takes the lowest. */
  readonly metric: number;
}

/** `RTF_UP` and `RTF_REJECT` of linux/route.h. */
const routeUp = 0x1;
const routeReject = 0x200;

/** Default routes, the one that the kernel takes first: IPv4 before IPv6, then the lowest metric. */
export class DefaultRoutes {
  readonly #four: ProcFile;
  readonly #six: ProcFile;
  readonly #forward: ProcFile;

  /** `root` is the folder that holds `proc`. */
  constructor(root: string) {
    this.#four = new ProcFile(join(root, 'proc/net/route'));
    this.#six = new ProcFile(join(root, 'proc/net/ipv6_route'));
    this.#forward = new ProcFile(join(root, 'proc/sys/net/ipv4/ip_forward'));
  }

  /** Throws when the kernel's table cannot be read; a kernel without IPv6 has no table of it. */
  read(): DefaultRoute[] {
    return [...parseRoutes(this.#four.read()), ...parseRoutes6(readIfThere(this.#six))];
  }

  /** Whether the machine passes packets on between its networks. */
  get isRouter(): boolean {
    return readIfThere(this.#forward).trim() === '1';
  }
}

function readIfThere(file: ProcFile): string {
  try {
    return file.read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** Columns: interface, destination, gateway, flags, references, use, metric, mask; addresses as the machine's words. */
export function parseRoutes(text: string): DefaultRoute[] {
  const routes: DefaultRoute[] = [];
  for (const line of text.split('\n').slice(1)) {
    const [name, destination, gateway, flags, , , metric, mask] = line.trim().split(/\s+/);
    if (name === undefined || gateway === undefined || metric === undefined) continue;
    if (destination !== '00000000' || mask !== '00000000' || !isUsable(flags)) continue;
    routes.push({ interface: name, family: 4, nextHop: readWord(gateway), metric: Number(metric) });
  }
  return routes.sort((a, b) => a.metric - b.metric);
}

/** Columns, all hexadecimal: destination, its prefix, source, its prefix, next hop, metric, …, flags, interface. */
export function parseRoutes6(text: string): DefaultRoute[] {
  const routes: DefaultRoute[] = [];
  for (const line of text.split('\n')) {
    const [destination, prefix, , , gateway, metric, , , flags, name] = line.trim().split(/\s+/);
    if (name === undefined || gateway === undefined || name === 'lo') continue;
    if (!/^0{32}$/.test(destination ?? '') || prefix !== '00' || !isUsable(flags)) continue;
    routes.push({
      interface: name,
      family: 6,
      nextHop: readAddress6(gateway),
      metric: Number.parseInt(metric ?? '', 16),
    });
  }
  return routes.sort((a, b) => a.metric - b.metric);
}

function isUsable(flags: string | undefined): boolean {
  const bits = Number.parseInt(flags ?? '', 16);
  return (bits & routeUp) !== 0 && (bits & routeReject) === 0;
}

function readWord(hex: string): string | undefined {
  const bytes = Buffer.from(hex, 'hex');
  if (bytes.length !== 4 || bytes.readUInt32BE() === 0) return undefined;
  return [...(endianness() === 'LE' ? bytes.reverse() : bytes)].join('.');
}

function readAddress6(hex: string): string | undefined {
  if (!/^[0-9a-f]{32}$/.test(hex) || /^0+$/.test(hex)) return undefined;
  // The URL parser writes an address the short way of RFC 5952.
  return new URL(`http://[${hex.match(/.{4}/g)?.join(':')}]`).hostname.slice(1, -1);
}
