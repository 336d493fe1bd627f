import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ConfigError, loadAgentConfig } from './config.ts';

let folder: string;
const nothing = { file: undefined, address: undefined, logLevel: undefined };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-agent-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('every key is optional, and so is the file', async () => {
  const config = await loadAgentConfig({ ...nothing, folder });
  expect(config).toMatchObject({ addresses: [], spoolBytes: 64 * 1_048_576, spoolAgeMs: 7 * 86_400_000 });
});

test('flags win over the file', async () => {
  writeFileSync(join(folder, 'agent.yaml'), 'addresses: ["a:1"]\nspool_mebibytes: 8\n');
  const config = await loadAgentConfig({ ...nothing, folder, address: 'b:2' });
  expect(config).toMatchObject({ addresses: ['b:2'], spoolBytes: 8 * 1_048_576 });
});

test.each([
  ['budget: { bytes_per_day: 10 }', 'budget.bytes_per_day: expected a whole number from 50000 to 10000000000'],
  ['budget: { bytes_per_day: 2 MB }', 'budget.bytes_per_day: expected a whole number from 50000 to 10000000000'],
  ['budget: { bytes: 100000 }', 'budget.bytes: unknown key'],
  ['budget: 100000', 'budget: expected bytes_per_day and backfill_bits_per_second, or one of them'],
])('%s is refused', async (text, problem) => {
  writeFileSync(join(folder, 'agent.yaml'), text);
  await expect(loadAgentConfig({ ...nothing, folder })).rejects.toThrow(`agent.yaml:1: ${problem}`);
});

test('every problem at once, with its line', async () => {
  const text = ['addresses: [nowhere]', 'spool_mebibytes: 0', 'spol_days: 3', 'log_level: loud'];
  writeFileSync(join(folder, 'agent.yaml'), text.join('\n'));
  const failed = loadAgentConfig({ ...nothing, folder });
  await expect(failed).rejects.toThrow(ConfigError);
  const { message } = (await failed.catch((error: Error) => error as Error)) as Error;
  const lines = message.split('\n').map((line) => line.replace(`${folder}/`, '').split(': ').slice(0, 2).join(' '));
  expect(lines.sort()).toEqual([
    'agent.yaml:1 addresses.0',
    'agent.yaml:2 spool_mebibytes',
    'agent.yaml:3 spol_days',
    'agent.yaml:4 log_level',
  ]);
});

test.each([
  ['broken', 'addresses: [', /agent\.yaml:1/],
  ['a text', 'hello', /expected keys and values/],
])('a file that is %s is refused', async (_, text, message) => {
  writeFileSync(join(folder, 'agent.yaml'), text);
  await expect(loadAgentConfig({ ...nothing, folder })).rejects.toThrow(message);
});

test.each([
  ['relay: {listen: "10.1.1.1:9000", connections: 50}', undefined, { listen: '10.1.1.1:9000', connections: 50 }],
  ['relay: {connections: 50}', '10.1.1.1:9000', { listen: '10.1.1.1:9000', connections: 50 }],
  ['relay:', undefined, { listen: '[::]:8444', connections: 200 }],
  ['', '10.1.1.1:9000', { listen: '10.1.1.1:9000', connections: 200 }],
])('a relay by the file %j and the flag %s', async (text, relay, expected) => {
  writeFileSync(join(folder, 'agent.yaml'), text);
  const config = await loadAgentConfig({ ...nothing, folder, relay });
  expect(config.relay).toMatchObject(expected);
});

test('what is said of malware is reduced unless the file wants it in full; clamd.conf is where packages put it', async () => {
  const load = (text: string) => {
    writeFileSync(join(folder, 'agent.yaml'), text);
    return loadAgentConfig({ ...nothing, folder });
  };
  expect(await load('')).toMatchObject({ privacy: 'reduced', antivirus: { clamd_conf: [] } });
  expect(await load('antivirus:\n')).toMatchObject({ antivirus: { clamd_conf: [] } });
  expect(await load('privacy: full\nantivirus: {clamd_conf: [/srv/clamd.conf]}')).toMatchObject({
    privacy: 'full',
    antivirus: { clamd_conf: ['/srv/clamd.conf'] },
  });
  await expect(load('privacy: none')).rejects.toThrow(/agent\.yaml:1: privacy/);
  await expect(load('antivirus:\n  clamd_conf: [clamd.conf]')).rejects.toThrow('expected an absolute path');
});

test('services to watch are named, not too many, and no paths', async () => {
  const load = (text: string) => {
    writeFileSync(join(folder, 'agent.yaml'), text);
    return loadAgentConfig({ ...nothing, folder });
  };
  expect((await load('')).services).toEqual([]);
  expect((await load('services: [nginx, postgresql@15-main]')).services).toEqual(['nginx', 'postgresql@15-main']);
  await expect(load('services:\n  - ../../etc')).rejects.toThrow(/agent\.yaml:2: services\.0: expected the name/);
  const many = JSON.stringify(Array.from({ length: 33 }, (_, index) => `s${index}`));
  await expect(load(`services: ${many}`)).rejects.toThrow('services: expected 32 services at most');
});

test('without the section there is no relay; one that is no section is refused', async () => {
  expect((await loadAgentConfig({ ...nothing, folder })).relay).toBeUndefined();
  writeFileSync(join(folder, 'agent.yaml'), 'relay: yes please');
  await expect(loadAgentConfig({ ...nothing, folder })).rejects.toThrow(/agent\.yaml:1: relay/);
});

test('a relay to go by', async () => {
  writeFileSync(join(folder, 'agent.yaml'), 'via: "10.1.1.1:8444"');
  expect((await loadAgentConfig({ ...nothing, folder })).via).toBe('10.1.1.1:8444');
  expect((await loadAgentConfig({ ...nothing, folder, via: '10.1.1.2:8444' })).via).toBe('10.1.1.2:8444');
  await expect(loadAgentConfig({ ...nothing, folder, via: '10.1.1.2' })).rejects.toThrow('via: expected host:port');
});

test('a file that is named must be there', async () => {
  const file = join(folder, 'other.yaml');
  await expect(loadAgentConfig({ ...nothing, folder, file })).rejects.toThrow(/other\.yaml: cannot be read/);
});
