/** Something to do in Grafana again and again, less often while it fails; what fails does not hold up the other errand. */
import type { Logger } from 'pino';

const firstPauseMs = 10_000;
const longestPauseMs = 300_000;

interface Options {
  /** As the log names it. */
  readonly name: 'annotations' | 'silences';
  readonly work: () => Promise<void>;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly now: () => number;
}

export class Errand {
  readonly #options: Options;
  #pausedUntil = 0;
  #pauseMs = firstPauseMs;
  #succeeded: boolean | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Whether the last attempt succeeded. */
  get isDone(): boolean {
    return this.#succeeded === true;
  }

  /** Never throws; a failure is logged once, until the next success. */
  async attempt(signal: AbortSignal): Promise<void> {
    const { name, work, logger, now } = this.#options;
    if (now() < this.#pausedUntil || signal.aborted) return;
    try {
      await work();
      if (this.#succeeded === false) logger.info({ what: name }, 'Grafana is driven again');
      this.#succeeded = true;
      this.#pauseMs = firstPauseMs;
    } catch (error) {
      if (signal.aborted) return;
      const { message } = error as Error;
      if (this.#succeeded !== false) logger.warn({ what: name, error: message }, 'cannot drive Grafana');
      this.#succeeded = false;
      this.#pausedUntil = now() + this.#pauseMs;
      this.#pauseMs = Math.min(2 * this.#pauseMs, longestPauseMs);
    }
  }
}
