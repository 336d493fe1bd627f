/**
 * Where the collector is tried, in order: by the relay that a person named, directly, by the relays that the collector
 * has told of; then again from the start. A relay passes bytes to the same collector, so what is proven there is the
 * same.
 */
export interface Way {
  /** `host:port`. */
  readonly address: string;
  readonly kind: 'direct' | 'via' | 'relay';
}

interface Options {
  /** Of the collector itself; at least one. */
  readonly direct: readonly string[];
  /** A relay that a person named for this machine. */
  readonly via: string | undefined;
  /** Relays that the collector has told of; asked each time, because settings change. */
  readonly relays: () => readonly string[];
}

export class CollectorAddresses {
  readonly #options: Options;
  #current: Way | undefined;
  #preferred: Way | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  get direct(): readonly string[] {
    return this.#options.direct;
  }

  /** The way that is in use, or to be tried. */
  get current(): Way | undefined {
    this.#current ??= this.#ways()[0];
    return this.#current;
  }

  /** This way has failed: the next one, the first after the last. */
  failed(): void {
    const ways = this.#ways();
    // One that settings have taken away is not found: then from the start.
    const index = ways.findIndex(({ address }) => address === this.#current?.address);
    this.#go(ways[index + 1] ?? ways[0]);
  }

  /** A session has ended that was good: from the start, so that no relay is used for longer than needed. */
  ended(): void {
    this.#go(this.#ways()[0]);
  }

  /** When this way ends, the next one is to this address of the collector. */
  prefer(address: string): void {
    this.#preferred = { address, kind: 'direct' };
  }

  #go(way: Way | undefined): void {
    this.#current = this.#preferred ?? way;
    this.#preferred = undefined;
  }

  #ways(): Way[] {
    const { direct, via, relays } = this.#options;
    const all: Way[] = [
      ...(via === undefined ? [] : [{ address: via, kind: 'via' } as const]),
      ...direct.map((address) => ({ address, kind: 'direct' }) as const),
      ...relays().map((address) => ({ address, kind: 'relay' }) as const),
    ];
    return all.filter(({ address }, index) => all.findIndex((way) => way.address === address) === index);
  }
}
