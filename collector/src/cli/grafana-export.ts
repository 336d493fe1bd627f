/** The files that Grafana reads by itself: dashboards, alert rules and provisioning. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { stringify } from 'yaml';
import type { Config } from '../config.ts';
import { type DataSourceJson, dataSourceOf, secretOf } from '../grafana/data-source.ts';
import { consoleUrl, folder, makeObjects, type Tongue } from '../grafana/made-objects.ts';
import { type Arguments, CommandFailed, exitCodes, print } from './command.ts';
import { fileProblem, replaceFile } from './replace-file.ts';

/** Grafana reads it from its own environment; the collector knows it by the same name. */
const passwordVariables = {
  influxdb: 'VONGGAC_STORE_INFLUX_PASSWORD',
  prometheus: 'VONGGAC_STORE_MIRROR_PASSWORD',
} as const;

/** `vonggac grafana export`. */
export async function exportGrafana(
  parsed: Arguments,
  { directory, ...tongue }: Tongue & { directory: string },
): Promise<number> {
  const root = resolve(directory);
  const files = await grafanaFiles(parsed.config, { root, ...tongue });
  writeFiles(root, files);
  const names = [...files.keys()];
  const text = [`written into ${root}:`, ...names.map((name) => `  ${name}`), '', ...nextSteps(parsed.config, tongue)];
  print(parsed, { value: { directory: root, files: names }, text: text.join('\n') });
  return exitCodes.done;
}

/** Content by name below `root`, where Grafana is going to find them. */
export async function grafanaFiles(
  config: Config,
  { root, ...tongue }: Tongue & { root: string },
): Promise<ReadonlyMap<string, string>> {
  const { dataSource, dashboards, alerts } = await makeObjects(config, tongue);
  const files = new Map<string, string>();
  for (const dashboard of dashboards) {
    files.set(`dashboards/${dashboard.uid}.json`, `${JSON.stringify(dashboard, null, 2)}\n`);
  }
  files.set('provisioning/dashboards/vonggac.yaml', providerFile(join(root, 'dashboards')));
  if (!dataSource || !alerts) return files;
  files.set('provisioning/datasources/vonggac.yaml', dataSourceFile(dataSource));
  const { alertingFile } = await import('@vonggac/dashboards');
  const alerting = stringify(alertingFile(alerts), { lineWidth: 0, aliasDuplicateObjects: false });
  files.set('provisioning/alerting/vonggac.yaml', alerting);
  return files;
}

function providerFile(path: string): string {
  const provider = {
    name: 'vonggac',
    orgId: 1,
    type: 'file',
    folder: folder.title,
    folderUid: folder.uid,
    disableDeletion: false,
    allowUiUpdates: false,
    updateIntervalSeconds: 30,
    options: { path: literal(path) },
  };
  return stringify({ apiVersion: 1, providers: [provider] }, { lineWidth: 0 });
}

function dataSourceFile({ jsonData, ...values }: DataSourceJson): string {
  const secret = { [secretOf(values)]: `\${${passwordVariables[values.type]}}` };
  const dataSource = {
    ...literals(values),
    orgId: 1,
    jsonData: literals(jsonData),
    editable: false,
    ...(needsPassword(values) && { secureJsonData: secret }),
  };
  return stringify({ apiVersion: 1, datasources: [dataSource] }, { lineWidth: 0 });
}

function needsPassword({ user, basicAuth }: Pick<DataSourceJson, 'basicAuth' | 'user'>): boolean {
  return user !== undefined || basicAuth === true;
}

function literals(values: Readonly<Record<string, string | boolean>>): Record<string, string | boolean> {
  const written = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'string' ? literal(value) : value,
  ]);
  return Object.fromEntries(written);
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

const noInflux = [
  'this collector keeps its data in the embedded store, which Grafana cannot read: set store.kind to influx and',
  'an InfluxDB',
] as const;
const noMirror = [
  'there is no VictoriaMetrics that gets the data for Grafana to read: set store.mirror.url and',
  'a Prometheus',
] as const;

function nextSteps(config: Config, { dialect }: Tongue): string[] {
  const copy = "copy what is in provisioning/ into Grafana's own provisioning folder and restart Grafana";
  const dataSource = dataSourceOf(config, dialect);
  if (!dataSource) {
    const [missing, kind] = dialect === 'promql' ? noMirror : noInflux;
    return [missing, `export again, alert rules included, or give Grafana ${kind} data source yourself; then ${copy}`];
  }
  const steps = needsPassword(dataSource)
    ? [`set ${passwordVariables[dataSource.type]} in Grafana's environment, then ${copy}`]
    : [copy];
  if (config.console.public_url !== undefined) return steps;
  return [...steps, `alerts link to ${consoleUrl(config)}: set console.public_url to where people reach the console`];
}
