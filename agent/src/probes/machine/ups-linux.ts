/** UPS and batteries: those of Network UPS Tools, and those that the kernel knows itself. */
import { join } from 'node:path';
import { catalogue, type Point, point } from '@vonggac/shared';
import type { Probe } from '../probe.ts';
import { askNut, nutPort } from './nut.ts';
import { readPowerSupplies } from './power-supply-linux.ts';
import type { UpsReading } from './ups-reading.ts';

/** No battery lasts longer, and no estimate is believed that says so. */
const longestSeconds = 30 * 86_400;

/** `port`: where `upsd` listens. */
export function upsProbe(root: string, port = nutPort): Probe {
  return {
    name: 'ups',
    cadence: catalogue.ups.cadence,
    atStart: true,
    timeoutMs: 5_000,
    async collect({ time }, signal) {
      const batteries = readPowerSupplies(join(root, 'sys'));
      const problems: string[] = [];
      const answer = await askNut({ port, signal }).catch((error: Error) => {
        problems.push(error.message);
        return undefined;
      });
      problems.push(...(answer?.problems ?? []));
      const readings = [...(answer?.readings ?? []), ...batteries];
      if (readings.length === 0 && problems.length === 0)
        return { status: 'not-here', reason: 'no UPS and no battery' };
      const points = readings.map((reading) => pointOf(reading, time));
      return { status: 'measured', points, ...(problems.length > 0 && { incomplete: problems.join('; ') }) };
    },
  };
}

function pointOf({ ups, kind, onBattery, charge, runtimeSeconds, isLow }: UpsReading, time: number): Point {
  const fields = {
    on_battery: onBattery,
    charge_percent: within(charge, 100),
    runtime_seconds: within(runtimeSeconds, longestSeconds),
    low_battery: isLow,
  };
  return point('ups', { time, tags: { ups, kind }, fields });
}

/** What a device cannot mean is not said. */
function within(value: number | undefined, most: number): number | undefined {
  return value !== undefined && value >= 0 && value <= most ? value : undefined;
}
