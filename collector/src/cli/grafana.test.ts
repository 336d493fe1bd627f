import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Config, loadConfig } from '../config.ts';
import { ownDialect } from '../grafana/data-source.ts';
import { CommandFailed, UsageError } from './command.ts';
import { grafanaCommand } from './grafana.ts';
import { grafanaFiles, writeFiles } from './grafana-export.ts';

function configure(flags: Readonly<Record<string, unknown>> = {}): Config {
  return loadConfig({ file: undefined, environment: {}, flags });
}

const influx = { 'store.kind': 'influx', 'store.influx.url': 'http://influx.tinh.vn:8086' };

async function dataSource(flags: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  const files = await grafanaFiles(configure(flags), { root: '/srv/grafana', language: 'vi', dialect: 'influxql' });
  const { datasources } = parse(files.get('provisioning/datasources/vonggac.yaml') ?? '') as {
    datasources: Record<string, unknown>[];
  };
  return datasources[0] ?? {};
}

function provisioned(files: ReadonlyMap<string, string>): string[] {
  return [...files.keys()].filter((name) => !name.startsWith('dashboards/'));
}

async function alertRule(uid: string, flags: Readonly<Record<string, unknown>>): Promise<unknown> {
  const files = await grafanaFiles(configure({ ...influx, ...flags }), {
    root: '/srv/grafana',
    language: 'en',
    dialect: 'influxql',
  });
  const { groups } = parse(files.get('provisioning/alerting/vonggac.yaml') ?? '') as {
    groups: { rules: { uid: string }[] }[];
  };
  return groups.flatMap(({ rules }) => rules).find((rule) => rule.uid === uid);
}

describe('the files', () => {
  test('dashboards, their provider and the data source they name', async () => {
    const files = await grafanaFiles(configure(influx), { root: '/srv/grafana', language: 'en', dialect: 'influxql' });
    expect(provisioned(files)).toEqual([
      'provisioning/dashboards/vonggac.yaml',
      'provisioning/datasources/vonggac.yaml',
      'provisioning/alerting/vonggac.yaml',
    ]);
    const machine = JSON.parse(files.get('dashboards/vonggac-machine.json') ?? '');
    expect(machine).toMatchObject({ title: 'Machine', uid: 'vonggac-machine', id: null });
    expect(machine.panels.at(-1).datasource).toEqual({ type: 'influxdb', uid: 'vonggac-influxdb' });
    expect(parse(files.get('provisioning/dashboards/vonggac.yaml') ?? '')).toEqual({
      apiVersion: 1,
      providers: [expect.objectContaining({ type: 'file', options: { path: '/srv/grafana/dashboards' } })],
    });
  });

  test('the data source is the store of the configuration', async () => {
    expect(await dataSource({ ...influx, 'store.influx.database': 'giam_sat' })).toEqual({
      name: 'Vọng Gác InfluxDB',
      uid: 'vonggac-influxdb',
      type: 'influxdb',
      access: 'proxy',
      orgId: 1,
      url: 'http://influx.tinh.vn:8086',
      database: 'giam_sat',
      jsonData: { dbName: 'giam_sat', version: 'InfluxQL', httpMode: 'POST', timeInterval: '10s' },
      editable: false,
    });
  });

  test('alert rules read that data source and lead to the console', async () => {
    expect(await alertRule('vonggac-collector-not-ready', {})).toMatchObject({
      for: '2m',
      annotations: { runbook_url: 'http://127.0.0.1:8080/runbook/collector-not-ready' },
      data: [{ datasourceUid: 'vonggac-influxdb' }, { refId: 'B' }, { refId: 'C' }],
    });
    expect(
      await alertRule('vonggac-collector-not-ready', { 'console.public_url': 'http://localhost:9090' }),
    ).toMatchObject({
      annotations: { runbook_url: 'http://localhost:9090/runbook/collector-not-ready' },
    });
  });

  test('no password is written, wherever it stands', async () => {
    const flags = { ...influx, 'store.influx.username': 'doc$1', 'store.influx.password': 'bi-mat' };
    const source = await dataSource({ ...flags, 'store.influx.url': 'https://doc:bi-mat@influx.tinh.vn/ts/' });
    expect(source).toMatchObject({
      url: 'https://influx.tinh.vn/ts',
      user: 'doc$$1',
      secureJsonData: { password: `\${VONGGAC_STORE_INFLUX_PASSWORD}` },
    });
    const files = await grafanaFiles(configure(flags), { root: '/srv/grafana', language: 'vi', dialect: 'influxql' });
    expect([...files.values()].join()).not.toContain('bi-mat');
  });

  test('in PromQL the data source is the mirror, of its own series only', async () => {
    const flags = {
      'store.mirror.url': 'https://vm.tinh.vn:8480/insert/0/influx',
      'store.mirror.query_url': 'https://vm.tinh.vn:8481/select/0/prometheus',
      'store.mirror.username': 'doc$1',
      'store.mirror.password': 'bi-mat',
    };
    const files = await grafanaFiles(configure(flags), { root: '/srv/grafana', language: 'vi', dialect: 'promql' });
    expect(parse(files.get('provisioning/datasources/vonggac.yaml') ?? '')).toEqual({
      apiVersion: 1,
      datasources: [
        {
          name: 'Vọng Gác VictoriaMetrics',
          uid: 'vonggac-prometheus',
          type: 'prometheus',
          access: 'proxy',
          orgId: 1,
          url: 'https://vm.tinh.vn:8481/select/0/prometheus',
          jsonData: {
            httpMode: 'POST',
            timeInterval: '10s',
            prometheusType: 'Prometheus',
            prometheusVersion: '2.24.0',
            customQueryParameters: 'extra_label=db%3Dvonggac&latency_offset=5s',
          },
          basicAuth: true,
          basicAuthUser: 'doc$$1',
          secureJsonData: { basicAuthPassword: `\${VONGGAC_STORE_MIRROR_PASSWORD}` },
          editable: false,
        },
      ],
    });
    const alerting = parse(files.get('provisioning/alerting/vonggac.yaml') ?? '');
    expect(alerting.groups[0].rules[0].data[0]).toMatchObject({
      datasourceUid: 'vonggac-prometheus',
      model: { instant: true, range: false, expr: expect.stringContaining('last_over_time(') },
    });
    expect(files.get('dashboards/vonggac-machine.json')).toContain('"uid": "vonggac-prometheus"');
    expect([...files.values()].join()).not.toContain('bi-mat');
  });

  test('without a mirror the dashboards let people choose a Prometheus', async () => {
    const files = await grafanaFiles(configure(influx), { root: '/srv/grafana', language: 'vi', dialect: 'promql' });
    expect(provisioned(files)).toEqual(['provisioning/dashboards/vonggac.yaml']);
    const machine = JSON.parse(files.get('dashboards/vonggac-machine.json') ?? '');
    expect(machine.templating.list[0]).toMatchObject({ type: 'datasource', query: 'prometheus' });
  });

  test.each([
    ['influxql', {}],
    ['promql', { 'store.mirror.url': 'http://vm:8428' }],
    ['influxql', { ...influx, 'store.mirror.url': 'http://vm:8428' }],
  ])('unless told, Grafana is asked in %s', (dialect, flags) => {
    expect(ownDialect(configure(flags))).toBe(dialect);
  });

  test('without InfluxDB the dashboards let people choose a data source', async () => {
    const files = await grafanaFiles(configure(), { root: '/srv/a$b', language: 'vi', dialect: 'influxql' });
    expect(provisioned(files)).toEqual(['provisioning/dashboards/vonggac.yaml']);
    expect(files.get('dashboards/vonggac-machine.json')).toContain(`"uid": "\${datasource}"`);
    expect(files.get('provisioning/dashboards/vonggac.yaml')).toContain('/srv/a$$b/dashboards');
  });
});

