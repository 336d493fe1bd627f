/** How the link to the collector stands; written by the stream, read by whoever draws. */
export class LinkStatus {
  #state: 'connecting' | 'live' | 'lost' = 'connecting';
  readonly #listeners = new Set<() => void>();
  /** When anything was heard last, by this browser's clock; 0 before the first time. */
  heardAt = 0;
  /** The collector's clock minus this browser's: ages must not depend on the clock of an office PC. */
  serverAheadMs = 0;

  get state() {
    return this.#state;
  }

  enter(state: LinkStatus['state']): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  /** Calls `listener` when the state changes, until the returned function is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
