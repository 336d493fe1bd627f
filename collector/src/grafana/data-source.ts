/** Grafana's data source: a store of the configuration that it can read, as plain values for a file or for the API. */
import type { DialectName } from '@vonggac/dashboards';
import type { Config } from '../config.ts';

export interface DataSourceJson {
  readonly name: string;
  readonly uid: string;
  readonly type: 'influxdb' | 'prometheus';
  readonly access: 'proxy';
  readonly url: string;
  /** Of InfluxDB: versions up to 9.3 read this, later ones `dbName`. */
  readonly database?: string;
  readonly jsonData: Readonly<Record<string, string>>;
  /** Its password is kept apart: Grafana takes it and never gives it back. */
  readonly user?: string;
  /** What Prometheus has instead of `user`. */
  readonly basicAuth?: boolean;
  readonly basicAuthUser?: string;
}

type Stores = Pick<Config, 'store'>;

/** That of the store, or of its mirror where Grafana can read only that. */
export function ownDialect({ store }: Stores): DialectName {
  return store.kind !== 'influx' && store.mirror ? 'promql' : 'influxql';
}

/** Undefined when there is none that is asked like this: Grafana cannot read the embedded store. */
export function dataSourceOf(config: Stores, dialect: DialectName): DataSourceJson | undefined {
  return dialect === 'promql' ? victoriaMetrics(config) : influxDb(config);
}

function influxDb({ store }: Stores): DataSourceJson | undefined {
  if (store.kind !== 'influx' || !store.influx) return undefined;
  const { url, username, database } = store.influx;
  return {
    name: 'Vọng Gác InfluxDB',
    uid: 'vonggac-influxdb',
    type: 'influxdb',
    access: 'proxy',
    url: withoutLogin(url),
    database,
    jsonData: { dbName: database, version: 'InfluxQL', httpMode: 'POST', timeInterval: '10s' },
    ...(username !== undefined && { user: username }),
  };
}

function victoriaMetrics({ store: { mirror } }: Stores): DataSourceJson | undefined {
  if (!mirror) return undefined;
  const { url, query_url: queryUrl, username = '', database } = mirror;
  // Only our own series, whoever else writes there; and the newest readings after 5 seconds instead of 30.
  const parameters = new URLSearchParams({ extra_label: `db=${database}`, latency_offset: '5s' });
  return {
    name: 'Vọng Gác VictoriaMetrics',
    uid: 'vonggac-prometheus',
    type: 'prometheus',
    access: 'proxy',
    url: withoutLogin(queryUrl ?? url),
    jsonData: {
      httpMode: 'POST',
      timeInterval: '10s',
      // What Grafana may ask for: the values of labels by what they stand on.
      prometheusType: 'Prometheus',
      prometheusVersion: '2.24.0',
      customQueryParameters: parameters.toString(),
    },
    basicAuth: username !== '',
    basicAuthUser: username,
  };
}

/** What Grafana calls the password of such a data source. */
export function secretOf({ type }: Pick<DataSourceJson, 'type'>): 'basicAuthPassword' | 'password' {
  return type === 'prometheus' ? 'basicAuthPassword' : 'password';
}

/** The password with which the collector itself writes there. */
export function passwordOf({ store }: Stores, { type }: Pick<DataSourceJson, 'type'>): string | undefined {
  return type === 'prometheus' ? store.mirror?.password : store.influx?.password;
}

/** Credentials in the address would be a password in clear. */
function withoutLogin(address: string): string {
  const url = new URL(address);
  url.username = '';
  url.password = '';
  return url.href.replace(/\/$/, '');
}
