/** What `/metrics` tells of the Grafana that the collector drives. */
import { Counter, Gauge, type Registry } from 'prom-client';

interface Watched {
  /** Annotations that Grafana does not have yet. */
  readonly waiting: () => number;
  /** Absent when none is driven. */
  readonly isReached?: (() => boolean) | undefined;
}

export function createDrivingMetrics(registry: Registry, { waiting, isReached }: Watched) {
  const registers = [registry];
  new Gauge({
    name: 'vonggac_grafana_annotations_waiting',
    help: 'Annotations that Grafana does not have yet',
    registers,
    collect() {
      this.set(waiting());
    },
  });
  if (isReached) {
    new Gauge({
      name: 'vonggac_grafana_reached',
      help: 'Whether the Grafana that is driven took the last call',
      registers,
      collect() {
        this.set(isReached() ? 1 : 0);
      },
    });
  }
  return {
    annotations: new Counter({
      name: 'vonggac_grafana_annotations_total',
      help: 'Annotations: sent, failed because Grafana refused one, dropped because too many waited',
      labelNames: ['outcome'],
      registers,
    }),
    silences: new Counter({
      name: 'vonggac_grafana_silences_total',
      help: 'Silences that were made, updated or expired in Grafana, or failed because it refused one',
      labelNames: ['outcome'],
      registers,
    }),
    webhooks: new Counter({
      name: 'vonggac_grafana_webhooks_total',
      help: 'Messages of the contact point: taken, refused for a wrong secret, slowed after too many of those',
      labelNames: ['result'],
      registers,
    }),
    alerts: new Counter({
      name: 'vonggac_grafana_alerts_total',
      help: 'Alerts in these messages: an incident tells of it, none does, or it is of another rule',
      labelNames: ['outcome'],
      registers,
    }),
  };
}
export type DrivingMetrics = ReturnType<typeof createDrivingMetrics>;
