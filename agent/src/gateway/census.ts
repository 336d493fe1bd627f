/**
 * The LAN census: who is on the networks that the gateway is on itself. Once a minute a look at the kernel's table,
 * which costs nothing; every few minutes a program for who has answered lately, IPv6 too; once in a while a gentle sweep.
 */
import { join } from 'node:path';
import { type ConnectivitySettings, type Point, point } from '@vonggac/shared';
import type { Logger } from '../log.ts';
import type { Probe, ProbeResult } from '../probes/probe.ts';
import { holdsIpv4, type Interfaces, type OwnNetwork, ownNetworks } from '../system/own-networks.ts';
import { ProcFile } from '../system/proc-file.ts';
import { CommandError, type RunCommand } from '../system/run-command.ts';
import { carrierLines, type Outlook } from './carrier-lines.ts';
import type { DeviceFile } from './device-file.ts';
import { type Device, DeviceRegister, type NetworkRecord, type Sighting } from './device-register.ts';
import { type Neighbour, parseArp, parseIpNeighbours } from './neighbours-linux.ts';
import { Sweep, sweptBytes, whyNotSwept } from './sweep.ts';

const ipPrograms = ['/usr/sbin/ip', '/sbin/ip'];
const timeoutMs = 3_000;
const reportEveryMs = 5 * 60_000;
const defaultSweepMinutes = 60;
/** Above the time between sweeps: one may take 4 minutes for each of some networks. */
const graceMs = 15 * 60_000;
/** A network that is not swept has been looked at for the first time after this long. */
const firstLookSeconds = 15 * 60;
/** That the same devices were seen again is worth a write this often. */
const writeEveryMs = 60 * 60_000;
/** Of what there is to tell of devices one look tells so many: each is some 60 bytes of the line. */
const toldAtOnce = { events: 20, routine: 50 };
const networksAtMost = 8;

interface Options {
  readonly file: DeviceFile;
  readonly outlook: () => Outlook;
  readonly interfaces: () => Interfaces;
  readonly runCommand: RunCommand;
  /** Sends an empty datagram to the discard port of an address. */
  readonly touch: (address: string) => void;
  readonly settings: () => ConnectivitySettings | undefined;
  readonly onEvents: (points: readonly Point[]) => void;
  readonly logger: Logger;
  readonly monotonic: () => number;
  readonly random: () => number;
  /** The folder that holds `proc`. */
  readonly root: string;
}

export class Census {
  readonly probe: Probe;
  readonly #options: Options;
  readonly #arp: ProcFile;
  readonly #register: DeviceRegister;
  readonly #sweep: Sweep;
  /** Addresses swept since the last report, by network. */
  readonly #swept = new Map<string, { addresses: number; answered: number }>();
  /** When this process began the last sweep of a network, by the clock that never jumps. */
  readonly #sweptAtMs = new Map<string, number>();
  /** Why a network is not swept, as the log knows it. */
  readonly #reasons = new Map<string, string>();
  #ipProgram = 0;
  #reportedAtMs: number | undefined;
  #writtenAtMs: number;

  constructor(options: Options) {
    this.#options = options;
    const { monotonic, touch, random } = options;
    this.#arp = new ProcFile(join(options.root, 'proc/net/arp'));
    this.#register = new DeviceRegister(options.file.read(), { nowMs: monotonic() });
    this.#sweep = new Sweep({ touch, monotonic, random });
    this.#writtenAtMs = monotonic();
    this.probe = {
      name: 'lan_census',
      cadence: '0 * * * * *',
      atStart: true,
      timeoutMs: 5_000,
      collect: ({ time }, signal) => this.#collect(time, signal),
    };
  }

  /** Gives up a sweep that is under way and keeps what is known. */
  stop(): void {
    this.#sweep.stop();
    this.#options.file.write(this.#register.state());
  }

