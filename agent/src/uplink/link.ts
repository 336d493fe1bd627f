/** One connection to the collector: what was heard and sent on it, and how much the collector may send unasked. */
import { agentPath, type CollectorMessage, closeCodes, heartbeatMs, limits, subprotocol } from '@vonggac/shared';
import { WebSocket } from 'ws';
import type { Connection } from './connect.ts';
import { Delivery, type DeliveryOptions } from './delivery.ts';

export const greetingTimeoutMs = 15_000;
/** Slack, so that an agent with points every 10 s needs no pings. */
const beatAfterMs = heartbeatMs + 2_000;
const deadAfterMs = 60_000;
const ackWatchdogMs = 180_000;
/** A connection has proven good after this long with an ack. */
const stableAfterMs = 60_000;
/**
 * Bytes of messages that answer no batch of ours, at once and a second; reading them costs in proportion. A collector
 * sends its settings when they change, and a ping now and then.
 */
const unasked = { atOnce: 2 * limits.frame, perSecond: 5_000, perMessage: 1_000 } as const;
/** A collector that does not answer the close handshake is cut off after this long. */
const closeGraceMs = 3_000;

export class Link {
  readonly socket: WebSocket;
  readonly connection: Connection;
  readonly delivery: Delivery;
  /** Of the challenge; empty before it. */
  nonce = '';
  readonly #options: DeliveryOptions;
  /** These are by the monotonic clock. */
  readonly #openedAt: number;
  #lastHeard: number;
  #lastSent: number;
  #beatTimer: NodeJS.Timeout | undefined;
  /** Bytes that the collector may still send without being asked. */
  #allowance: number = unasked.atOnce;

  constructor(connection: Connection, options: DeliveryOptions) {
    this.connection = connection;
    this.#options = options;
    this.socket = new WebSocket(`wss://collector${agentPath}`, subprotocol, {
      createConnection: () => connection.tls,
      perMessageDeflate: false,
      maxPayload: limits.frame,
      handshakeTimeout: greetingTimeoutMs,
    });
    this.delivery = new Delivery({ ...options, send: (frame) => this.#sendFrame(frame) });
    this.#openedAt = options.monotonic();
    this.#lastHeard = this.#openedAt;
    this.#lastSent = this.#openedAt;
  }

  /** Open, and not left. */
  get isUp(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  get isStable(): boolean {
    return this.#options.monotonic() - this.#openedAt > stableAfterMs;
  }

  /** Nothing was heard for long, or a batch waits for its ack for long. */
  get isDead(): boolean {
    const now = this.#options.monotonic();
    const waitingSince = this.delivery.waitingSince ?? now;
    return now - this.#lastHeard > deadAfterMs || now - waitingSince > ackWatchdogMs;
  }

  send(message: object): void {
    this.#sendFrame(JSON.stringify(message));
  }

  get isQuiet(): boolean {
    return this.#options.monotonic() - this.#lastSent >= beatAfterMs;
  }

  /** From now on sends a sign of life whenever nothing else was sent for a while. */
  keepAlive(): void {
    if (this.isQuiet) this.#beat();
    this.#beatLater();
  }

  #beatLater(): void {
    clearTimeout(this.#beatTimer);
    const waitMs = this.#lastSent + beatAfterMs - this.#options.monotonic();
    this.#beatTimer = setTimeout(() => this.keepAlive(), waitMs);
  }

  /** Takes note of a frame; call it before anything else is done with it. */
  heard(): void {
    const now = this.#options.monotonic();
    const earned = ((now - this.#lastHeard) / 1_000) * unasked.perSecond;
    this.#allowance = Math.min(unasked.atOnce, this.#allowance + earned);
    this.#lastHeard = now;
  }

  /** Throws when the collector sends more than anything asked for. */
  account(message: CollectorMessage, bytes: number): void {
    const isAsked = message.type === 'ack' && this.delivery.isWaitingFor(message.seq);
    if (!isAsked) this.#allowance -= Math.max(bytes, unasked.perMessage);
    if (this.#allowance < 0) throw new Error('more messages than anything asked for');
  }

  /** The collector has sent what it must not; what follows is not looked at. */
  leave(): void {
    this.socket.close(closeCodes.invalidFrame.code);
    setTimeout(() => this.socket.terminate(), closeGraceMs).unref();
  }

  /** The connection is gone. */
  stop(): void {
    clearTimeout(this.#beatTimer);
    this.#beatTimer = undefined;
    this.connection.tls.destroy();
    this.connection.tcp.destroy();
    this.delivery.stop();
  }

  /** A sign of life that asks for one: a third of the bytes of the message `ping`. */
  #beat(): void {
    this.#lastSent = this.#options.monotonic();
    if (this.isUp) this.socket.ping();
  }

  #sendFrame(frame: string | Buffer): void {
    this.#lastSent = this.#options.monotonic();
    // Moved here and not when it fires: an agent with points every 10 s never wakes up for it.
    if (this.#beatTimer) this.#beatLater();
    this.socket.send(frame);
  }
}
