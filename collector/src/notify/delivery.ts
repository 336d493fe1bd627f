/**
 * Takes written messages to their channel, one after the other, and tries again what could not be taken. At least once:
 * one whose answer was lost in a crash is sent again, under the same id.
 */
import type { Logger } from 'pino';
import { cleanText } from '../registry/audit-entry.ts';
import type { Message, Notifications } from './notifications-file.ts';
import type { Outcome, Send } from './send.ts';

const firstRetryMs = 10_000;
const longestRetryMs = 600_000;
/** Older news helps nobody. */
const giveUpAfterMs = 86_400_000;

interface Options {
  readonly channel: string;
  readonly send: Send;
  readonly notifications: Pick<Notifications, 'nextOf' | 'tried'>;
  readonly onDone: (state: 'sent' | 'failed') => void;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly now: () => number;
}

export class Delivery {
  readonly #options: Options;
  #underWay: Promise<void> | undefined;
  #isStopped = false;
  #failingSince: number | undefined;
  #lastError: string | undefined;
  #hasSent = false;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Since when nothing went through. */
  get failingSince(): number | undefined {
    return this.#failingSince;
  }

  /** Something went through since the start. */
  get hasSent(): boolean {
    return this.#hasSent;
  }

  get lastError(): string | undefined {
    return this.#lastError;
  }

  /** Sends what is due, unless it does so already. Resolves when nothing is due any more; never rejects. */
  look(): Promise<void> {
    this.#underWay ??= this.#drain().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  /** What is under way is waited for, since nobody knows whether it arrives. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#underWay;
  }

  async #drain(): Promise<void> {
    const { channel, notifications, logger, now } = this.#options;
    try {
      while (!this.#isStopped) {
        const message = notifications.nextOf(channel);
        if (!message || message.nextAt > now()) return;
        const outcome = await this.#options.send(message);
        this.#note(message, outcome);
      }
    } catch (error) {
      // A full disk: what was sent is sent again when there is room.
      logger.error({ channel, error: (error as Error).message }, 'cannot keep what became of a notification');
    }
  }

  #note(message: Message, { state, ...outcome }: Outcome): void {
    const detail = cleanText(outcome.detail);
    const { channel, notifications, logger, now, onDone } = this.#options;
    const at = now();
    const isTooOld = state === 'retry' && at - message.createdAt > giveUpAfterMs;
    const delay = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(message.attempts, 10));
    const next = state === 'retry' ? (isTooOld ? 'failed' : 'waiting') : state;
    notifications.tried(message, { state: next, at, nextAt: at + delay, detail });
    // A message that is refused alone says nothing about the others.
    if (state === 'retry') this.#failingSince ??= at;
    else this.#failingSince = undefined;
    this.#hasSent ||= state === 'sent';
    this.#lastError = state === 'sent' ? undefined : detail;
    if (next === 'waiting') return logger.warn({ channel, error: detail }, 'a notification could not be sent');
    onDone(next);
    if (next === 'failed')
      logger.error({ channel, event: message.event, error: detail }, 'a notification was given up');
  }
}
