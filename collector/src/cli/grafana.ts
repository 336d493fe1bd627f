import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Language } from '@vonggac/dashboards';
import { stringify } from 'yaml';
import type { Config } from '../config.ts';
import { reachableHost } from '../console-settings.ts';
import { type Command, CommandFailed, exitCodes, print, readArguments, UsageError } from './command.ts';
import { fileProblem, replaceFile } from './replace-file.ts';

const languages: readonly Language[] = ['vi', 'en'];
const usage = `grafana export DIR [--lang ${languages.join('|')}]`;

const dataSourceUid = 'vonggac-influxdb';
/** Grafana reads it from its own environment; the collector knows it by the same name. */
const passwordVariable = 'VONGGAC_STORE_INFLUX_PASSWORD';

/** `vonggac grafana`: dashboards, alert rules and provisioning files, which Grafana reads by itself. */
export const grafanaCommand: Command = {
  usage,
  summary: 'files for Grafana: dashboards, alert rules and provisioning',
  async run(args) {
    const parsed = readArguments(args, { usage, flags: { lang: 'string' } });
    const [action, directory, ...others] = parsed.positionals;
    if (action !== 'export' || !directory || others.length > 0) throw new UsageError(`usage: vonggac ${usage}`);
    const language = languages.find((known) => known === (parsed.flags.lang ?? 'vi'));
    if (!language) throw new UsageError(`--lang is ${languages.join(' or ')}, not "${parsed.flags.lang}"`);
    const root = resolve(directory);
    const files = await grafanaFiles(parsed.config, { root, language });
    writeFiles(root, files);
    const names = [...files.keys()];
    const text = [`written into ${root}:`, ...names.map((name) => `  ${name}`), '', ...nextSteps(parsed.config)];
    print(parsed, { value: { directory: root, files: names }, text: text.join('\n') });
    return exitCodes.done;
  },
};

/** Content by name below `root`, where Grafana is going to find them. */
export async function grafanaFiles(
  config: Config,
  options: { root: string; language: Language },
): Promise<ReadonlyMap<string, string>> {
  // Loaded here only: the kit behind it would cost every other command a quarter of a second and 60 MB.
  const { alertingFile, buildDashboards } = await import('@vonggac/dashboards');
  const { language } = options;
  const dataSource = dataSourceFile(config);
  const dashboards = buildDashboards({ language, ...(dataSource === undefined ? {} : { dataSourceUid }) });
  const files = new Map<string, string>();
  for (const dashboard of dashboards) {
    files.set(`dashboards/${dashboard.uid}.json`, `${JSON.stringify(dashboard, null, 2)}\n`);
  }
  files.set('provisioning/dashboards/vonggac.yaml', providerFile(join(options.root, 'dashboards')));
  if (dataSource === undefined) return files;
  files.set('provisioning/datasources/vonggac.yaml', dataSource);
  const alerting = alertingFile({ language, dataSourceUid, dashboards, consoleUrl: consoleUrl(config) });
  files.set('provisioning/alerting/vonggac.yaml', stringify(alerting, { lineWidth: 0, aliasDuplicateObjects: false }));
  return files;
}

function consoleUrl({ console: { public_url, tls, host, port } }: Config): string {
  return public_url ?? `${tls ? 'https' : 'http'}://${reachableHost(host)}:${port}`;
}

function providerFile(path: string): string {
  const provider = {
    name: 'vonggac',
    orgId: 1,
    type: 'file',
    folder: 'Vọng Gác',
    folderUid: 'vonggac',
    disableDeletion: false,
    allowUiUpdates: false,
    updateIntervalSeconds: 30,
    options: { path: literal(path) },
  };
  return stringify({ apiVersion: 1, providers: [provider] }, { lineWidth: 0 });
}

/** Undefined when the data is not in InfluxDB: Grafana cannot read the embedded store. */
function dataSourceFile({ store }: Config): string | undefined {
  if (store.kind !== 'influx' || !store.influx) return undefined;
  const { username, database } = store.influx;
  const url = new URL(store.influx.url);
  // Credentials in the address would be a password in clear.
  url.username = '';
  url.password = '';
  const dataSource = {
    name: 'Vọng Gác InfluxDB',
    uid: dataSourceUid,
    type: 'influxdb',
    access: 'proxy',
    orgId: 1,
    url: literal(url.href.replace(/\/$/, '')),
    // Versions up to 9.3 read `database`, later ones `dbName`.
    database: literal(database),
    jsonData: { dbName: literal(database), version: 'InfluxQL', httpMode: 'POST', timeInterval: '10s' },
    editable: false,
    ...(username === undefined
      ? {}
      : { user: literal(username), secureJsonData: { password: `\${${passwordVariable}}` } }),
  };
  return stringify({ apiVersion: 1, datasources: [dataSource] }, { lineWidth: 0 });
}

/** Grafana replaces `$name` in these files by variables of its environment; `$$` is a plain dollar. */
function literal(value: string): string {
  return value.replaceAll('$', '$$$$');
}

/** Throws CommandFailed. */
export function writeFiles(root: string, files: ReadonlyMap<string, string>): void {
  for (const [name, content] of files) {
    try {
      const file = join(root, name);
      makeFolder(dirname(file));
      replaceFile(file, { content });
    } catch (error) {
      throw new CommandFailed(`cannot write into ${root}: ${fileProblem(error)}`, { cause: error });
    }
  }
}

/** Not by `recursive`, which never returns where the system answers "no such file" for good, as below /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

function nextSteps(config: Config): string[] {
  const { store } = config;
  const copy = "copy what is in provisioning/ into Grafana's own provisioning folder and restart Grafana";
  if (store.kind !== 'influx') {
    return [
      'this collector keeps its data in the embedded store, which Grafana cannot read: set store.kind to influx and',
      `export again, alert rules included, or give Grafana an InfluxDB data source yourself; then ${copy}`,
    ];
  }
  const steps =
    store.influx?.username === undefined ? [copy] : [`set ${passwordVariable} in Grafana's environment, then ${copy}`];
  if (config.console.public_url !== undefined) return steps;
  return [...steps, `alerts link to ${consoleUrl(config)}: set console.public_url to where people reach the console`];
}
