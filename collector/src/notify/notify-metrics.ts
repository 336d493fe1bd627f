/** What `/metrics` tells of notifications. */
import { Counter, Gauge, type Registry } from 'prom-client';

export interface NotifyMetrics {
  readonly done: Counter<'channel' | 'state'>;
  /** The channels that are there. */
  readonly watch: (channels: readonly string[]) => void;
}

const ends = ['sent', 'failed', 'dropped'] as const;

export function createNotifyMetrics(registry: Registry, waiting: (channel: string) => number): NotifyMetrics {
  const done = new Counter({
    name: 'vonggac_notifications_total',
    help: 'Messages about incidents by what became of them, since the start',
    labelNames: ['channel', 'state'] as const,
    registers: [registry],
  });
  let watched: readonly string[] = [];
  new Gauge({
    name: 'vonggac_notifications_waiting',
    help: 'Messages about incidents that are still to be sent',
    labelNames: ['channel'],
    registers: [registry],
    collect() {
      for (const channel of watched) this.set({ channel }, waiting(channel));
    },
  });
  return {
    done,
    watch(channels) {
      watched = channels;
      for (const channel of channels) for (const state of ends) done.inc({ channel, state }, 0);
    },
  };
}
