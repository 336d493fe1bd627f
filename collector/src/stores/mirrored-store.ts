import type { Mirror } from './mirror.ts';
import type { SeriesQuery, SeriesResult, Store, StoreBatch, WriteResult } from './store.ts';

/** A store whose accepted writes go to a mirror as well; everything that is promised or answered is the store's own. */
export class MirroredStore implements Store {
  readonly name: string;
  readonly #store: Store;
  readonly #mirror: Pick<Mirror, 'offer' | 'stop'>;

  constructor(store: Store, mirror: Pick<Mirror, 'offer' | 'stop'>) {
    this.name = store.name;
    this.#store = store;
    this.#mirror = mirror;
  }

  start(): Promise<void> {
    return this.#store.start();
  }

  async stop(): Promise<void> {
    await this.#store.stop();
    await this.#mirror.stop();
  }

  async write(batches: readonly StoreBatch[]): Promise<WriteResult> {
    const result = await this.#store.write(batches);
    if (result.status === 'accepted') this.#mirror.offer(batches);
    return result;
  }

  query(query: SeriesQuery, signal?: AbortSignal): Promise<SeriesResult> {
    return this.#store.query(query, signal);
  }

  health(): string | undefined {
    return this.#store.health();
  }
}
