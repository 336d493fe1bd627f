/**
 * The agent's side of the connection: keeps one open, delivers what the spool has, forgets what was acknowledged.
 *
 *   waiting -> connecting -> greeting -> open -> waiting …
 *
 * `#enter` is the only place that changes the state.
 */
import { sign } from 'node:crypto';
import type { Socket } from 'node:net';
import {
  type Ack,
  agentPath,
  Baselines,
  type Challenge,
  type Config,
  closeCodes,
  closeName,
  exporterLabel,
  exporterLength,
  type Goodbye,
  heartbeatMs,
  helloTranscript,
  limits,
  parseCollectorMessage,
  subprotocol,
} from '@vonggac/shared';
import { type RawData, WebSocket } from 'ws';
import type { Identity } from '../identity.ts';
import type { Logger } from '../log.ts';
import type { Spool } from '../spool/spool.ts';
import type { Backoff } from './backoff.ts';
import { batchFrame } from './batch-frame.ts';
import { type Connection, connectToCollector } from './connect.ts';

export type UplinkState = 'stopped' | 'waiting' | 'connecting' | 'greeting' | 'open';

export interface UplinkStatus {
  readonly state: UplinkState;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly address: string | undefined;
  readonly lastAck: number | undefined;
  /** Collector's clock minus this machine's in milliseconds. */
  readonly clockOffsetMs: number | undefined;
  /** Bytes written to the line since the start, TLS included. */
  readonly sentBytes: number;
  readonly problem: string | undefined;
}

interface Options {
  readonly identity: Identity;
  readonly spool: Spool;
  readonly backoff: Backoff;
  readonly logger: Logger;
  readonly now: () => number;
  /** A clock that never jumps, in milliseconds; for everything that waits. */
  readonly monotonic: () => number;
  readonly machine: {
    readonly hostname: string;
    readonly platform: string;
    readonly version: string;
    /** Milliseconds since 1970. */
    readonly started: number;
    readonly booted: number;
  };
  readonly onConfig: (config: Config) => void;
  /** Called after each change of the state. */
  readonly onState: () => void;
}

interface InFlight {
  readonly ids: readonly number[];
  /** By the monotonic clock. */
  readonly sentAt: number;
}

interface Link {
  readonly socket: WebSocket;
  readonly connection: Connection;
  readonly inFlight: Map<number, InFlight>;
  readonly baselines: Baselines;
  /** These are by the monotonic clock. */
  readonly openedAt: number;
  window: number;
  lastHeard: number;
  lastSent: number;
}

const greetingTimeoutMs = 15_000;
const watchEveryMs = 5_000;
/** Slack, so that an agent with points every 10 s needs no pings. */
const pingAfterMs = heartbeatMs + 2_000;
const deadAfterMs = 60_000;
const ackWatchdogMs = 180_000;
/** A connection has proven good after this long with an ack. */
const stableAfterMs = 60_000;
const pointsPerBatch = 1_000;

