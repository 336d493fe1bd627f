import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ProbeResult } from '../probe.ts';
import { readSensors, temperatureProbe } from './temperature-linux.ts';
import { SampleRoot } from './testing/hardware-samples.ts';

let root: SampleRoot;

beforeEach(() => {
  root = new SampleRoot();
});

afterEach(() => root.remove());

function sensors(): [string, number, number | undefined][] {
  return readSensors(`${root.path}/sys`).map(({ sensor, current, crit }) => [sensor, current, crit]);
}

function collect(): Promise<ProbeResult> {
  return temperatureProbe(root.path).collect({ time: 1, monotonicMs: () => 0 }, new AbortController().signal);
}

test('a laptop: each chip by its device, the package for its cores, no limit that was never set', () => {
  root.add('laptop-on-mains.tree.txt');
  expect(sensors()).toEqual([
    ['acpitz thermal_zone0 temp1', 48, undefined],
    ['nvme0 Composite', 39.85, 84.85],
    ['nvme0 Sensor 1', 41.85, undefined],
    ['coretemp.0 Package id 0', 55, 100],
  ]);
});

test('a server: sensors that are not connected are left out, and disks are left to sleep', () => {
  root.add('server-two-sockets.tree.txt');
  expect(sensors()).toEqual([
    ['coretemp.0 Package id 0', 71, 101],
    ['coretemp.1 Package id 1', 104, 101],
    ['nct6779 nct6775.656 SYSTIN', 34, undefined],
  ]);
});

test('a board without hwmon: its zones, with the point at which it switches itself off', () => {
  root.add('small-board.tree.txt');
  expect(sensors()).toEqual([
    ['thermal_zone0 cpu-thermal', 61.835, 110],
    ['thermal_zone1 gpu-thermal', 58, undefined],
  ]);
});

test('the probe says how far the limit is, negative past it', async () => {
  root.add('server-two-sockets.tree.txt');
  expect(await collect()).toMatchObject({
    points: [
      { tags: { sensor: 'coretemp.0 Package id 0' }, fields: { current_celsius: 71, headroom_celsius: 30 } },
      { fields: { current_celsius: 104, crit_celsius: 101, headroom_celsius: -3 } },
      { fields: { current_celsius: 34 } },
    ],
  });
});

test('a device that vanishes is not missed, and one that comes is found', async () => {
  root.add('laptop-on-mains.tree.txt');
  root.remove('sys/class/hwmon/hwmon2');
  expect(sensors()).toHaveLength(2);
  root.remove('sys/class/hwmon/hwmon3/temp1_input');
  expect(sensors()).toContainEqual(['coretemp.0 Core 0', 54, 100]);
  root.remove('sys');
  expect(await collect()).toMatchObject({ status: 'not-here' });
});

test.each(['', 'x', '1e5', '48000.5', '-40001', '125000', '99999999999999999999', '0x20'])(
  '%j is no temperature',
  (text) => {
    root.write('sys/class/hwmon/hwmon0/name', 'odd');
    root.write('sys/class/hwmon/hwmon0/temp1_input', text);
    expect(sensors()).toEqual([]);
  },
);

test('a label is made fit for a tag, and there are not more sensors than anyone reads', () => {
  root.write('sys/class/hwmon/hwmon0/name', 'odd');
  for (let index = 1; index <= 100; index += 1) {
    root.write(`sys/class/hwmon/hwmon0/temp${index}_input`, '40000');
    root.write(`sys/class/hwmon/hwmon0/temp${index}_label`, index === 1 ? 'Hot\u202e' : `DIMM ${index}`);
  }
  expect(sensors()[0]).toEqual(['odd Hot', 40, undefined]);
  expect(sensors()).toHaveLength(24);
});
