/**
 * Makes the kernel ask who is there: an empty UDP datagram to the discard port of each address of a network. Before it
 * can send one the kernel resolves the address by ARP, which every device has to answer, whatever its firewall says.
 * Needs no privilege. Slow and in random order, so that no switch, printer or intrusion detection minds it.
 */
import { ipv4Base, ipv4Number, ipv4Text, type OwnNetwork } from '../system/own-networks.ts';

/** The largest network that is swept. */
const shortestPrefix = 22;
/** 4 a second: a /22 takes 4 minutes. */
const gapMs = 250;
/** The kernel needs up to 8 s to be sure that a device it knew has gone: 5 s of delay, 3 probes. */
const settleMs = 10_000;

/**
 * Bytes on the line for one address, the answers too; an Ethernet frame has at least 60. Where nobody answers the kernel
 * asks three times; who answers gets the datagram, and may say by ICMP that the port is closed.
 */
const silentBytes = 3 * 60;
const answeredBytes = 60 + 60 + 60 + 70;

export interface SweptAddress {
  readonly address: string;
  readonly network: string;
}

interface Options {
  /** Sends one empty datagram; failures do not matter. */
  readonly touch: (address: string) => void;
  readonly monotonic: () => number;
  readonly random: () => number;
}

/** Why a network is not swept, or undefined. */
export function whyNotSwept(network: OwnNetwork): string | undefined {
  if (network.family === 6) return 'an IPv6 network is too large to sweep';
  return network.prefix < shortestPrefix ? `larger than a /${shortestPrefix}` : undefined;
}

export function sweptBytes(counts: { addresses: number; answered: number }): number {
  return (counts.addresses - counts.answered) * silentBytes + counts.answered * answeredBytes;
}

export class Sweep {
  readonly #options: Options;
  #queue: SweptAddress[] = [];
  #touched: (SweptAddress & { readonly atMs: number })[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Adds all addresses of the network but the machine's own to what is under way. */
  start(network: OwnNetwork): void {
    const base = ipv4Base(network.address, network.prefix);
    const own = ipv4Number(network.address);
    const last = base + 2 ** (32 - network.prefix) - 1;
    for (let number = base + 1; number < last; number += 1) {
      if (number !== own) this.#queue.push({ address: ipv4Text(number), network: network.name });
    }
    this.#timer ??= setInterval(() => this.#next(), gapMs).unref();
  }

  isUnderWay(network: string): boolean {
    const isOfIt = (swept: SweptAddress) => swept.network === network;
    return this.#queue.some(isOfIt) || this.#touched.some(isOfIt);
  }

  /** Gives up networks that the machine is not on any more. */
  keepOnly(networks: ReadonlySet<string>): void {
    this.#queue = this.#queue.filter(({ network }) => networks.has(network));
    this.#touched = this.#touched.filter(({ network }) => networks.has(network));
  }

  /** Addresses of which the kernel knows by now whether anybody answers; each once. */
  takeSettled(): SweptAddress[] {
    const before = this.#options.monotonic() - settleMs;
    const settled = this.#touched.filter(({ atMs }) => atMs <= before);
    this.#touched = this.#touched.filter(({ atMs }) => atMs > before);
    return settled;
  }

  /** Gives up what is under way. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#queue = [];
    this.#touched = [];
  }

  #next(): void {
    const index = Math.floor(this.#options.random() * this.#queue.length);
    const next = this.#queue[index];
    const last = this.#queue.pop();
    if (!next || !last) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    if (next !== last) this.#queue[index] = last;
    this.#touched.push({ ...next, atMs: this.#options.monotonic() });
    this.#options.touch(next.address);
  }
}