export class Uplink {
  readonly #options: Options;
  #state: UplinkState = 'stopped';
  #since: number;
  #link: Link | undefined;
  #timer: NodeJS.Timeout | undefined;
  #watch: NodeJS.Timeout | undefined;
  #nextAddress = 0;
  #nextSeq = 1;
  #pausedUntil = 0;
  #lastAck: number | undefined;
  #clockOffsetMs: number | undefined;
  #sentBefore = 0;
  #tcp: Socket | undefined;
  #problem: string | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#since = options.now();
  }

  start(): void {
    if (this.#state !== 'stopped') return;
    this.#watch = setInterval(() => this.#check(), watchEveryMs);
    void this.#connect();
  }

  /** Says goodbye, if anybody listens, and closes. */
  async stop(reason: Goodbye['reason']): Promise<void> {
    clearInterval(this.#watch);
    clearTimeout(this.#timer);
    const link = this.#link;
    this.#enter('stopped');
    if (!link || link.socket.readyState !== WebSocket.OPEN) return;
    const closed = new Promise<void>((resolve) => link.socket.once('close', () => resolve()));
    this.#send(link, JSON.stringify({ type: 'goodbye', reason } satisfies Goodbye));
    link.socket.close(closeCodes.normal.code);
    const deadline = setTimeout(() => link.socket.terminate(), 1_000);
    await closed;
    clearTimeout(deadline);
  }

  status(): UplinkStatus {
    return {
      state: this.#state,
      since: this.#since,
      address: this.#address,
      lastAck: this.#lastAck,
      clockOffsetMs: this.#clockOffsetMs,
      sentBytes: this.#sentBefore + (this.#tcp?.bytesWritten ?? 0),
      problem: this.#problem,
    };
  }

  /** Sends what the spool has, as far as the window allows. Call it after each append. */
  pump(): void {
    const link = this.#link;
    if (this.#state !== 'open' || !link) return;
    while (link.inFlight.size < link.window) {
      const backlog = this.#options.monotonic() >= this.#pausedUntil;
      const records = this.#options.spool.take({ maxPoints: pointsPerBatch, backlog });
      if (records.length === 0) return;
      const sent = this.#options.now();
      const seq = this.#nextSeq++;
      const frame = batchFrame(records, { seq, sent, baselines: link.baselines });
      link.inFlight.set(seq, { ids: records.map((record) => record.id), sentAt: this.#options.monotonic() });
      this.#send(link, frame);
    }
  }

  get #address(): string | undefined {
    const { addresses } = this.#options.identity;
    return addresses[this.#nextAddress % addresses.length];
  }

  async #connect(): Promise<void> {
    const address = this.#address;
    if (address === undefined) return;
    this.#enter('connecting');
    try {
      const connection = await connectToCollector(address, this.#options.identity.pins);
      if (this.#state !== 'connecting') {
        connection.tls.destroy();
        return;
      }
      this.#tcp = connection.tcp;
      this.#greet(connection);
    } catch (error) {
      if (this.#state === 'connecting') this.#retry((error as Error).message, 'soon');
    }
  }

  #greet(connection: Connection): void {
    const socket = new WebSocket(`wss://collector${agentPath}`, subprotocol, {
      createConnection: () => connection.tls,
      perMessageDeflate: false,
      maxPayload: limits.frame,
      handshakeTimeout: greetingTimeoutMs,
    });
    const now = this.#options.monotonic();
    const link: Link = {
      socket,
      connection,
      inFlight: new Map(),
      baselines: new Baselines(),
      openedAt: now,
      window: 1,
      lastHeard: now,
      lastSent: now,
    };
    this.#link = link;
    this.#enter('greeting');
    this.#timer = setTimeout(() => socket.terminate(), greetingTimeoutMs);
    let problem = 'the connection was closed';
    socket.on('message', (data, isBinary) => this.#receive(link, { data, isBinary }));
    socket.on('error', (error) => {
      problem = error.message;
    });
    socket.on('close', (code) => this.#closed(link, { code, problem }));
  }

  #closed(link: Link, how: { code: number; problem: string }): void {
    connectionDone(link.connection);
    this.#sentBefore += link.connection.tcp.bytesWritten;
    this.#tcp = undefined;
    this.#link = undefined;
    for (const { ids } of link.inFlight.values()) this.#options.spool.release(ids);
    if (this.#state === 'stopped') return;
    const name = closeName(how.code);
    const problem = name ? closeCodes[name].meaning : `${how.problem} (code ${how.code})`;
    this.#retry(problem, name ? closeCodes[name].retry : 'soon');
  }

  #retry(problem: string, pace: 'soon' | 'slow'): void {
    clearTimeout(this.#timer);
    const waitMs = this.#options.backoff.next(pace);
    this.#options.logger.warn('no connection to the collector, will try again', {
      address: this.#address,
      problem,
      waitMs,
    });
    this.#problem = problem;
    this.#nextAddress += 1;
    this.#enter('waiting');
    this.#timer = setTimeout(() => void this.#connect(), waitMs);
  }

  #receive(link: Link, frame: { data: RawData; isBinary: boolean }): void {
    link.lastHeard = this.#options.monotonic();
    try {
      if (frame.isBinary) throw new Error('binary frame');
      const message = parseCollectorMessage(String(frame.data));
      switch (message.type) {
        case 'challenge':
          return this.#hello(link, message);
        case 'welcome':
          return this.#welcome(link, message.window);
        case 'ack':
          return this.#acked(link, message);
        case 'config':
          return this.#options.onConfig(message);
        case 'ping':
          if (message.time !== undefined) this.#measureClock(message.sent, message.time);
          return;
        case 'goodbye':
          this.#options.logger.info('the collector says goodbye', { reason: message.reason });
          return;
      }
    } catch (error) {
      // Whatever the collector sends, the agent lives on and tries again later.
      this.#options.logger.warn('cannot use a message of the collector', { problem: (error as Error).message });
      link.socket.close(closeCodes.invalidFrame.code);
    }
  }

  #hello(link: Link, challenge: Challenge): void {
    if (this.#state !== 'greeting') throw new Error('a second challenge');
    const { identity, machine, now, spool } = this.#options;
    const exporter = link.connection.tls
      .exportKeyingMaterial(exporterLength, exporterLabel, Buffer.alloc(0))
      .toString('base64url');
    const transcript = helloTranscript({ agent: identity.agent, nonce: challenge.nonce, exporter });
    const hello = {
      type: 'hello',
      agent: identity.agent,
      epoch: spool.epoch,
      ...machine,
      time: now(),
      signature: sign(null, transcript, identity.privateKey).toString('base64url'),
    };
    // The challenge was on its way for an unknown part of the round trip; the next ping refines this.
    this.#clockOffsetMs ??= challenge.time - now();
    this.#send(link, JSON.stringify(hello));
  }

  #welcome(link: Link, window: number): void {
    if (this.#state !== 'greeting') throw new Error('an unexpected welcome');
    clearTimeout(this.#timer);
    link.window = window;
    this.#pausedUntil = 0;
    this.#problem = undefined;
    this.#enter('open');
    this.#options.logger.info('connected to the collector', { address: this.#address });
    this.#ping(link);
    this.pump();
  }

  #acked(link: Link, ack: Ack): void {
    const batch = link.inFlight.get(ack.seq);
    if (!batch) return;
    link.inFlight.delete(ack.seq);
    const now = this.#options.monotonic();
    if (ack.retry !== undefined) {
      this.#options.spool.release(batch.ids);
      this.#pausedUntil = now + ack.retry;
    } else {
      this.#options.spool.done(batch.ids);
      this.#lastAck = this.#options.now();
      if (now - link.openedAt > stableAfterMs) this.#options.backoff.reset();
      if (ack.refused !== undefined) {
        this.#options.logger.warn('the collector refused points', { points: ack.refused });
      }
    }
    this.pump();
  }

  /** Half the round trip, as in SNTP (RFC 4330 section 5); one-sided delays make it wrong by at most that half. */
  #measureClock(sent: number, collectorTime: number): void {
    const now = this.#options.now();
    this.#clockOffsetMs = Math.round(collectorTime - (sent + now) / 2);
  }

  #ping(link: Link): void {
    this.#send(link, JSON.stringify({ type: 'ping', sent: this.#options.now() }));
  }

  #check(): void {
    const link = this.#link;
    if (this.#state !== 'open' || !link) return;
    const now = this.#options.monotonic();
    const oldest = link.inFlight.values().next().value;
    if (now - link.lastHeard > deadAfterMs || (oldest && now - oldest.sentAt > ackWatchdogMs)) {
      this.#options.logger.warn('the connection is open but nothing is acknowledged, connecting anew');
      link.socket.terminate();
    } else if (now - link.lastSent > pingAfterMs) this.#ping(link);
    this.pump();
  }

  #send(link: Link, frame: string | Buffer): void {
    link.lastSent = this.#options.monotonic();
    link.socket.send(frame);
  }

  #enter(state: UplinkState): void {
    this.#state = state;
    this.#since = this.#options.now();
    this.#options.onState();
  }
}

function connectionDone(connection: Connection): void {
  connection.tls.destroy();
  connection.tcp.destroy();
}
