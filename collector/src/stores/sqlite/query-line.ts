/** Queries waiting for the reading thread, which answers one at a time. */
import type { CheckedQuery } from '../check-query.ts';
import { QueryError, type SeriesResult } from '../store.ts';
import type { ReaderReply, ReaderRequest, ReaderSettings } from './messages.ts';
import { Thread } from './thread.ts';

/** More than this and the last in line would wait for minutes. */
const maxWaiting = 200;

export class QueryLine {
  readonly #thread: Thread<ReaderRequest, ReaderReply>;
  readonly #cancelled = new Int32Array(new SharedArrayBuffer(4));
  readonly #onDamage: (message: string) => void;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #paused = false;

  /** `onDamage` is told what a query found to be broken in the file. */
  constructor(settings: Omit<ReaderSettings, 'cancelled'>, onDamage: (message: string) => void) {
    this.#thread = new Thread(new URL('reader-worker.ts', import.meta.url), {
      ...settings,
      cancelled: this.#cancelled,
    });
    this.#onDamage = onDamage;
  }

  /** Rejects with QueryError, or with the signal's reason as soon as it aborts. */
  async ask(query: CheckedQuery, signal?: AbortSignal): Promise<SeriesResult> {
    signal?.throwIfAborted();
    if (this.#waiting >= maxWaiting) throw new QueryError('unavailable', 'too many queries are waiting');
    this.#waiting += 1;
    const answer = this.#last.then(() => this.#run(query, signal));
    this.#last = answer
      .catch(() => {})
      .then(() => {
        this.#waiting -= 1;
      });
    return signal ? untilAborted(answer, signal) : answer;
  }

  /** Lets go of the file: cancels the query under way and answers no other until `resume`. */
  async pause(): Promise<void> {
    this.#paused = true;
    Atomics.store(this.#cancelled, 0, 1);
    await this.#thread.stop();
  }

  resume(): void {
    this.#paused = false;
  }

  async #run(query: CheckedQuery, signal: AbortSignal | undefined): Promise<SeriesResult> {
    if (this.#paused) throw new QueryError('unavailable', 'the store is not open');
    signal?.throwIfAborted();
    Atomics.store(this.#cancelled, 0, 0);
    const cancel = () => Atomics.store(this.#cancelled, 0, 1);
    signal?.addEventListener('abort', cancel);
    try {
      const reply = await this.#thread.call({ query });
      if (reply.status === 'done') return reply.result;
      if (reply.cause === 'damaged') this.#onDamage(reply.message);
      throw new QueryError(reply.cause === 'damaged' ? 'unavailable' : reply.cause, reply.message);
    } catch (error) {
      if (error instanceof QueryError) throw error;
      throw new QueryError('unavailable', (error as Error).message, { cause: error });
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
