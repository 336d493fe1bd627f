import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function load(text: string, more: { environment?: Record<string, string>; flags?: Record<string, unknown> } = {}) {
  const file = join(folder, 'collector.yaml');
  writeFileSync(file, text);
  return loadConfig({ file, environment: more.environment ?? {}, flags: more.flags ?? {} });
}

function problemsOf(text: string, more: Parameters<typeof load>[1] = {}): string[] {
  try {
    load(text, more);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => problem.replace(`${folder}/`, ''));
  }
}

test('every key is optional', () => {
  const config = loadConfig({ file: undefined, environment: {}, flags: {} });
  expect(config).toMatchObject({ data: './data', agents: { port: 8443 }, console: { host: '127.0.0.1', port: 8080 } });
  expect(load('')).toEqual(config);
  expect(load('agents:\n')).toEqual(config);
});

test('flags win over variables, variables over the file', () => {
  const text = 'console:\n  port: 1\nagents:\n  port: 1\ndata: /a\n';
  const environment = { VONGGAC_CONSOLE_PORT: '2', VONGGAC_AGENTS_PORT: '2' };
  const config = load(text, { environment, flags: { 'agents.port': 3 } });
  expect([config.data, config.console.port, config.agents.port]).toEqual(['/a', 2, 3]);
});

test('every problem at once, each with its line', () => {
  const text = [
    'data: 5',
    'consol:',
    '  port: 1',
    'agents:',
    '  port: 70000',
    '  addresses: [nowhere]',
    'log_level: loud',
  ];
  const problems = problemsOf(text.join('\n'));
  expect(problems.map((problem) => problem.split(': ').slice(0, 2).join(' '))).toEqual(
    expect.arrayContaining([
      'collector.yaml:1 data',
      'collector.yaml:2 consol',
      'collector.yaml:5 agents.port',
      'collector.yaml:6 agents.addresses.0',
      'collector.yaml:7 log_level',
    ]),
  );
  expect(problems).toHaveLength(5);
  expect(problems.find((problem) => problem.includes('consol'))).toContain('unknown key');
});

test('a problem names the variable or the flag it came from', () => {
  expect(problemsOf('', { environment: { VONGGAC_CONSOLE_PORT: 'x' } })[0]).toContain('VONGGAC_CONSOLE_PORT');
  expect(problemsOf('', { flags: { 'console.port': Number.NaN } })[0]).toContain('--console-port');
  expect(problemsOf('', { environment: { VONGGAC_CONSOL_PORT: '1' } })[0]).toContain('unknown variable');
});

test.each([
  ['broken YAML', 'data: [1, 2'],
  ['the same key twice', 'data: a\ndata: b\n'],
  ['a list', '- data\n'],
  ['a text', 'data\n'],
  ['a section that is a number', 'agents: 5\n'],
])('%s is refused', (_, text) => {
  expect(problemsOf(text, { environment: { VONGGAC_AGENTS_PORT: '1' } })).not.toEqual([]);
});

test('the console does not leave the loopback', () => {
  expect(problemsOf('console:\n  host: 0.0.0.0\n')).toHaveLength(1);
});

test('InfluxDB needs its address', () => {
  expect(problemsOf('store:\n  kind: influx\n')[0]).toContain('store.influx');
  expect(problemsOf('store:\n  kind: influx\n  influx:\n    url: http://127.0.0.1:8086\n')).toEqual([]);
});

test('a mirror is an address without a login in it', () => {
  expect(problemsOf('store:\n  mirror:\n    url: http://127.0.0.1:8428\n')).toEqual([]);
  expect(problemsOf('store:\n  mirror:\n    url: http://me:secret@127.0.0.1:8428\n')[0]).toContain('an address alone');
  expect(problemsOf('store:\n  mirror:\n    database: vonggac\n')[0]).toContain('store.mirror.url');
});

test('schedules are as agents take them: one that is not would leave all of them without a connection', () => {
  expect(problemsOf("agents:\n  schedules:\n    disk_io: '0 * * * * *'\n")).toEqual([]);
  expect(problemsOf("agents:\n  schedules:\n    Disk IO: '0 * * * * *'\n")[0]).toContain('names of probes');
  const long = '0 '.repeat(40);
  expect(problemsOf(`agents:\n  schedules_by_class:\n    pc:\n      cpu: '${long}'\n`)[0]).toContain('names of probes');
  expect(problemsOf('agents:\n  schedules_by_class:\n    desktop: {}\n')[0]).toContain('unknown key');
  expect(problemsOf('agents:\n  services_by_class:\n    pc: [a b]\n')[0]).toContain('names of services');
});

test('a file that is not there is named', () => {
  const file = join(folder, 'missing.yaml');
  expect(() => loadConfig({ file, environment: {}, flags: {} })).toThrow(/missing\.yaml: cannot be read/);
});

test('limits have defaults and ranges, and can be set one by one', () => {
  const { limits } = loadConfig({ file: undefined, environment: {}, flags: {} }).agents;
  expect(limits).toMatchObject({ authenticate_seconds: 5, window: 8, messages_per_second: 20, idle_seconds: 25 });
  expect(load('agents:\n  limits:\n').agents.limits).toEqual(limits);
  expect(load('agents:\n  limits:\n    window: 4\n').agents.limits).toEqual({ ...limits, window: 4 });
});

test.each([
  ['no window', 'window: 0'],
  ['a frame smaller than agents send', 'frame_bytes: 1000'],
  ['less silence than agents keep', 'idle_seconds: 5'],
  ['half a connection', 'connections: 0.5'],
  ['an unknown limit', 'conections: 5'],
])('%s is refused with its line', (_, line) => {
  expect(problemsOf(`agents:\n  limits:\n    ${line}\n`)).toEqual([
    expect.stringMatching(/^collector\.yaml:3: agents\.limits\./),
  ]);
});
