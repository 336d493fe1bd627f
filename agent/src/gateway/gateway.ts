/** What an agent of class `gateway` does beside its probes: watches its lines, counts its LAN, passes others on. */
import { createSocket, type Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import type { ConnectivitySettings, Point } from '@vonggac/shared';
import type { AgentConfig } from '../config.ts';
import type { Identity } from '../identity.ts';
import type { Logger } from '../log.ts';
import type { Outside } from '../probes/connectivity/check-run.ts';
import type { Probe } from '../probes/probe.ts';
import { offsetOf } from '../scheduler/scheduler.ts';
import { DefaultRoutes } from '../system/default-routes-linux.ts';
import { WaysOut } from './carrier-lines.ts';
import { Census } from './census.ts';
import { DeviceFile } from './device-file.ts';
import { Links } from './links.ts';
import { Relay } from './relay.ts';
import { RelayDoor } from './relay-door.ts';

const discardPort = 9;

export interface GatewayOptions {
  readonly config: Pick<AgentConfig, 'folder' | 'relay'>;
  /** Its addresses are those of the collector itself. */
  readonly identity: Pick<Identity, 'agent' | 'addresses'>;
  readonly outside: Outside;
  readonly settings: () => ConnectivitySettings | undefined;
  /** This machine's end of the session with the collector. */
  readonly sessionAddress: () => string | undefined;
  readonly onEvents: (points: readonly Point[]) => void;
  readonly logger: Logger;
  readonly random: () => number;
}

/** A part with a life of its own. */
interface Part {
  readonly probe: Probe;
  start?(): void;
  stop?(): void | Promise<void>;
}

export class Gateway {
  readonly #parts: readonly Part[];
  readonly #discard = new Discard();

  constructor(options: GatewayOptions) {
    const { config, identity, outside, settings, sessionAddress, onEvents, logger, random } = options;
    const { monotonic, platform, runCommand } = outside;
    const routes = new DefaultRoutes('/');
    const waysOut = new WaysOut(routes);
    const outlook = () => waysOut.look(settings()?.links ?? []);
    const shared = { interfaces: networkInterfaces, settings, onEvents, logger, root: '/' };
    const parts: Part[] = [];
    if (platform === 'linux') {
      const touch = (address: string) => this.#discard.send(address);
      const file = new DeviceFile(config.folder, logger);
      parts.push(new Links({ ...shared, routes, outside, sessionAddress, minute: minuteOf(identity.agent) }));
      parts.push(new Census({ ...shared, outlook, file, runCommand, touch, monotonic, random }));
    } else {
      parts.push(notHere('link'), notHere('lan_census'));
    }
    if (config.relay) {
      const door = new RelayDoor({
        settings: config.relay,
        interfaces: networkInterfaces,
        outlook: platform === 'linux' ? outlook : () => undefined,
        monotonic,
      });
      parts.push(new Relay({ settings: config.relay, door, addresses: identity.addresses, logger }));
    }
    this.#parts = parts;
  }

  get probes(): readonly Probe[] {
    return this.#parts.map(({ probe }) => probe);
  }

  start(): void {
    for (const part of this.#parts) part.start?.();
  }

  async stop(): Promise<void> {
    for (const part of this.#parts) await part.stop?.();
    this.#discard.stop();
  }
}

/** Spreads the samples of a province over the hour; an agent keeps its minute for ever. */
function minuteOf(agent: string): number {
  return Math.floor((60 * offsetOf(agent)) / 10_000);
}

function notHere(name: string): Part {
  const reason = 'routes and neighbours are read on Linux only';
  const collect = async () => ({ status: 'not-here', reason }) as const;
  return { probe: { name, cadence: '0 0 * * * *', atStart: true, timeoutMs: 5_000, collect } };
}

/** Sends empty datagrams that no router passes on. */
class Discard {
  #socket: Socket | undefined;

  send(address: string): void {
    this.#socket ??= this.#open();
    // Whether it arrives does not matter, only that the kernel has asked who is there.
    this.#socket.send(Buffer.alloc(0), discardPort, address, () => undefined);
  }

  stop(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }

  #open(): Socket {
    const socket = createSocket('udp4').unref();
    socket.on('error', () => this.stop());
    socket.bind(() => socket.setTTL(1));
    return socket;
  }
}
