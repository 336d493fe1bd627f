import { expect, test } from 'vitest';
import { parseSmartctl } from './smartctl.ts';
import { sample } from './testing/hardware-samples.ts';

const nothing = {
  reallocated: undefined,
  pending: undefined,
  mediaErrors: undefined,
  usedPercent: undefined,
  celsius: undefined,
  hours: undefined,
  model: undefined,
};

test.each([
  [
    'smartctl-sata-well.json',
    {
      failing: false,
      reallocated: 0,
      pending: 2,
      mediaErrors: 0,
      celsius: 36,
      hours: 21_563,
      model: 'WDC WD10EZEX-08WN4A0',
    },
  ],
  [
    'smartctl-sata-failing.json',
    {
      failing: true,
      reallocated: 3_912,
      pending: 488,
      mediaErrors: 488,
      celsius: 44,
      hours: 38_122,
      model: 'ST1000DM010-2EP102',
    },
  ],
  [
    'smartctl-nvme-worn.json',
    { failing: false, mediaErrors: 0, usedPercent: 112, celsius: 51, hours: 17_410, model: 'KINGSTON SNV2S500G' },
  ],
  ['smartctl-sas.json', { failing: false, reallocated: 7, celsius: 33, hours: 40_211, model: 'SEAGATE ST1200MM0009' }],
])('reads %s', (name, health) => {
  expect(parseSmartctl(sample(name))).toEqual({ state: 'read', health: { ...nothing, ...health } });
});

test('a disk that nobody may ask is unknown, one without SMART has none', () => {
  expect(parseSmartctl(sample('smartctl-denied.json'))).toEqual({
    state: 'unknown',
    problem: 'Smartctl open device: /dev/sda failed: Permission denied',
  });
  expect(parseSmartctl(sample('smartctl-virtual.json'))).toMatchObject({ state: 'none' });
  expect(parseSmartctl('{"smartctl":{}}')).toEqual({ state: 'unknown', problem: 'the disk does not say how it is' });
});

test('leaves out what cannot be', () => {
  const odd = {
    smartctl: { exit_status: 'x', messages: 7 },
    smart_status: { passed: true },
    temperature: { current: 3_932_196 },
    power_on_time: { hours: -1 },
    model_name: 'Disk\u202e\n1',
    ata_smart_attributes: {
      table: [{ id: 5, raw: { value: 0x8765_0000_0001 } }, 'x', { id: 197, raw: { value: 1.5 } }],
    },
    nvme_smart_health_information_log: { percentage_used: 256 },
  };
  expect(parseSmartctl(JSON.stringify(odd))).toEqual({
    state: 'read',
    health: { ...nothing, failing: false, model: 'Disk 1' },
  });
});

test.each(['', '{', 'null', '[]', '{"smart_status":{"passed":true}}', 'smartctl 6.6 2017-11-05 r4594'])(
  'refuses %j',
  (text) => {
    expect(() => parseSmartctl(text)).toThrow('smartctl printed no report');
  },
);
