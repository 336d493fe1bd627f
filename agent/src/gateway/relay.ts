/**
 * The relay: a port on the LAN that passes bytes to the collector of this agent and nowhere else, for machines that
 * cannot reach it themselves. TLS and its exporter stay end to end, so it can neither read nor alter anything; that the
 * first bytes look like TLS keeps out what strays in. It keeps nothing: every agent has its own spool.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { catalogue, point } from '@vonggac/shared';
import type { Logger } from '../log.ts';
import type { Probe } from '../probes/probe.ts';
import type { Refusal, RelayDoor } from './relay-door.ts';
import type { RelaySettings } from './relay-settings.ts';

/**
 * Until the first bytes of a TLS handshake are there, and for a connection to one address of the collector; an agent
 * waits 20 s in all.
 */
const patience = { firstBytesMs: 10_000, connectMs: 8_000 };
const listenAgainMs = 60_000;
/** A record of TLS begins with its type, 22 for the handshake, and 3 as its major version (RFC 8446 section 5.1). */
const tlsHandshake = Buffer.from([22, 3]);

interface Options {
  readonly settings: RelaySettings;
  readonly door: RelayDoor;
  /** `host:port` of the collector, in the order to try. */
  readonly addresses: readonly string[];
  readonly logger: Logger;
  readonly patience?: Readonly<typeof patience>;
}

interface Passage {
  readonly client: Socket;
  upstream: Socket | undefined;
}

export class Relay {
  readonly probe: Probe;
  readonly #options: Options;
  readonly #passages = new Set<Passage>();
  readonly #counts = { accepted: 0, refused: 0, failed: 0, up: 0, down: 0 };
  /** Refusals that the log has told of. */
  readonly #told = new Set<Refusal>();
  #server: Server | undefined;
  #again: NodeJS.Timeout | undefined;
  /** Which address of the collector worked last. */
  #working = 0;
  #stopped = false;

