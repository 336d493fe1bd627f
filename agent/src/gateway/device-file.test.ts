import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DeviceFile } from './device-file.ts';
import type { RegisterState } from './device-register.ts';

let folder: string;
let said: string[];
const say = (message: string) => void said.push(message);
const logger = { debug: say, info: say, warn: say, error: say };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-devices-'));
  said = [];
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

const state: RegisterState = {
  networks: [{ name: '192.168.1.0/24', began: 1_800_000_000, complete: true, swept: 1_800_000_060 }],
  devices: [
    {
      mac: '00:16:3e:00:00:01',
      address: '192.168.1.20',
      network: '192.168.1.0/24',
      firstSeen: 1_800_000_000,
      lastSeen: 1_800_000_100,
      present: true,
      told: 0,
    },
  ],
};

test('what was written is there again, for its owner only', () => {
  const file = new DeviceFile(folder, logger);
  expect(file.read()).toEqual({ networks: [], devices: [] });
  file.write(state);
  expect(new DeviceFile(folder, logger).read()).toMatchObject(state);
  expect(statSync(join(folder, 'lan-devices.json')).mode & 0o777).toBe(0o600);
  expect(existsSync(join(folder, 'lan-devices.json.new'))).toBe(false);
  expect(said).toEqual([]);
});

test.each([
  ['cut short', '{"version":1,"networks":[],"dev'],
  ['empty', ''],
  ['of another form', '{"version":2,"networks":[],"devices":[]}'],
  ['with what is no MAC', JSON.stringify({ version: 1, networks: [], devices: [{ ...state.devices[0], mac: 'x' }] })],
  ['with a time that is none', JSON.stringify({ version: 1, networks: [{ ...state.networks[0], began: 1e300 }] })],
  ['too large', `${JSON.stringify({ version: 1, ...state })}${' '.repeat(3_000_000)}`],
])('a file %s is set aside', (_name, text) => {
  writeFileSync(join(folder, 'lan-devices.json'), text);
  const file = new DeviceFile(folder, logger);
  expect(file.read()).toEqual({ networks: [], devices: [] });
  expect(readFileSync(join(folder, 'lan-devices.json.damaged'), 'utf8')).toBe(text);
  expect(said).toEqual(['the file of LAN devices is damaged and set aside']);
  file.write(state);
  expect(file.read()).toMatchObject(state);
});

test('a disk that takes nothing is said once and does not end the census', () => {
  mkdirSync(join(folder, 'lan-devices.json.new'));
  const file = new DeviceFile(folder, logger);
  file.write(state);
  file.write(state);
  expect(said).toEqual(['cannot keep the devices of the LAN']);
});
