/** What everything else stands on: the data folder and its files, live state, the store and the way into it. */
import { performance } from 'node:perf_hooks';
import type { DatabaseSync } from 'node:sqlite';
import type { Logger } from 'pino';
import { Calendars } from '../calendar/calendars.ts';
import type { Planned } from '../calendar/planned.ts';
import type { Config } from '../config.ts';
import { Incidents } from '../incidents/incidents.ts';
import { Ingest } from '../ingest/ingest.ts';
import { LiveState } from '../live/live-state.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import { Agents } from '../registry/agents.ts';
import { AuditLog } from '../registry/audit-log.ts';
import { openRegistry } from '../registry/database.ts';
import { lockFolder } from '../registry/folder-lock.ts';
import { Units } from '../registry/units.ts';
import { createStore } from '../stores/create-store.ts';
import type { Store, StoreBatch } from '../stores/store.ts';
import { Authority } from '../trust/authority.ts';
import type { Stops } from './stops.ts';

export interface Foundations {
  readonly config: Config;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds of a clock that never jumps. */
  readonly monotonic: () => number;
  readonly metrics: Metrics;
  readonly stops: Stops;
  /** `collector.db`. */
  readonly database: DatabaseSync;
  readonly agents: Agents;
  readonly units: Units;
  readonly audit: AuditLog;
  readonly incidents: Incidents;
  readonly calendars: Calendars;
  readonly plannedAt: Planned['plannedAt'];
  readonly live: LiveState;
  readonly authority: Authority;
  readonly store: Store;
  readonly ingest: Ingest;
}

interface Options extends Pick<Foundations, 'config' | 'logger' | 'now' | 'stops'> {
  /** Gets what is about to be stored. */
  readonly observe: (batch: StoreBatch) => void;
}

/** Throws when a person has to act: another collector works on the folder, the data is of a newer version. */
export async function layFoundations({ config, logger, now, stops, observe }: Options): Promise<Foundations> {
  const monotonic = () => performance.now();
  const metrics = createMetrics();
  const lock = lockFolder(config.data);
  stops.add('lock', () => lock.release());
  const database = openRegistry(config.data);
  stops.add('registry', () => database.close());
  const agents = new Agents(database);
  const units = new Units(database);
  const audit = new AuditLog(config.data);
  stops.add('audit log', () => audit.close());
  const incidents = new Incidents(config.data);
  stops.add('incidents', () => incidents.stop());
  const calendars = new Calendars({ folder: config.data, settings: config.calendar, units, now });
  stops.add('calendars', () => calendars.stop());
  calendars.start(logger);

  const plannedAt: Planned['plannedAt'] = (subject, at) => calendars.planned.plannedAt(subject, at);
  const live = new LiveState(now, { plannedAt });
  for (const agent of agents.all()) live.put(agent);
  const authority = new Authority(config.data, now);
  const store = createStore(config, { logger, registry: metrics.registry });
  stops.add('store', () => store.stop());
  await store.start();
  const ingest = new Ingest(store, { metrics, now, monotonic, random: Math.random, observe });
  stops.add('ingest', () => ingest.stop());
  return {
    ...{ config, logger, now, monotonic, metrics, stops, database, agents, units, audit, incidents, calendars },
    ...{ plannedAt, live, authority, store, ingest },
  };
}
