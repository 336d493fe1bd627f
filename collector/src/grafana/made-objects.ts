/** What Vọng Gác makes in a Grafana, from the configuration, the catalogue and the rules; for files and for the API. */
import type { DashboardJson, DialectName, Language } from '@vonggac/dashboards';
import type { Config } from '../config.ts';
import { reachableHost } from '../console-settings.ts';
import { type DataSourceJson, dataSourceOf } from './data-source.ts';

export const languages: readonly Language[] = ['vi', 'en'];
export const dialectNames: readonly DialectName[] = ['influxql', 'promql'];

/** In which words: of people, and of the data source. */
export interface Tongue {
  readonly language: Language;
  readonly dialect: DialectName;
}

/** The same in every language: alerts carry the folder's title as a label, and a change of it would end all of them. */
export const folder = { uid: 'vonggac', title: 'Vọng Gác' } as const;

export interface MadeObjects {
  /** Absent when the store is one that Grafana cannot read; alert rules need it. */
  readonly dataSource: DataSourceJson | undefined;
  readonly dashboards: readonly DashboardJson[];
  /** What alert rules are made of. */
  readonly alerts:
    | {
        readonly language: Language;
        readonly dialect: DialectName;
        readonly dataSourceUid: string;
        readonly dashboards: readonly DashboardJson[];
        readonly consoleUrl: string;
      }
    | undefined;
}

export async function makeObjects(config: Config, { language, dialect }: Tongue): Promise<MadeObjects> {
  // Loaded here only: the kit behind it would cost every other command a quarter of a second and 60 MB.
  const { buildDashboards } = await import('@vonggac/dashboards');
  const dataSource = dataSourceOf(config, dialect);
  const dashboards = buildDashboards({
    language,
    dialect,
    consoleUrl: consoleUrl(config),
    ...(dataSource && { dataSourceUid: dataSource.uid }),
  });
  const alerts = dataSource && {
    language,
    dialect,
    dataSourceUid: dataSource.uid,
    dashboards,
    consoleUrl: consoleUrl(config),
  };
  return { dataSource, dashboards, alerts };
}

/** Where people reach the console, as far as the configuration says. */
export function consoleUrl({ console: { public_url, tls, host, port } }: Config): string {
  return public_url ?? `${tls ? 'https' : 'http'}://${reachableHost(host)}:${port}`;
}