describe('writing them', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vonggac-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('replaces what was there and leaves nothing else', () => {
    writeFiles(join(folder, 'a/b'), new Map([['c/d.json', 'old']]));
    writeFiles(join(folder, 'a/b'), new Map([['c/d.json', 'new']]));
    expect(readFileSync(join(folder, 'a/b/c/d.json'), 'utf8')).toBe('new');
    expect(readdirSync(join(folder, 'a/b/c'))).toEqual(['d.json']);
  });

  test('says in one sentence that a folder cannot be written', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const write = () => writeFiles(file, new Map([['dashboards/a.json', '']]));
    expect(write).toThrow(CommandFailed);
    expect(write).toThrow(`cannot write into ${file}: not a directory`);
  });

  test.skipIf(process.platform !== 'linux')('says so where the system allows no folders at all', () => {
    const write = () => writeFiles('/proc/vonggac', new Map([['dashboards/a.json', '']]));
    expect(write).toThrow('cannot write into /proc/vonggac: no such file or directory');
  });
});

test('the command is explained when it is called wrongly', async () => {
  await expect(grafanaCommand.run([])).rejects.toThrow(UsageError);
  await expect(grafanaCommand.run(['export'])).rejects.toThrow('usage: vonggac grafana export DIR');
  await expect(grafanaCommand.run(['export', 'a', 'b'])).rejects.toThrow(UsageError);
  await expect(grafanaCommand.run(['export', 'a', '--lang', 'fr'])).rejects.toThrow('--lang is vi or en, not "fr"');
  await expect(grafanaCommand.run(['export', 'a', '--prune'])).rejects.toThrow(UsageError);
  await expect(grafanaCommand.run(['sync', 'a'])).rejects.toThrow(UsageError);
  await expect(grafanaCommand.run(['sync'])).rejects.toThrow('--url is missing');
  const wrong = grafanaCommand.run(['export', 'a', '--dialect', 'flux']);
  await expect(wrong).rejects.toThrow('--dialect is influxql or promql, not "flux"');
});
