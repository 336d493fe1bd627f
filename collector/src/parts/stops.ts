/** What has to be stopped, in the reverse order of its start. */
import type { Logger } from 'pino';

type Stop = () => Promise<void> | void;

export class Stops {
  #stops: { readonly part: string; readonly stop: Stop }[] = [];

  /** Call it before the part is started: one that fails to start is stopped, too. */
  add(part: string, stop: Stop): void {
    this.#stops.push({ part, stop });
  }

  /** Calls `work` again and again until the stop. */
  every(ms: number, work: () => void): void {
    const timer = setInterval(work, ms);
    this.add('timer', () => clearInterval(timer));
  }

  /** A part that does not stop cleanly keeps no other from being stopped. Safe twice. */
  async run(logger: Logger): Promise<void> {
    for (let last = this.#stops.pop(); last; last = this.#stops.pop()) {
      try {
        await last.stop();
      } catch (error) {
        logger.error({ part: last.part, error: (error as Error).message }, 'a part did not stop cleanly');
      }
    }
  }
}
