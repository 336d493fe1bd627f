import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { InfluxStore } from './influx-store.ts';
import { SqliteStore } from './sqlite-store.ts';
import type { Store } from './store.ts';

/** The store that the configuration names. */
export function createStore(config: Config, options: { logger: Logger }): Store {
  const warn = (details: Readonly<Record<string, unknown>>, message: string) => options.logger.warn(details, message);
  const { influx, raw_days: raw, five_minute_days: fiveMinutes, hourly_days: hour } = config.store;
  if (config.store.kind === 'influx' && influx) {
    const { url, database, username, password } = influx;
    const login = { ...(username !== undefined && { username }), ...(password !== undefined && { password }) };
    return new InfluxStore({ url, database, ...login, retentionDays: raw, warn });
  }
  return new SqliteStore({ folder: config.data, warn, retention: { raw, fiveMinutes, hour } });
}
