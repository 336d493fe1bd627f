import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { SqliteStore } from './sqlite-store.ts';
import type { Store } from './store.ts';

/** The store that the configuration names. */
export function createStore(config: Config, options: { logger: Logger }): Store {
  const warn = (details: Readonly<Record<string, unknown>>, message: string) => options.logger.warn(details, message);
  const { raw_days: raw, five_minute_days: fiveMinutes, hourly_days: hour } = config.store;
  return new SqliteStore({ folder: config.data, warn, retention: { raw, fiveMinutes, hour } });
}