  constructor(options: Options) {
    this.#options = options;
    this.probe = {
      name: 'relay',
      cadence: catalogue.relay.cadence,
      atStart: false,
      timeoutMs: 5_000,
      collect: async ({ time }) => ({
        status: 'measured',
        points: [point('relay', { time, tags: {}, fields: this.#fields() })],
      }),
    };
  }

  /** The port that is listened on; undefined while there is none. */
  get port(): number | undefined {
    const address = this.#server?.address();
    return typeof address === 'object' ? address?.port : undefined;
  }

  /** Never throws: the agent measures on without the port, which is tried for again. */
  start(): void {
    const { host, port } = hostAndPort(this.#options.settings.listen);
    const server = createServer({ noDelay: true, pauseOnConnect: true }, (client) => this.#accept(client));
    server.on('error', (error) => {
      this.#options.logger.error('the port of the relay cannot be used, will try again', { problem: error.message });
      server.close();
      if (!this.#stopped) this.#again = setTimeout(() => this.start(), listenAgainMs).unref();
    });
    server.on('listening', () => this.#options.logger.info('the relay listens', { host, port: this.port }));
    this.#server = server;
    // Without a host Node takes all addresses, and those of IPv4 alone where the kernel has no IPv6.
    server.listen(host === '::' ? { port } : { host, port });
  }

  /** Takes no more connections and ends those that are open. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#again);
    const server = this.#server;
    this.#server = undefined;
    for (const { client, upstream } of this.#passages) {
      client.destroy();
      upstream?.destroy();
    }
    if (server?.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  #accept(client: Socket): void {
    const address = plainAddress(client.remoteAddress);
    client.on('error', () => client.destroy());
    const refusal = this.#options.door.enter(address);
    if (refusal !== undefined) return this.#refuse(client, { refusal, address });
    this.#counts.accepted += 1;
    const passage: Passage = { client, upstream: undefined };
    this.#passages.add(passage);
    client.once('close', () => {
      this.#options.door.leave(address);
      this.#passages.delete(passage);
      const { up, down } = bytesOf(passage);
      this.#counts.up += up;
      this.#counts.down += down;
      passage.upstream?.destroySoon();
    });
    void this.#pass(passage);
  }

  #refuse(client: Socket, why: { refusal: Refusal; address: string }): void {
    this.#counts.refused += 1;
    client.resetAndDestroy();
    if (this.#told.has(why.refusal)) return;
    this.#told.add(why.refusal);
    this.#options.logger.warn('the relay has refused a connection; further ones are only counted', why);
  }

  async #pass(passage: Passage): Promise<void> {
    const { client } = passage;
    const first = await firstBytes(client, this.#patience.firstBytesMs);
    if (!first) {
      this.#counts.refused += 1;
      client.resetAndDestroy();
      return;
    }
    const upstream = await this.#reachCollector(client);
    if (!upstream) {
      if (!client.destroyed && !this.#stopped) this.#counts.failed += 1;
      client.destroy();
      return;
    }
    passage.upstream = upstream;
    for (const socket of [client, upstream]) {
      socket.setTimeout(1_000 * this.#options.settings.idle_seconds, () => socket.destroy());
    }
    upstream.once('close', () => client.destroySoon());
    upstream.write(first);
    // Pausing whom the other end cannot follow is part of a pipe: no more than its buffers wait here.
    client.pipe(upstream);
    upstream.pipe(client);
  }

  /** Tries the addresses from the one that worked last; undefined when none answers or the client has left. */
  async #reachCollector(client: Socket): Promise<Socket | undefined> {
    const { addresses } = this.#options;
    for (let tried = 0; tried < addresses.length; tried += 1) {
      const index = (this.#working + tried) % addresses.length;
      const socket = await open(addresses[index] ?? '', this.#patience.connectMs);
      if (client.destroyed || this.#stopped) {
        socket?.destroy();
        return undefined;
      }
      if (!socket) continue;
      this.#working = index;
      return socket;
    }
    return undefined;
  }

  get #patience(): Readonly<typeof patience> {
    return this.#options.patience ?? patience;
  }

  #fields() {
    let up_bytes = this.#counts.up;
    let down_bytes = this.#counts.down;
    for (const passage of this.#passages) {
      const { up, down } = bytesOf(passage);
      up_bytes += up;
      down_bytes += down;
    }
    const { accepted, refused, failed } = this.#counts;
    return { connections: this.#passages.size, accepted, refused, failed, up_bytes, down_bytes };
  }
}

/** What was passed; bytes that led to no connection were not. */
function bytesOf({ client, upstream }: Passage): { up: number; down: number } {
  return upstream ? { up: client.bytesRead, down: upstream.bytesRead } : { up: 0, down: 0 };
}

/** The first bytes when they begin a TLS handshake; undefined when they do not or do not come in time. */
function firstBytes(client: Socket, withinMs: number): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    const settle = (result: Buffer | undefined) => {
      clearTimeout(timer);
      client.off('data', take);
      client.off('close', leave);
      client.off('end', leave);
      client.pause();
      resolve(result);
    };
    const take = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      const known = Math.min(bytes.length, tlsHandshake.length);
      if (!bytes.subarray(0, known).equals(tlsHandshake.subarray(0, known))) settle(undefined);
      else if (known === tlsHandshake.length) settle(bytes);
    };
    const leave = () => settle(undefined);
    const timer = setTimeout(leave, withinMs);
    client.on('data', take);
    client.once('close', leave);
    client.once('end', leave);
    client.resume();
  });
}

/** A connection whose errors end it and nothing else; undefined when there is none in time. */
function open(address: string, withinMs: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ ...hostAndPort(address), noDelay: true });
    const fail = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(undefined);
    };
    const timer = setTimeout(fail, withinMs);
    socket.on('error', fail);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}

function hostAndPort(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1)) };
}

/** IPv4 also when it is mapped into IPv6; without a zone. */
function plainAddress(remoteAddress: string | undefined): string {
  const address = remoteAddress?.split('%')[0] ?? '';
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}
