/** One Grafana, driven: what it is to show is derived every few seconds, and sent as far as it answers. */
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Calendars } from '../../calendar/calendars.ts';
import type { Incidents } from '../../incidents/incidents.ts';
import type { LiveState } from '../../live/live-state.ts';
import type { OutageLedger } from '../../outages/outage-ledger.ts';
import { transaction } from '../../registry/database.ts';
import { unitAndBelow } from '../../registry/unit-tree.ts';
import type { Units } from '../../registry/units.ts';
import { readGrafanaToken, readGrafanaUrl } from '../access.ts';
import { GrafanaApi, type GrafanaConnection } from '../grafana-api.ts';
import type { GrafanaSettings } from '../settings.ts';
import { AnnotationQueue } from './annotation-queue.ts';
import type { DrivingMetrics } from './driving-metrics.ts';
import { Errand } from './errand.ts';
import { type Installation, installationOf } from './grafana-file.ts';
import { IncidentAnnotations } from './incident-annotations.ts';
import { MachineAnnotations } from './machine-annotations.ts';
import { planSilences } from './silence-plan.ts';
import { type SilenceOutcome, settleSilences } from './silences.ts';
import { windowAnnotations } from './window-annotations.ts';

/** Some five a second: Grafana's people come first. */
const atOnce = 15;
const silencesEveryMs = 60_000;
const hourMs = 3_600_000;
const weekMs = 7 * 24 * hourMs;
const maxOpen = 10_000;

export interface DriveOptions {
  readonly settings: GrafanaSettings;
  readonly database: DatabaseSync;
  readonly metrics: Pick<DrivingMetrics, 'annotations' | 'silences'>;
  readonly incidents: Pick<Incidents, 'get' | 'list'>;
  readonly outages: Pick<OutageLedger, 'list'>;
  readonly calendars: Pick<Calendars, 'windows' | 'zone'>;
  readonly units: Pick<Units, 'all' | 'get'>;
  readonly live: Pick<LiveState, 'all' | 'get'>;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly now: () => number;
  /** For tests. */
  readonly connection?: Pick<GrafanaConnection, 'fetch' | 'pause'>;
}

export class Drive {
  readonly #options: DriveOptions;
  readonly #installation: Installation;
  readonly #queue: AnnotationQueue;
  readonly #incidents: IncidentAnnotations;
  readonly #machines: MachineAnnotations;
  readonly #abort = new AbortController();
  #windowsSeenAt: number | undefined;
  #silencesAt = 0;
  #silencesFor = '';
  readonly #errands: readonly Errand[];

  constructor(options: DriveOptions) {
    const { database, incidents, outages, calendars, units, live, settings, metrics, now } = options;
    const { language } = settings;
    this.#options = options;
    this.#installation = installationOf(database, now());
    this.#queue = new AnnotationQueue({
      database,
      installation: this.#installation.id,
      count: (outcome, times) => metrics.annotations.inc({ outcome }, times),
      now,
    });
    this.#incidents = new IncidentAnnotations({
      database,
      queue: this.#queue,
      incidents,
      outages,
      hostnameOf: (agent) => live.get(agent)?.record.hostname,
      unitName: (code) => units.get(code)?.name,
      language,
      timeZone: calendars.zone.name,
    });
    const { since } = this.#installation;
    this.#machines = new MachineAnnotations({ database, queue: this.#queue, language, since });
    this.#errands = [
      ...(settings.annotations ? [this.#errand('annotations', () => this.#queue.flush(this.#connect(), atOnce))] : []),
      ...(settings.silences ? [this.#errand('silences', () => this.#settleSilences())] : []),
    ];
  }

  get waiting(): number {
    return this.#queue.waiting;
  }

  abort(): void {
    this.#abort.abort();
  }

  /** Whether the last call succeeded, of each kind. */
  get isReached(): boolean {
    return this.#errands.every(({ isDone }) => isDone);
  }

  async tick(): Promise<void> {
    const { settings, database, logger, now } = this.#options;
    try {
      if (settings.annotations) transaction(database, () => this.#derive(now()));
    } catch (error) {
      // Nothing of it was kept.
      this.#incidents.forget();
      this.#machines.forget();
      logger.error({ error: (error as Error).message }, 'cannot keep what Grafana is to show');
      return;
    }
    for (const errand of this.#errands) await errand.attempt(this.#abort.signal);
  }

  #errand(name: 'annotations' | 'silences', work: () => Promise<void>): Errand {
    const { logger, now } = this.#options;
    return new Errand({ name, work, logger, now });
  }

  #derive(now: number): void {
    const { live, calendars, settings } = this.#options;
    this.#incidents.tick(now);
    this.#machines.tick(
      live.all().map(({ record }) => record),
      now,
    );
    // What was before the last look has been queued; a window that has begun may have been cancelled since.
    const seenAt = this.#windowsSeenAt ?? now - weekMs;
    const annotations = windowAnnotations(calendars.windows.all(), {
      zone: calendars.zone,
      language: settings.language,
      from: Math.max(this.#installation.since, seenAt - hourMs),
      to: now,
      hostnameOf: (agent) => live.get(agent)?.record.hostname,
    });
    for (const [key, annotation] of annotations) this.#queue.want(key, annotation);
    this.#windowsSeenAt = now;
    this.#queue.tidy();
  }

  async #settleSilences(): Promise<void> {
    const { incidents, calendars, units, settings, metrics, now } = this.#options;
    const at = now();
    const minutes = settings.acknowledge_silences_minutes;
    const open = minutes === undefined ? [] : incidents.list({ state: 'open', limit: maxOpen });
    const acknowledged = open.filter(({ acknowledgedAt }) => acknowledgedAt !== undefined);
    // To plan takes a while where many windows come again.
    const look = JSON.stringify([
      calendars.windows.version,
      acknowledged.map(({ id, acknowledgedAt }) => [id, acknowledgedAt]),
    ]);
    if (look === this.#silencesFor && at - this.#silencesAt < silencesEveryMs) return;
    const wanted = planSilences({
      windows: calendars.windows.waiting(at),
      incidents: acknowledged,
      unitsBelow: (unit) => unitAndBelow(units.all(), unit),
      zone: calendars.zone,
      acknowledgeMs: minutes === undefined ? undefined : minutes * 60_000,
      now: at,
    });
    const count = (outcome: SilenceOutcome) => metrics.silences.inc({ outcome });
    const api = this.#connect();
    await settleSilences(wanted, { api, installation: this.#installation.id, count, now: at });
    this.#silencesFor = look;
    this.#silencesAt = at;
  }

  /** The token is read each time: whoever renews it only writes the file. */
  #connect(): GrafanaApi {
    const { settings, connection = {} } = this.#options;
    const { fetch: ask = fetch, pause } = connection;
    const { signal } = this.#abort;
    return new GrafanaApi({
      url: readGrafanaUrl(settings.url),
      token: readGrafanaToken(settings.token_file),
      fetch: (input, init) =>
        ask(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, signal]) : signal }),
      pause: pause ?? ((ms) => wait(ms, undefined, { signal })),
    });
  }
}
