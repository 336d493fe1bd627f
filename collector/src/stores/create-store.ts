import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from '../config.ts';
import { InfluxStore } from './influx-store.ts';
import { Mirror } from './mirror.ts';
import { MirroredStore } from './mirrored-store.ts';
import { SqliteStore } from './sqlite-store.ts';
import type { Store } from './store.ts';

type Warn = (details: Readonly<Record<string, unknown>>, message: string) => void;

/** The store that the configuration names, with its mirror if there is to be one. */
export function createStore(config: Config, { logger, registry }: { logger: Logger; registry: Registry }): Store {
  const warn: Warn = (details, message) => logger.warn(details, message);
  const store = ownStore(config, warn);
  const { mirror } = config.store;
  if (!mirror) return store;
  const { url, database } = mirror;
  return new MirroredStore(store, new Mirror({ url, database, ...loginOf(mirror), registry, warn }));
}

function ownStore(config: Config, warn: Warn): Store {
  const { influx, raw_days: raw, five_minute_days: fiveMinutes, hourly_days: hour } = config.store;
  if (config.store.kind === 'influx' && influx) {
    const { url, database } = influx;
    return new InfluxStore({ url, database, ...loginOf(influx), retentionDays: raw, warn });
  }
  return new SqliteStore({ folder: config.data, warn, retention: { raw, fiveMinutes, hour } });
}

interface Login {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

function loginOf({ username, password }: Login): { username?: string; password?: string } {
  return { ...(username !== undefined && { username }), ...(password !== undefined && { password }) };
}
