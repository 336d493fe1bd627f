/** Who may use the relay: machines of the office, a number of connections at a time, a number a second. */
import { BlockList, isIP } from 'node:net';
import { type Interfaces, ownNetworks } from '../system/own-networks.ts';
import { carrierLines, type Outlook } from './carrier-lines.ts';
import type { RelaySettings } from './relay-settings.ts';

export type Refusal = 'network' | 'connections' | 'connections_per_address' | 'connections_per_second';

interface Options {
  readonly settings: RelaySettings;
  readonly interfaces: () => Interfaces;
  /** Undefined where it is not known. */
  readonly outlook: () => Outlook | undefined;
  readonly monotonic: () => number;
}

/** Networks come and go seldom. */
const readAgainMs = 30_000;
const burstSeconds = 3;

export class RelayDoor {
  readonly #options: Options;
  readonly #open = new Map<string, number>();
  #count = 0;
  #credit: number;
  #creditedAtMs: number;
  #networks = new BlockList();
  #readAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: Options) {
    this.#options = options;
    this.#credit = burstSeconds * options.settings.connections_per_second;
    this.#creditedAtMs = options.monotonic();
  }

  get open(): number {
    return this.#count;
  }

  /** Lets a connection in, to be followed by `leave`, or says why not. */
  enter(address: string): Refusal | undefined {
    const { settings } = this.#options;
    const ofAddress = this.#open.get(address) ?? 0;
    // Strangers come first: they must not use up what is there for the office.
    if (!this.#isOfOffice(address)) return 'network';
    if (ofAddress >= settings.connections_per_address) return 'connections_per_address';
    if (this.#count >= settings.connections) return 'connections';
    if (!this.#takeCredit()) return 'connections_per_second';
    this.#open.set(address, ofAddress + 1);
    this.#count += 1;
    return undefined;
  }

  leave(address: string): void {
    const left = (this.#open.get(address) ?? 0) - 1;
    this.#count -= 1;
    if (left > 0) this.#open.set(address, left);
    else this.#open.delete(address);
  }

  #isOfOffice(address: string): boolean {
    const now = this.#options.monotonic();
    if (now - this.#readAtMs >= readAgainMs) {
      this.#readAtMs = now;
      try {
        this.#networks = this.#readNetworks();
      } catch {
        // Out of descriptors, most likely: those read last serve until the next time.
      }
    }
    // The address of a connection that is gone again is not known.
    return isIP(address) !== 0 && this.#networks.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
  }

  #readNetworks(): BlockList {
    const { settings, interfaces, outlook } = this.#options;
    const list = new BlockList();
    const own = ownNetworks(interfaces());
    const carriers = carrierLines(own, outlook());
    const office = own.filter((network) => !carriers.has(network.interface));
    const allowed = settings.allow.map((network) => network.split('/'));
    for (const [address = '', prefix] of [...office.map((n) => [n.address, `${n.prefix}`]), ...allowed]) {
      list.addSubnet(address, Number(prefix), address.includes(':') ? 'ipv6' : 'ipv4');
    }
    // The machine itself.
    list.addSubnet('127.0.0.0', 8, 'ipv4');
    list.addAddress('::1', 'ipv6');
    return list;
  }

  #takeCredit(): boolean {
    const perSecond = this.#options.settings.connections_per_second;
    const now = this.#options.monotonic();
    const earned = ((now - this.#creditedAtMs) / 1_000) * perSecond;
    this.#credit = Math.min(burstSeconds * perSecond, this.#credit + earned);
    this.#creditedAtMs = now;
    if (this.#credit < 1) return false;
    this.#credit -= 1;
    return true;
  }
}
