/**
 * Devices of the gateway's networks, by MAC.
 *
 * - A device is new once. Those found while a network is looked at for the first time count as having been there when
 *   that began: they share its time as first seen, so that installing a gateway raises no wave of "new device".
 * - It is present for as long as it was seen within the given time. After a start each device that was present has that
 *   time anew: the agent does not know what went on while it was away.
 * - What is to be told about a device is kept with it until it is taken, a few at a time: whoever invents MACs by the
 *   thousand gets the room of `maxDevices` and those few, not the line. Those seen for a short time give way first.
 */
import { isLocalMac } from '@vonggac/shared';

/** Times in seconds since 1970. */
export interface Device {
  readonly mac: string;
  address?: string | undefined;
  address6?: string | undefined;
  network: string;
  readonly firstSeen: number;
  lastSeen: number;
  present: boolean;
  /** When it was last told of; 0 for never. */
  told: number;
}

export interface NetworkRecord {
  readonly name: string;
  /** Seconds since 1970. */
  readonly began: number;
  /** Whether all of it has been looked at once. */
  readonly complete: boolean;
  /** When the last sweep of it began, in seconds since 1970. */
  readonly swept?: number | undefined;
}

export interface RegisterState {
  readonly networks: readonly NetworkRecord[];
  readonly devices: readonly Device[];
}

export interface Sighting {
  readonly mac: string;
  readonly address: string;
  /** The network's name. */
  readonly network: string;
  /** It answered just now; otherwise it stands in a table that may be old. */
  readonly confirmed: boolean;
}

export const maxDevices = 4_096;
export const maxNetworks = 32;
const daySeconds = 86_400;

interface Known {
  readonly device: Device;
  /** By the clock that never jumps. */
  seenAtMs: number;
  /** Addresses at the last look. */
  addresses: ReadonlySet<string>;
  due: 'event' | 'routine' | undefined;
}

export class DeviceRegister {
  readonly #known = new Map<string, Known>();
  readonly #networks = new Map<string, NetworkRecord>();
  readonly #newByNetwork = new Map<string, number>();
  #changed = false;

  constructor(state: RegisterState, options: { nowMs: number }) {
    for (const network of state.networks) this.#networks.set(network.name, { ...network });
    for (const device of state.devices) {
      // Without a look before, its addresses say nothing about when it was seen.
      const known = { device: { ...device }, seenAtMs: options.nowMs, addresses: anyAddress, due: undefined };
      this.#known.set(device.mac, known);
    }
  }

