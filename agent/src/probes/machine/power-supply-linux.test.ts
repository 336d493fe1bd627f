import { afterEach, beforeEach, expect, test } from 'vitest';
import { readPowerSupplies } from './power-supply-linux.ts';
import { SampleRoot } from './testing/hardware-samples.ts';

const supply = 'sys/class/power_supply';
let root: SampleRoot;

beforeEach(() => {
  root = new SampleRoot();
});

afterEach(() => root.remove());

function read() {
  return readPowerSupplies(`${root.path}/sys`);
}

test('a laptop that is plugged in; the battery of its mouse is nobody’s concern', () => {
  root.add('laptop-on-mains.tree.txt');
  expect(read()).toEqual([
    { ups: 'BAT0', kind: 'battery', onBattery: false, charge: 96, runtimeSeconds: undefined, isLow: false },
  ]);
});

test('a laptop that was unplugged', () => {
  root.add('laptop-on-mains.tree.txt');
  root.write(`${supply}/AC/online`, '0');
  root.write(`${supply}/BAT0/status`, 'Discharging');
  root.write(`${supply}/BAT0/capacity`, '7');
  root.write(`${supply}/BAT0/capacity_level`, 'Low');
  root.write(`${supply}/BAT0/time_to_empty_now`, '840');
  expect(read()).toMatchObject([{ onBattery: true, charge: 7, runtimeSeconds: 840, isLow: true }]);
});

test('any charger will do', () => {
  root.add('laptop-on-mains.tree.txt');
  root.write(`${supply}/AC/online`, '0');
  root.write(`${supply}/ucsi-source-psy-USBC000:001/online`, '1');
  expect(read()).toMatchObject([{ onBattery: false }]);
});

test('a battery of which no charger is known goes by its own word, as a UPS does', () => {
  root.write(`${supply}/BAT1/type`, 'Battery');
  root.write(`${supply}/BAT1/status`, 'Unknown');
  root.write(`${supply}/ups/type`, 'UPS');
  root.write(`${supply}/ups/status`, 'Discharging');
  expect(read()).toMatchObject([
    { ups: 'BAT1', kind: 'battery', onBattery: undefined },
    { ups: 'ups', kind: 'ups', onBattery: true },
  ]);
});

test('no battery: a server with a power supply, an empty slot, a machine without any', () => {
  expect(read()).toEqual([]);
  root.add('server-two-sockets.tree.txt');
  root.write(`${supply}/BAT0/type`, 'Battery');
  root.write(`${supply}/BAT0/present`, '0');
  expect(read()).toEqual([]);
});

test('a battery that is pulled out is not missed', () => {
  root.add('laptop-on-mains.tree.txt');
  root.remove(`${supply}/BAT0/status`);
  root.remove(`${supply}/BAT0/capacity`);
  expect(read()).toMatchObject([{ ups: 'BAT0', charge: undefined }]);
  root.remove(`${supply}/BAT0`);
  expect(read()).toEqual([]);
});
