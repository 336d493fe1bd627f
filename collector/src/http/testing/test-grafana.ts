/** What Grafana's webhook needs, with a secret that tests know; no Grafana is driven. */
import type { DatabaseSync } from 'node:sqlite';
import { Registry } from 'prom-client';
import { createDrivingMetrics } from '../../grafana/driving/driving-metrics.ts';
import { openGrafanaFile } from '../../grafana/driving/grafana-file.ts';
import { Notices } from '../../grafana/driving/notices.ts';
import type { Incidents } from '../../incidents/incidents.ts';

interface Options {
  readonly folder: string;
  readonly incidents: Incidents;
  readonly now: () => number;
}

export class TestGrafana {
  webhookSecret: string | undefined = 'mot-bi-mat-de-thu-nghiem';
  readonly metrics = createDrivingMetrics(new Registry(), { waiting: () => 0 });
  readonly notices: Notices;
  readonly #database: DatabaseSync;

  constructor({ folder, ...options }: Options) {
    this.#database = openGrafanaFile(folder);
    this.notices = new Notices({ ...options, database: this.#database });
  }

  stop(): void {
    this.#database.close();
  }
}
