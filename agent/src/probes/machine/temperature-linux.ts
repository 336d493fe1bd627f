/**
 * Sources: `/sys/class/hwmon` (docs.kernel.org/hwmon/sysfs-interface.html), and `/sys/class/thermal` where that has no
 * sensor. Not `drivetemp`: asking it keeps some disks from sleeping; what they say of their temperature is in disk_health.
 */
import { join } from 'node:path';
import { catalogue, type Point, point } from '@vonggac/shared';
import { linkedName, listSys, readSys, readSysNumber } from '../../system/sys-file.ts';
import { cleanText } from '../clean-text.ts';
import type { Probe } from '../probe.ts';

export interface SensorReading {
  readonly sensor: string;
  readonly current: number;
  /** Undefined when the maker has set none that makes sense. */
  readonly crit: number | undefined;
}

/** A server has one for each memory module; more than these help nobody. */
const maxSensors = 24;
/** Degrees. Sensors that are not connected read -128, -55, 127 and 255; limits that were never set, 0 and 65261.85. */
const coldest = -40;
const hottest = 125;
const lowestLimit = 30;
const highestLimit = 150;

export function temperatureProbe(root: string): Probe {
  return {
    name: 'temperature',
    cadence: catalogue.temperature.cadence,
    atStart: true,
    timeoutMs: 5_000,
    async collect({ time }) {
      const readings = readSensors(join(root, 'sys'));
      if (readings.length === 0)
        return { status: 'not-here', reason: 'no sensor of temperature, as in virtual machines' };
      const points = readings.map(({ sensor, current, crit }): Point => {
        const headroom = crit === undefined ? undefined : crit - current;
        const fields = { current_celsius: current, crit_celsius: crit, headroom_celsius: headroom };
        return point('temperature', { time, tags: { sensor }, fields });
      });
      return { status: 'measured', points };
    },
  };
}

/** `sys` is the folder that stands for `/sys`. A sensor that does not answer, or not with a temperature, is left out. */
export function readSensors(sys: string): SensorReading[] {
  const chips = join(sys, 'class/hwmon');
  const found = listSys(chips).flatMap((chip) => readChip(join(chips, chip)));
  const readings = found.length > 0 ? found : readZones(join(sys, 'class/thermal'));
  const byName = new Map(readings.slice(0, maxSensors).map((reading) => [reading.sensor, reading]));
  return [...byName.values()];
}

function readChip(folder: string): SensorReading[] {
  const name = readSys(join(folder, 'name'));
  if (name === undefined || name === 'drivetemp') return [];
  const chip = chipName(name, linkedName(join(folder, 'device')));
  const inputs = listSys(folder).flatMap((file) => /^(temp\d{1,3})_input$/.exec(file)?.[1] ?? []);
  const labels = new Map(inputs.map((input) => [input, readSys(join(folder, `${input}_label`)) || input]));
  // The package is as hot as its hottest core.
  const hasPackage = [...labels.values()].some((label) => label.startsWith('Package id'));
  return inputs.flatMap((input) => {
    const label = labels.get(input) ?? input;
    if (hasPackage && /^Core \d+$/.test(label)) return [];
    const current = degrees(join(folder, `${input}_input`));
    if (!isTemperature(current)) return [];
    const limits = [degrees(join(folder, `${input}_crit`)), degrees(join(folder, `${input}_max`))];
    return [{ sensor: cleanText(`${chip} ${label}`), current, crit: limits.find(isLimit) }];
  });
}

/** Stays the same when the machine starts anew, unlike the number of the chip: `coretemp.0`, `nvme0`, `k10temp 0000:00:18.3`. */
function chipName(name: string, device: string | undefined): string {
  if (device === undefined) return name;
  return device.startsWith(name) ? device : `${name} ${device}`;
}

function readZones(folder: string): SensorReading[] {
  const zones = listSys(folder).filter((name) => /^thermal_zone\d{1,3}$/.test(name));
  return zones.flatMap((zone) => {
    const current = degrees(join(folder, zone, 'temp'));
    if (!isTemperature(current)) return [];
    const trips = listSys(join(folder, zone)).flatMap((file) => /^(trip_point_\d{1,3})_type$/.exec(file)?.[1] ?? []);
    const critical = trips.find((trip) => readSys(join(folder, zone, `${trip}_type`)) === 'critical');
    const crit = critical === undefined ? undefined : degrees(join(folder, zone, `${critical}_temp`));
    const type = readSys(join(folder, zone, 'type')) ?? 'zone';
    return [{ sensor: cleanText(`${zone} ${type}`), current, crit: isLimit(crit) ? crit : undefined }];
  });
}

/** Both folders write thousandths. */
function degrees(path: string): number | undefined {
  const thousandths = readSysNumber(path);
  return thousandths === undefined ? undefined : thousandths / 1_000;
}

function isTemperature(value: number | undefined): value is number {
  return value !== undefined && value > coldest && value < hottest;
}

function isLimit(value: number | undefined): value is number {
  return value !== undefined && value >= lowestLimit && value <= highestLimit;
}