  async #collect(time: number, signal: AbortSignal): Promise<ProbeResult> {
    const nowMs = this.#options.monotonic();
    const seconds = Math.floor(time / 1_000);
    const all = ownNetworks(this.#options.interfaces());
    const carriers = carrierLines(all, this.#options.outlook());
    const own = all.filter((network) => !carriers.has(network.interface));
    const networks = countedNetworks(own);
    const isReportDue = this.#reportedAtMs === undefined || nowMs - this.#reportedAtMs >= reportEveryMs;
    const { recent, problem } = isReportDue ? await this.#recentNeighbours(signal) : { recent: [] };
    const table = parseArp(this.#arp.read());
    const settled = this.#settled({ networks, table });
    const ownMacs = new Set(own.map(({ mac }) => mac));
    const seen = [
      ...recent.map((neighbour) => ({ ...neighbour, confirmed: true })),
      ...table.map((neighbour) => ({ ...neighbour, confirmed: settled.has(neighbour.address) })),
    ];
    const sightings = seen.flatMap(({ mac, address, confirmed, interface: on }): Sighting[] => {
      const network = networkOf({ address, interface: on }, { own, networks });
      return network === undefined || ownMacs.has(mac) ? [] : [{ mac, address, network, confirmed }];
    });
    const presentForMs = this.#sweepMinutes * 60_000 + graceMs;
    this.#register.look(sightings, { time: seconds, nowMs, presentForMs });
    this.#sweepWhatIsDue(networks, { nowMs, seconds });
    const { events, routine } = this.#register.take(seconds, toldAtOnce);
    this.#keep(nowMs);
    const reports = isReportDue ? networks.map(({ name }) => this.#report(name, time)) : [];
    if (isReportDue) this.#reportedAtMs = nowMs;
    if (events.length > 0) this.#options.onEvents(events.map((device) => devicePoint(device, time)));
    return {
      status: 'measured',
      points: [...reports, ...routine.map((device) => devicePoint(device, time))],
      ...(problem !== undefined && { incomplete: problem }),
    };
  }

  get #sweepMinutes(): number {
    return this.#options.settings()?.sweep_minutes ?? defaultSweepMinutes;
  }

  /** Who has answered within the last seconds; nobody where there is no such program. */
  async #recentNeighbours(signal: AbortSignal): Promise<{ recent: Neighbour[]; problem?: string }> {
    for (let program = ipPrograms[this.#ipProgram]; program !== undefined; program = ipPrograms[this.#ipProgram]) {
      try {
        const { stdout } = await this.#options.runCommand(program, ['neighbour', 'show'], { timeoutMs, signal });
        return { recent: parseIpNeighbours(stdout) };
      } catch (error) {
        const isMissing = error instanceof CommandError && error.failure === 'not-found';
        if (!isMissing) return { recent: [], problem: (error as Error).message };
        this.#ipProgram += 1;
      }
    }
    return { recent: [] };
  }

  /** Addresses that the sweep has been to and of which the kernel knows whether anybody answers. */
  #settled(look: { networks: readonly OwnNetwork[]; table: readonly Neighbour[] }): ReadonlySet<string> {
    const answering = new Set(look.table.map(({ address }) => address));
    this.#sweep.keepOnly(new Set(look.networks.map(({ name }) => name)));
    const settled = this.#sweep.takeSettled();
    for (const { address, network } of settled) {
      const count = this.#swept.get(network) ?? { addresses: 0, answered: 0 };
      count.addresses += 1;
      if (answering.has(address)) count.answered += 1;
      this.#swept.set(network, count);
    }
    return new Set(settled.map(({ address }) => address));
  }

  #sweepWhatIsDue(networks: readonly OwnNetwork[], now: { nowMs: number; seconds: number }): void {
    for (const network of networks) {
      const { name } = network;
      const record = this.#register.network(name, now.seconds);
      const reason = this.#sweepMinutes === 0 ? 'switched off' : whyNotSwept(network);
      this.#explain(network, reason);
      if (reason === undefined && this.#sweep.isUnderWay(name)) continue;
      if (reason === undefined && this.#isDue(record, now)) {
        this.#sweptAtMs.set(name, now.nowMs);
        this.#register.note(name, { swept: now.seconds });
        this.#sweep.start(network);
        continue;
      }
      const isLookedThrough = reason === undefined || now.seconds - record.began >= firstLookSeconds;
      if (isLookedThrough && !record.complete) this.#register.note(name, { complete: true });
    }
  }

  /** A first sweep that a stop has cut off is made anew. */
  #isDue(record: NetworkRecord, { nowMs, seconds }: { nowMs: number; seconds: number }): boolean {
    const betweenMs = this.#sweepMinutes * 60_000;
    const here = this.#sweptAtMs.get(record.name);
    if (here !== undefined) return nowMs - here >= betweenMs;
    if (!record.complete || record.swept === undefined) return true;
    // The clock may have been set since.
    return Math.abs(seconds - record.swept) * 1_000 >= betweenMs;
  }

  #explain({ name, interface: on }: OwnNetwork, reason: string | undefined): void {
    if (this.#reasons.get(name) === reason) return;
    if (reason === undefined) this.#reasons.delete(name);
    else {
      this.#reasons.set(name, reason);
      this.#options.logger.info('a network is not swept', { network: name, interface: on, reason });
    }
  }

  #report(network: string, time: number): Point {
    const { present, known, added } = this.#register.counts(network);
    const swept = this.#swept.get(network) ?? { addresses: 0, answered: 0 };
    this.#swept.delete(network);
    return point('lan_census', {
      time,
      tags: { network },
      fields: {
        present_devices: present,
        known_devices: known,
        new_devices: added,
        swept_addresses: swept.addresses,
        sent_bytes: sweptBytes(swept),
      },
    });
  }

  #keep(nowMs: number): void {
    if (!this.#register.takeChanged() && nowMs - this.#writtenAtMs < writeEveryMs) return;
    this.#writtenAtMs = nowMs;
    this.#options.file.write(this.#register.state());
  }
}

function devicePoint(device: Device, time: number): Point {
  return point('lan_device', {
    time,
    tags: { mac: device.mac },
    fields: {
      address: device.address,
      address6: device.address6,
      network: device.network,
      present: device.present,
      first_seen_seconds: device.firstSeen,
      last_seen_seconds: device.lastSeen,
    },
  });
}

/**
 * The networks that devices are counted by: all of IPv4, and one of IPv6 on an interface that has no other. Two
 * interfaces on the same network are one network; the first is swept from.
 */
function countedNetworks(own: readonly OwnNetwork[]): OwnNetwork[] {
  const counted = new Map<string, OwnNetwork>();
  for (const network of own.toSorted((a, b) => a.family - b.family)) {
    const hasOther = own.some((other) => other.interface === network.interface && other.family === 4);
    if (network.family === 6 && (hasOther || [...counted.values()].some((n) => n.interface === network.interface))) {
      continue;
    }
    if (!counted.has(network.name)) counted.set(network.name, network);
  }
  return [...counted.values()].slice(0, networksAtMost);
}

/** The network of that interface which holds the address; for an IPv6 address the first one there. */
function networkOf(
  neighbour: { readonly address: string; readonly interface: string },
  { own, networks }: { own: readonly OwnNetwork[]; networks: readonly OwnNetwork[] },
): string | undefined {
  const there = own.filter((network) => network.interface === neighbour.interface);
  const names = new Set(networks.map(({ name }) => name));
  const counted = there.filter(({ name }) => names.has(name));
  return (counted.find((network) => holdsIpv4(network, neighbour.address)) ?? counted[0])?.name;
}
