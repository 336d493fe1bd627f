/**
 * Everything that the collector does with a Grafana that is configured, built, started and stopped together. Nothing waits
 * for it: what is to be shown there is derived from what is recorded here, and sent when Grafana answers.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Registry } from 'prom-client';
import type { Incidents } from '../../incidents/incidents.ts';
import type { GrafanaSettings } from '../settings.ts';
import { Drive, type DriveOptions } from './drive.ts';
import { createDrivingMetrics, type DrivingMetrics } from './driving-metrics.ts';
import { openGrafanaFile } from './grafana-file.ts';
import { Notices } from './notices.ts';
import { readWebhookSecret } from './webhook-secret.ts';

const everyMs = 3_000;

interface Options extends Omit<DriveOptions, 'settings' | 'incidents' | 'database' | 'metrics'> {
  readonly folder: string;
  /** Undefined when no Grafana is driven. */
  readonly settings: GrafanaSettings | undefined;
  readonly incidents: Pick<Incidents, 'get' | 'list' | 'openOf' | 'lastOf'>;
  readonly registry: Registry;
}

export class GrafanaDriving {
  readonly notices: Notices;
  readonly metrics: DrivingMetrics;
  readonly webhookSecret: string | undefined;
  readonly #options: Options;
  readonly #database: DatabaseSync;
  #drive: Drive | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  /** Opens its file. Throws DataFolderError. */
  constructor(options: Options) {
    const { folder, settings, incidents, registry, now } = options;
    this.#options = options;
    this.webhookSecret = this.#readSecret();
    this.#database = openGrafanaFile(folder);
    this.notices = new Notices({ database: this.#database, incidents, now });
    this.metrics = createDrivingMetrics(registry, {
      waiting: () => (this.#drive && this.#database.isOpen ? this.#drive.waiting : 0),
      isReached: settings && (() => this.#drive?.isReached === true),
    });
  }

  start(): void {
    const { settings } = this.#options;
    if (!settings || (!settings.annotations && !settings.silences)) return;
    this.#drive = new Drive({ ...this.#options, settings, database: this.#database, metrics: this.metrics });
    this.#timer = setInterval(() => void this.tick(), everyMs);
  }

  /** By itself every few seconds from the start on; never throws, and never twice at a time. */
  tick(): Promise<void> {
    if (!this.#drive) return Promise.resolve();
    this.#running ??= this.#drive.tick().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Safe twice and before start. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#drive?.abort();
    await this.#running;
    if (this.#database.isOpen) this.#database.close();
  }

  /** A secret that cannot be read shuts the door for Grafana, and stops nothing else. */
  #readSecret(): string | undefined {
    const file = this.#options.settings?.webhook_secret_file;
    if (file === undefined) return undefined;
    try {
      return readWebhookSecret(file);
    } catch (error) {
      this.#options.logger.error({ error: (error as Error).message }, 'Grafana cannot tell whom it notifies');
      return undefined;
    }
  }
}
