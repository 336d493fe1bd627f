/**
 * Who may come in: counts connections before anything is spent on them, TLS included.
 *
 * A connection is pending from TCP accept until its owner has proven who it is, and is cut when that takes too long,
 * wherever it stands: in the TLS handshake, in the HTTP request or before the hello. Refusing is one reset; an honest
 * agent comes back after its backoff. Those who are let in begin one after the other, see waiting-room.ts.
 */
import type { Socket } from 'node:net';
import type { Metrics } from '../metrics.ts';
import { addressKey } from './address-key.ts';
import type { GatewayLimits } from './limits.ts';
import { TokenBucket } from './token-bucket.ts';
import { WaitingRoom } from './waiting-room.ts';

interface Visits {
  open: number;
  pending: number;
  readonly handshakes: TokenBucket;
}

interface Visitor {
  readonly visits: Visits;
  /** Runs from the moment when it may begin. */
  deadline: NodeJS.Timeout | undefined;
  pending: boolean;
}

/** What the door needs to know of a socket; a TLS socket and the TCP socket below it give the same. */
export type Peer = Pick<Socket, 'remoteAddress' | 'remotePort'>;
type Arrival = Peer & Pick<Socket, 'on' | 'once' | 'off' | 'resetAndDestroy' | 'destroyed'>;

/** Addresses remembered at the same time. */
const maxAddresses = 50_000;
const sweepEveryMs = 10_000;

export class Door {
  readonly #limits: GatewayLimits;
  readonly #metrics: Metrics;
  readonly #monotonic: () => number;
  readonly #waitingRoom: WaitingRoom;
  readonly #byAddress = new Map<string, Visits>();
  readonly #visitors = new Map<string, Visitor>();
  #pending = 0;
  #sweptAt: number;

  constructor(limits: GatewayLimits, options: { metrics: Metrics; monotonic: () => number }) {
    this.#limits = limits;
    this.#metrics = options.metrics;
    this.#monotonic = options.monotonic;
    this.#waitingRoom = new WaitingRoom({ ...options, perSecond: limits.handshakes_per_second });
    this.#sweptAt = options.monotonic();
  }

  get open(): number {
    return this.#visitors.size;
  }

  get pending(): number {
    return this.#pending;
  }

  /** Of the pending ones, those that have not begun. */
  get waiting(): number {
    return this.#waitingRoom.size;
  }

  /** Addresses that are remembered. */
  get addresses(): number {
    return this.#byAddress.size;
  }

  /** Lets a connection in, has it begin when it is its turn, and watches it; or resets it. */
  admit(socket: Arrival, begin: () => void): void {
    const visits = this.#visitsOf(addressKey(socket.remoteAddress));
    const refusal = visits ? this.#refusal(visits) : 'addresses';
    if (!visits || refusal !== undefined) return this.#refuse(socket, refusal ?? 'addresses');
    const key = visitorKey(socket);
    const visitor: Visitor = { visits, deadline: undefined, pending: true };
    this.#visitors.set(key, visitor);
    visits.open += 1;
    visits.pending += 1;
    this.#pending += 1;
    // The peer's address cannot be asked any more when this comes.
    socket.once('close', () => this.#leave(key));
    // Until it begins nobody else listens, and a reset by the peer must not end the collector.
    socket.on('error', ignored);
    this.#waitingRoom.enter({
      isGone: () => socket.destroyed,
      turnAway: () => this.#refuse(socket, 'handshakes_per_second'),
      begin: () => {
        socket.off('error', ignored);
        visitor.deadline = setTimeout(
          () => this.#refuse(socket, 'authenticate_seconds'),
          2_000 * this.#limits.authenticate_seconds,
        ).unref();
        begin();
      },
    });
  }

  /** Nobody begins any more. */
  close(): void {
    this.#waitingRoom.close();
  }

  /** The peer of this connection has proven who it is. */
  authenticated(socket: Peer): void {
    const visitor = this.#visitors.get(visitorKey(socket));
    if (visitor) this.#settle(visitor);
  }

  /** Checks of the address come first, so that one address cannot use up what is there for all. */
  #refusal(visits: Visits): string | undefined {
    const limits = this.#limits;
    if (visits.open >= limits.connections_per_address) return 'connections_per_address';
    if (visits.pending >= limits.pending_per_address) return 'pending_per_address';
    if (!visits.handshakes.take()) return 'handshakes_per_second_per_address';
    if (this.#visitors.size >= limits.connections) return 'connections';
    if (this.#pending >= limits.pending) return 'pending';
    return undefined;
  }

  #refuse(socket: Arrival, reason: string): void {
    this.#metrics.portRefusals.inc({ reason });
    socket.resetAndDestroy();
  }

  #visitsOf(address: string): Visits | undefined {
    const known = this.#byAddress.get(address);
    if (known) return known;
    this.#sweep();
    if (this.#byAddress.size >= maxAddresses) return undefined;
    const perSecond = this.#limits.handshakes_per_second_per_address;
    const handshakes = new TokenBucket({ perSecond, burst: 4 * perSecond }, this.#monotonic);
    const visits = { open: 0, pending: 0, handshakes };
    this.#byAddress.set(address, visits);
    return visits;
  }

  /** Forgets addresses that have nothing open and nothing to answer for. */
  #sweep(): void {
    const now = this.#monotonic();
    if (now - this.#sweptAt < sweepEveryMs) return;
    this.#sweptAt = now;
    for (const [address, visits] of this.#byAddress) {
      if (visits.open === 0 && visits.handshakes.full) this.#byAddress.delete(address);
    }
  }

  #settle(visitor: Visitor): void {
    clearTimeout(visitor.deadline);
    if (!visitor.pending) return;
    visitor.pending = false;
    visitor.visits.pending -= 1;
    this.#pending -= 1;
  }

  #leave(key: string): void {
    const visitor = this.#visitors.get(key);
    if (!visitor) return;
    this.#visitors.delete(key);
    this.#settle(visitor);
    visitor.visits.open -= 1;
  }
}

function ignored(): void {
  // The close that follows is what counts.
}

function visitorKey({ remoteAddress, remotePort }: Peer): string {
  return `${remoteAddress} ${remotePort}`;
}