  /** The record of a network, begun at `time` (seconds since 1970) when it is not known yet. */
  network(name: string, time: number): NetworkRecord {
    const known = this.#networks.get(name);
    if (known) return known;
    const begun = { name, began: time, complete: false };
    if (this.#networks.size >= maxNetworks) {
      const [oldest] = [...this.#networks.values()].sort((a, b) => (a.swept ?? a.began) - (b.swept ?? b.began));
      if (oldest) this.#networks.delete(oldest.name);
    }
    this.#networks.set(name, begun);
    this.#changed = true;
    return begun;
  }

  /** Notes that a sweep of the network has begun, or that all of it has been looked at. */
  note(name: string, what: Partial<Pick<NetworkRecord, 'swept' | 'complete'>>): void {
    const known = this.#networks.get(name);
    if (!known) return;
    this.#networks.set(name, { ...known, ...what });
    this.#changed = true;
  }

  /** Takes in one look at the tables. `nowMs` is of a clock that never jumps; `time` in seconds since 1970. */
  look(sightings: readonly Sighting[], at: { time: number; nowMs: number; presentForMs: number }): void {
    const byMac = Map.groupBy(sightings, ({ mac }) => mac);
    for (const [mac, ofDevice] of byMac) {
      const known = this.#known.get(mac);
      if (known) this.#again(known, { sightings: ofDevice, ...at });
      else this.#first(mac, { sightings: ofDevice, ...at });
    }
    for (const known of this.#known.values()) {
      const { device } = known;
      if (!byMac.has(device.mac)) known.addresses = new Set();
      if (device.present && at.nowMs - known.seenAtMs > at.presentForMs) {
        device.present = false;
        known.due = 'event';
        this.#changed = true;
      }
      if (device.present && Math.abs(at.time - device.told) >= daySeconds) known.due ??= 'routine';
    }
  }

  /** What is to be told now, urgent first, at most so many of each kind. */
  take(time: number, most: { events: number; routine: number }): { events: Device[]; routine: Device[] } {
    const taken = { events: [] as Device[], routine: [] as Device[] };
    for (const known of this.#known.values()) {
      if (known.due === undefined) continue;
      const kind = known.due === 'event' ? 'events' : 'routine';
      if (taken[kind].length >= most[kind]) continue;
      taken[kind].push(known.device);
      known.due = undefined;
      known.device.told = time;
      this.#changed = true;
    }
    return taken;
  }

  /** Of one network; new ones since this was last asked. */
  counts(network: string): { present: number; known: number; added: number } {
    let present = 0;
    let known = 0;
    for (const { device } of this.#known.values()) {
      if (device.network !== network) continue;
      known += 1;
      if (device.present) present += 1;
    }
    const added = this.#newByNetwork.get(network) ?? 0;
    this.#newByNetwork.delete(network);
    return { present, known, added };
  }

  /** Whether there is more to keep than that the same devices were seen again; false until the next change. */
  takeChanged(): boolean {
    const changed = this.#changed;
    this.#changed = false;
    return changed;
  }

  state(): RegisterState {
    return { networks: [...this.#networks.values()], devices: [...this.#known.values()].map(({ device }) => device) };
  }

  #first(mac: string, look: { sightings: readonly Sighting[]; time: number; nowMs: number }): void {
    const { sightings, time, nowMs } = look;
    const [{ network } = { network: '' }] = sightings;
    const record = this.network(network, time);
    if (this.#known.size >= maxDevices) this.#makeRoom();
    const device: Device = {
      mac,
      network,
      firstSeen: record.complete ? time : Math.min(record.began, time),
      lastSeen: time,
      present: true,
      told: 0,
    };
    chooseAddresses(device, sightings);
    const due = record.complete ? 'event' : 'routine';
    this.#known.set(mac, { device, seenAtMs: nowMs, addresses: addressesOf(sightings), due });
    if (record.complete) this.#newByNetwork.set(network, (this.#newByNetwork.get(network) ?? 0) + 1);
    this.#changed = true;
  }

  #again(known: Known, look: { sightings: readonly Sighting[]; time: number; nowMs: number }): void {
    const { device } = known;
    const { sightings, time, nowMs } = look;
    const seen = sightings.some(({ confirmed, address }) => confirmed || !known.addresses.has(address));
    known.addresses = addressesOf(sightings);
    if (!seen) return;
    known.seenAtMs = nowMs;
    device.lastSeen = time;
    const before = device.address;
    chooseAddresses(device, sightings);
    if (!device.present || (before !== undefined && before !== device.address)) {
      device.present = true;
      known.due = 'event';
      this.#changed = true;
    }
  }

  /** Lets go of a sixteenth, so that this is seldom: those seen for a short time first, of them the absent, then made-up MACs. */
  #makeRoom(): void {
    const lasting = ({ device }: Known) => device.lastSeen - device.firstSeen > daySeconds;
    const rank = (known: Known) =>
      4 * Number(lasting(known)) + 2 * Number(known.device.present) + Number(!isLocalMac(known.device.mac));
    const order = [...this.#known.values()].sort((a, b) => rank(a) - rank(b) || a.device.lastSeen - b.device.lastSeen);
    for (const { device } of order.slice(0, maxDevices / 16)) this.#known.delete(device.mac);
  }
}

/** Holds every address. */
const anyAddress: ReadonlySet<string> = Object.assign(new Set<string>(), { has: () => true });

function addressesOf(sightings: readonly Sighting[]): ReadonlySet<string> {
  return new Set(sightings.map(({ address }) => address));
}

/**
 * Keeps the addresses that still hold: a router that answers for a whole network must not seem to move. Of IPv6 the
 * global one, which tells more than the link's own.
 */
function chooseAddresses(device: Device, sightings: readonly Sighting[]): void {
  const four = sightings.filter(({ address }) => !address.includes(':'));
  const six = sightings.map(({ address }) => address).filter((address) => address.includes(':'));
  if (four.length > 0 && !four.some(({ address }) => address === device.address)) {
    const best = four.find(({ confirmed }) => confirmed) ?? four[0];
    device.address = best?.address;
    device.network = best?.network ?? device.network;
  }
  if (six.length > 0 && !six.includes(device.address6 ?? '')) {
    device.address6 = six.find((address) => !address.startsWith('fe80:')) ?? six[0];
  }
}
