import { type Survey, survey } from '../connectivity/device-survey.ts';
import { Devices } from '../connectivity/devices.ts';
import { Agents } from '../registry/agents.ts';
import { openRegistry } from '../registry/database.ts';
import { Units } from '../registry/units.ts';
import {
  type Arguments,
  type Command,
  CommandFailed,
  exitCodes,
  localTime,
  print,
  readArguments,
  table,
  UsageError,
} from './command.ts';

const usage = 'devices [--unit UNIT]';

/** `vonggac devices`: what the gateways see on their networks. */
export const devicesCommand: Command = {
  usage,
  summary: 'devices on the networks of gateways: of one unit, or how many each has',
  async run(args) {
    const parsed = readArguments(args, { usage, flags: { unit: 'string' } });
    if (parsed.positionals.length > 0) throw new UsageError(`usage: vonggac ${usage}`);
    const registry = openRegistry(parsed.config.data);
    // Only the collector takes new ones in, and asks who made them.
    const devices = new Devices(parsed.config.data, () => undefined);
    try {
      const units = new Units(registry);
      const agents = new Agents(registry).all().filter(({ revokedAt }) => revokedAt === undefined);
      const surveyOf = (code: string) =>
        survey(devices.of(code), {
          unit: units.details(code),
          machines: agents.filter((agent) => agent.unit === code),
          now: Date.now(),
        });
      const { unit } = parsed.flags;
      if (typeof unit !== 'string')
        return listUnits(parsed, new Map(devices.units().map((code) => [code, surveyOf(code)])));
      if (!units.get(unit)) throw new CommandFailed(`there is no unit ${unit}`);
      return listDevices(parsed, surveyOf(unit));
    } finally {
      devices.stop();
      registry.close();
    }
  },
};

function listUnits(args: Arguments, surveys: ReadonlyMap<string, Survey>): number {
  const items = [...surveys].map(([unit, found]) => ({ unit, ...countsOf(found) }));
  const rows = items.map(({ unit, present, devices, with_agent, without_agent, declared }) => [
    unit,
    ...[present, devices, with_agent, without_agent, declared].map((count) => `${count ?? '-'}`),
  ]);
  const header = ['UNIT', 'PRESENT', 'EVER SEEN', 'WITH AGENT', 'WITHOUT AGENT', 'DECLARED'];
  const text = rows.length === 0 ? 'no gateway has told of a device yet' : table(header, rows);
  print(args, { value: { items, next: null }, text });
  return exitCodes.done;
}

function countsOf({ devices, present, declared, withoutAgent }: Survey) {
  return {
    devices: devices.length,
    present,
    with_agent: devices.filter(({ agent }) => agent !== undefined).length,
    without_agent: withoutAgent,
    declared: declared ?? null,
  };
}

function listDevices(args: Arguments, found: Survey): number {
  const rows = found.devices.map((device) => [
    device.mac,
    device.address ?? device.address6 ?? '',
    device.class,
    device.vendor ?? '',
    device.present ? 'present' : 'away',
    device.agent ?? '',
    localTime(device.firstSeen),
    localTime(device.lastSeen),
    device.isNew ? 'new' : '',
  ]);
  const header = ['MAC', 'ADDRESS', 'CLASS', 'VENDOR', 'STATE', 'AGENT', 'FIRST SEEN', 'LAST SEEN', ''];
  const items = found.devices.map(({ firstSeen, lastSeen, isNew, ...device }) => ({
    ...device,
    vendor: device.vendor ?? null,
    address: device.address ?? null,
    address6: device.address6 ?? null,
    agent: device.agent ?? null,
    first_seen: new Date(firstSeen).toISOString(),
    last_seen: new Date(lastSeen).toISOString(),
    is_new: isNew,
  }));
  const text = rows.length === 0 ? 'no gateway of this unit has told of a device yet' : table(header, rows);
  print(args, { value: { items, next: null, counts: countsOf(found) }, text });
  return exitCodes.done;
}
