/** A unit's devices held against what is known of it: which run an agent, and which should. */
import type { Unit } from '../registry/unit-rows.ts';
import { type DeviceClass, guessClass } from './device-class.ts';
import type { Device } from './devices.ts';

/** An enrolled machine. */
interface Machine {
  readonly id: string;
  readonly addresses: readonly string[];
}

export interface SurveyedDevice extends Device {
  readonly class: DeviceClass;
  /** The agent that runs on it, found by its address. */
  readonly agent: string | undefined;
  /** First seen within the last days, on a network that was looked at before. */
  readonly isNew: boolean;
}

export interface Survey {
  readonly devices: readonly SurveyedDevice[];
  readonly present: number;
  /** Servers, gateways and PCs that the unit declares; undefined when it declares nothing. */
  readonly declared: number | undefined;
  /** Present devices that may be computers and run no agent. */
  readonly withoutAgent: number;
}

/** What came in the last week is worth a look. */
const newForMs = 7 * 86_400_000;

/** Kinds of devices that an agent could run on; of an unknown maker's it cannot be told. */
const mayRunAgent: ReadonlySet<DeviceClass> = new Set(['computer', 'unknown']);

export function survey(
  devices: readonly Device[],
  { unit, machines, now }: { unit: Unit | undefined; machines: readonly Machine[]; now: number },
): Survey {
  const byAddress = new Map(
    machines.flatMap(({ id, addresses }) => addresses.map((address) => [address, id] as const)),
  );
  const began = beginnings(devices);
  const surveyed = devices.map((device): SurveyedDevice => {
    const agent = byAddress.get(device.address ?? '') ?? byAddress.get(device.address6 ?? '');
    const isRecent = now - device.firstSeen < newForMs;
    const isNew = isRecent && device.firstSeen > (began.get(device.network) ?? device.firstSeen);
    return { ...device, class: guessClass(device), agent, isNew };
  });
  const present = surveyed.filter((device) => device.present);
  const counts = [unit?.declared_servers, unit?.declared_gateways, unit?.declared_pcs].filter((n) => n !== undefined);
  return {
    devices: surveyed,
    present: present.length,
    declared: counts.length > 0 ? counts.reduce((sum, count) => sum + count, 0) : undefined,
    withoutAgent: present.filter((device) => device.agent === undefined && mayRunAgent.has(device.class)).length,
  };
}

/** When the first device of each network was seen: those of its first look count from then. */
function beginnings(devices: readonly Device[]): ReadonlyMap<string, number> {
  const began = new Map<string, number>();
  for (const { network, firstSeen } of devices) {
    began.set(network, Math.min(firstSeen, began.get(network) ?? firstSeen));
  }
  return began;
}
