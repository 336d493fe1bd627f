/**
 * Batteries and UPS that the kernel knows. Source: `/sys/class/power_supply`
 * (docs.kernel.org/power/power_supply_class.html). Batteries of mice and keyboards, whose scope is a device, are left out.
 */
import { join } from 'node:path';
import { listSys, readSys, readSysNumber } from '../../system/sys-file.ts';
import { cleanText } from '../clean-text.ts';
import type { UpsReading } from './ups-reading.ts';

const maxSupplies = 8;
const external = new Set(['Mains', 'USB', 'Wireless']);

/** `sys` is the folder that stands for `/sys`. */
export function readPowerSupplies(sys: string): UpsReading[] {
  const folder = join(sys, 'class/power_supply');
  const supplies = listSys(folder).map((name) => ({
    name,
    path: join(folder, name),
    type: typeOf(join(folder, name)),
  }));
  const lines = supplies.filter(({ type }) => type !== undefined && external.has(type));
  const online = lines.flatMap(({ path }) => readSysNumber(join(path, 'online')) ?? []);
  // 0 is not plugged in, 1 is, 2 is with another voltage.
  const isPlugged = online.length === 0 ? undefined : online.some((value) => value > 0);
  return supplies
    .flatMap(({ name, path, type }): UpsReading[] => {
      const isOwn = type === 'Battery' && readSys(join(path, 'scope')) !== 'Device';
      const isThere = readSysNumber(join(path, 'present')) !== 0;
      if ((!isOwn && type !== 'UPS') || !isThere) return [];
      return [readBattery({ name, path, kind: type === 'UPS' ? 'ups' : 'battery' }, isPlugged)];
    })
    .slice(0, maxSupplies);
}

function typeOf(path: string): string | undefined {
  return readSys(join(path, 'type'));
}

function readBattery(
  { name, path, kind }: { name: string; path: string; kind: UpsReading['kind'] },
  isPlugged: boolean | undefined,
): UpsReading {
  const onBattery = kind === 'battery' && isPlugged !== undefined ? !isPlugged : isDischarging(join(path, 'status'));
  const level = readSys(join(path, 'capacity_level'));
  const runtime = readSysNumber(join(path, 'time_to_empty_avg')) ?? readSysNumber(join(path, 'time_to_empty_now'));
  return {
    ups: cleanText(name),
    kind,
    onBattery,
    charge: readSysNumber(join(path, 'capacity')),
    runtimeSeconds: onBattery ? runtime : undefined,
    isLow: level === undefined || level === 'Unknown' ? undefined : level === 'Low' || level === 'Critical',
  };
}

/** Undefined when the driver does not know either. */
function isDischarging(path: string): boolean | undefined {
  const status = readSys(path);
  if (status === 'Discharging') return true;
  return status === 'Charging' || status === 'Full' || status === 'Not charging' ? false : undefined;
}
