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

test('a file that is named must be there', async () => {
  const file = join(folder, 'other.yaml');
  await expect(loadAgentConfig({ ...nothing, folder, file })).rejects.toThrow(/other\.yaml: cannot be read/);
});
