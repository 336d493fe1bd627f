/** Escalation and notification, built, started and stopped together. */
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Incidents } from '../incidents/incidents.ts';
import { destinationOf, fileProblems, senderFor } from './channel.ts';
import { ChannelTrouble } from './channel-trouble.ts';
import { Delivery } from './delivery.ts';
import { Escalation } from './escalation.ts';
import { type Message, type MessageState, Notifications } from './notifications-file.ts';
import { createNotifyMetrics, type NotifyMetrics } from './notify-metrics.ts';
import { Planner, type Standing, type Surroundings } from './planner.ts';
import type { Send } from './send.ts';
import type { ChannelSettings, EscalationSettings, NotifySettings } from './settings.ts';

const tickMs = 5_000;
const forgetEveryMs = 3_600_000;
/** What is under way then may be sent again after the start. */
const stopWithinMs = 3_000;

interface Options {
  readonly folder: string;
  readonly settings: NotifySettings;
  readonly escalation: EscalationSettings;
  readonly incidents: Pick<
    Incidents,
    'open' | 'get' | 'hold' | 'escalate' | 'together' | 'report' | 'resolve' | 'list'
  >;
  readonly surroundings: Surroundings;
  readonly registry: Registry;
  readonly logger: Logger;
  readonly now: () => number;
  readonly senderOf?: (settings: ChannelSettings) => Send;
}

/** How a channel does. */
export interface ChannelState {
  readonly name: string;
  readonly kind: ChannelSettings['kind'];
  readonly destination: string;
  /** Of the messages that are kept. */
  readonly counts: Readonly<Record<MessageState, number>>;
  readonly failingSince: number | undefined;
  readonly error: string | undefined;
}

export class Notify {
  readonly #options: Options;
  readonly #notifications: Notifications;
  readonly #metrics: NotifyMetrics;
  readonly #escalation: Escalation;
  readonly #planner: Planner;
  readonly #deliveries: ReadonlyMap<string, Delivery>;
  readonly #trouble: ChannelTrouble;
  #timers: NodeJS.Timeout[] = [];

  /** Opens the file in the data folder. Throws DataFolderError. */
  constructor(options: Options) {
    const { folder, settings, escalation, incidents, surroundings, registry, logger, now } = options;
    this.#options = options;
    const notifications = new Notifications(folder);
    this.#notifications = notifications;
    const metrics = createNotifyMetrics(registry, (channel) => notifications.counts(channel).waiting);
    this.#metrics = metrics;
    this.#escalation = new Escalation({ settings: escalation, incidents });
    this.#planner = new Planner({
      ...surroundings,
      incidents,
      channels: settings.channels,
      notifications,
      onDropped: (channel, count) => {
        metrics.done.inc({ channel, state: 'dropped' }, count);
        logger.error({ channel, count }, 'too many notifications wait: the oldest were dropped');
      },
    });
    const senderOf = options.senderOf ?? senderFor;
    this.#deliveries = new Map(
      Object.entries(settings.channels).map(([channel, each]) => {
        const onDone = (state: MessageState) => metrics.done.inc({ channel, state });
        return [channel, new Delivery({ channel, send: senderOf(each), notifications, onDone, logger, now })];
      }),
    );
    this.#trouble = new ChannelTrouble({ incidents, channels: Object.keys(settings.channels) });
  }

  start(): void {
    const channels = Object.keys(this.#options.settings.channels);
    this.#metrics.watch(channels);
    for (const [channel, settings] of Object.entries(this.#options.settings.channels)) {
      for (const problem of fileProblems(settings)) this.#options.logger.warn({ channel, problem }, 'notifications');
    }
    this.#guarded(() => {
      const dropped = this.#notifications.dropOthers(channels, this.#options.now());
      if (dropped > 0) this.#options.logger.warn({ dropped }, 'notifications of channels that are gone were dropped');
      this.#trouble.takeUp(this.#options.now());
    });
    this.#timers = [
      setInterval(() => this.tick(), tickMs),
      setInterval(() => this.#guarded(() => this.#notifications.forgetOld(this.#options.now())), forgetEveryMs),
    ];
    this.tick();
  }

  /** By itself every few seconds from the start on; never throws. */
  tick(): void {
    const now = this.#options.now();
    this.#guarded(() => {
      const standing = this.#standing(now);
      this.#escalation.tick(standing);
      this.#planner.tick(standing);
    });
    for (const delivery of this.#deliveries.values()) void delivery.look();
    this.#guarded(() => this.#trouble.tick(this.#deliveries, now));
  }

  #standing(now: number): Standing {
    const { incidents, surroundings } = this.#options;
    const open = incidents.open();
    const planned = new Set(open.filter((each) => surroundings.isPlanned(each, now)).map(({ id }) => id));
    return { now, open, planned };
  }

  /** Newest first. */
  list(query: Parameters<Notifications['list']>[0]): Message[] {
    return this.#notifications.list(query);
  }

  channels(): ChannelState[] {
    return Object.entries(this.#options.settings.channels).map(([name, settings]) => {
      const delivery = this.#deliveries.get(name);
      return {
        name,
        kind: settings.kind,
        destination: destinationOf(settings),
        counts: this.#notifications.counts(name),
        failingSince: delivery?.failingSince,
        error: delivery?.lastError,
      };
    });
  }

  /** Safe twice and before start. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    const ended = Promise.all([...this.#deliveries.values()].map((each) => each.stop()));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, stopWithinMs);
    });
    await Promise.race([ended, late]);
    clearTimeout(timer);
    this.#notifications.stop();
  }

  /** A full disk, or a fault of ours: it must not end the collector. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.logger.error({ error: (error as Error).message }, 'cannot plan notifications');
    }
  }
}
