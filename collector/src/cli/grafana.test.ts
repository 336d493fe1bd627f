import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Config, loadConfig } from '../config.ts';
import { CommandFailed, UsageError } from './command.ts';
import { grafanaCommand, grafanaFiles, writeFiles } from './grafana.ts';

function configure(flags: Readonly<Record<string, unknown>> = {}): Config {
  return loadConfig({ file: undefined, environment: {}, flags });
}

const influx = { 'store.kind': 'influx', 'store.influx.url': 'http://influx.tinh.vn:8086' };

async function dataSource(flags: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  const files = await grafanaFiles(configure(flags), { root: '/srv/grafana', language: 'vi' });
  const { datasources } = parse(files.get('provisioning/datasources/vonggac.yaml') ?? '') as {
    datasources: Record<string, unknown>[];
  };
  return datasources[0] ?? {};
}

function provisioned(files: ReadonlyMap<string, string>): string[] {
  return [...files.keys()].filter((name) => !name.startsWith('dashboards/'));
}

async function firstAlertRule(flags: Readonly<Record<string, unknown>>): Promise<unknown> {
  const files = await grafanaFiles(configure({ ...influx, ...flags }), { root: '/srv/grafana', language: 'en' });
  const { groups } = parse(files.get('provisioning/alerting/vonggac.yaml') ?? '') as { groups: { rules: unknown[] }[] };
  return groups[0]?.rules[0];
}

describe('the files', () => {
  test('dashboards, their provider and the data source they name', async () => {
    const files = await grafanaFiles(configure(influx), { root: '/srv/grafana', language: 'en' });
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
    expect(await firstAlertRule({})).toMatchObject({
      uid: 'vonggac-collector-not-ready',
      for: '2m',
      annotations: { runbook_url: 'http://127.0.0.1:8080/runbook/collector-not-ready' },
      data: [{ datasourceUid: 'vonggac-influxdb' }, { refId: 'B' }, { refId: 'C' }],
    });
    expect(await firstAlertRule({ 'console.public_url': 'http://localhost:9090' })).toMatchObject({
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
    const files = await grafanaFiles(configure(flags), { root: '/srv/grafana', language: 'vi' });
    expect([...files.values()].join()).not.toContain('bi-mat');
  });

  test('without InfluxDB the dashboards let people choose a data source', async () => {
    const files = await grafanaFiles(configure(), { root: '/srv/a$b', language: 'vi' });
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
});
