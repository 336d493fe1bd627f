/**
 * The stream of live changes, kept open. A link that went dead without a word is noticed by the silence of a collector
 * that promised a sign of life, and a stream that nobody sees is closed: browsers allow few connections to one server.
 */
import type { PointsEvent, StateEvent, SummaryEvent } from '../../../src/http/schemas.ts';
import type { LinkStatus } from './link-status.ts';

/** Two and a half signs of life (live-feed.ts). */
const silenceMs = 12_500;
/** A stream begins with a summary at once. */
const openingMs = 6_000;
const checkEveryMs = 1_000;
const firstRetryMs = 1_000;
const lastRetryMs = 15_000;

export type LiveEvent =
  | { readonly type: 'state'; readonly data: StateEvent }
  | { readonly type: 'points'; readonly data: PointsEvent }
  | { readonly type: 'summary'; readonly data: SummaryEvent };

export interface LiveStreamOptions {
  readonly url: string;
  readonly status: LinkStatus;
  readonly onEvent: (event: LiveEvent) => void;
  /** Called when the stream failed and when it is open again: something may have been missed. */
  readonly onGap: () => void;
}

export class LiveStream {
  readonly #options: LiveStreamOptions;
  readonly #onVisibility = () => this.#followVisibility();
  #source: EventSource | undefined;
  #retry: number | undefined;
  #watch: number | undefined;
  #retryMs = firstRetryMs;
  #quietSince = 0;
  #isOpen = false;
  #wasOpen = false;

  constructor(options: LiveStreamOptions) {
    this.#options = options;
  }

  start(): void {
    document.addEventListener('visibilitychange', this.#onVisibility);
    if (this.#options.status.state === 'lost') this.#options.status.enter('connecting');
    this.#watch = window.setInterval(() => this.#listenForSilence(), checkEveryMs);
    this.#followVisibility();
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.#onVisibility);
    window.clearInterval(this.#watch);
    this.#close();
  }

  #followVisibility(): void {
    if (document.hidden) this.#close();
    else if (!this.#source) this.#open();
  }

  #open(): void {
    this.#close();
    const { status, url } = this.#options;
    this.#quietSince = Date.now();
    status.heardAt ||= this.#quietSince;
    if (status.state === 'live' && this.#quietSince - status.heardAt > silenceMs) status.enter('connecting');
    const source = new EventSource(url);
    this.#source = source;
    for (const type of ['state', 'points', 'summary'] as const) {
      source.addEventListener(type, (event: MessageEvent<string>) =>
        this.#heard({ type, data: JSON.parse(event.data) } as LiveEvent),
      );
    }
    source.addEventListener('error', () => this.#failed());
  }

  #heard(event: LiveEvent): void {
    const { status, onEvent, onGap } = this.#options;
    this.#quietSince = Date.now();
    this.#retryMs = firstRetryMs;
    status.heardAt = this.#quietSince;
    status.enter('live');
    if (event.type === 'summary') status.serverAheadMs = Date.parse(event.data.time) - this.#quietSince;
    if (!this.#isOpen && this.#wasOpen) onGap();
    this.#isOpen = true;
    this.#wasOpen = true;
    onEvent(event);
  }

  #failed(): void {
    this.#close();
    this.#options.status.enter('lost');
    this.#options.onGap();
    // Spread out, because many browsers come back at the same moment.
    this.#retry = window.setTimeout(() => this.#open(), this.#retryMs * (0.5 + Math.random()));
    this.#retryMs = Math.min(this.#retryMs * 2, lastRetryMs);
  }

  #listenForSilence(): void {
    const patienceMs = this.#isOpen ? silenceMs : openingMs;
    if (this.#source && Date.now() - this.#quietSince > patienceMs) this.#failed();
  }

  #close(): void {
    window.clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = undefined;
    this.#isOpen = false;
  }
}
