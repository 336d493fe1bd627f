/** A well-behaved agent beside an attack: it sends a point every 100 ms, and every one must be acknowledged. */
import { setTimeout as wait } from 'node:timers/promises';
import type { RawAgent } from './raw-agent.ts';

const everyMs = 100;

export class Witness {
  readonly #agent: RawAgent;
  #seq = 0;

  constructor(agent: RawAgent) {
    this.#agent = agent;
  }

  /** Watches until `stop`, which resolves with the slowest ack in milliseconds, or rejects when one was missing. */
  watch(): { readonly stop: () => Promise<number> } {
    let going = true;
    const done = (async () => {
      let slowest = 0;
      while (going) {
        this.#seq += 1;
        const sentAt = Date.now();
        this.#agent.batch(this.#seq);
        await this.#agent.ack(this.#seq);
        slowest = Math.max(slowest, Date.now() - sentAt);
        this.#agent.received.length = 0;
        await wait(everyMs);
      }
      return slowest;
    })();
    // Awaited in `stop`; until then a failure must not end the test run.
    done.catch(() => undefined);
    return {
      stop: () => {
        going = false;
        return done;
      },
    };
  }

  close(): void {
    this.#agent.close();
  }
}
