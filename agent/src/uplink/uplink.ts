/**
 * The agent's side of the connection: keeps one open, delivers what the spool has, forgets what was acknowledged.
 *
 *   waiting -> connecting -> greeting -> open -> waiting …
 *
 * `#enter` is the only place that changes the state.
 */
import { uptime } from 'node:os';
import {
  type Ack,
  type Challenge,
  type CloseName,
  type Config,
  closeCodes,
  closeName,
  type Goodbye,
  type Ping,
  parseCollectorMessage,
  type Rekeyed,
} from '@vonggac/shared';
import type { RawData } from 'ws';
import type { AgentKeys } from '../agent-keys.ts';
import type { Identity } from '../identity.ts';
import type { Logger } from '../log.ts';
import type { Spool } from '../spool/spool.ts';
import { CollectorAddresses, type Way } from './addresses.ts';
import type { Backoff } from './backoff.ts';
import type { ClockFile } from './clock-file.ts';
import { CollectorClock } from './collector-clock.ts';
import { type Connection, connectToCollector } from './connect.ts';
import type { LineMeter } from './line-meter.ts';
import { greetingTimeoutMs, Link } from './link.ts';
import { signHello, signRekey } from './proofs.ts';
import type { Pace } from './spending.ts';
import type { TokenBucket } from './token-bucket.ts';

export type UplinkState = 'stopped' | 'waiting' | 'connecting' | 'greeting' | 'open';

export interface UplinkStatus {
  readonly state: UplinkState;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly address: string | undefined;
  readonly way: Way['kind'] | undefined;
  /** This machine's end of the session; undefined while none is open. */
  readonly localAddress: string | undefined;
  readonly lastAck: number | undefined;
  /** How long nothing was heard of the collector; undefined before it ever was. */
  readonly silentMs: number | undefined;
  /** Collector's clock minus this machine's in milliseconds. */
  readonly clockOffsetMs: number | undefined;
  /** What this machine's clock was set by since the start, as long as the offset is unknown. */
  readonly clockSetByMs: number;
  /** Bytes of the line since the start, TLS included. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly problem: string | undefined;
  /** Why the collector has closed the last connection, when it said so. */
  readonly closedAs: CloseName | undefined;
}

interface Options {
  readonly identity: Omit<Identity, 'privateKey'>;
  /** Relays that the collector has told of, `host:port`. */
  readonly relays?: () => readonly string[];
  readonly keys: AgentKeys;
  /** Without one nothing of the clock outlives the process. */
  readonly clockFile?: ClockFile;
  readonly spool: Pick<Spool, 'epoch' | 'clockKnown' | 'take' | 'done' | 'release'>;
  readonly meter: LineMeter;
  /** What the day's budget of bytes allows now. */
  readonly pace: () => Pace;
  readonly historyShare: TokenBucket;
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
    readonly hardware?: string[];
    readonly addresses?: string[];
  };
  readonly onConfig: (config: Config) => void;
  /** Called after each change of the state. */
  readonly onState: () => void;
}

/** A little longer than from one call of `check` to the next, as an agent makes them. */
const watchEveryMs = 3_500;
/** How long a session goes by a relay before the direct way is tried again. */
const relayForMs = 3_600_000;

export class Uplink {
  readonly #options: Options;
  #state: UplinkState = 'stopped';
  #since: number;
  #link: Link | undefined;
  #timer: NodeJS.Timeout | undefined;
  #watch: NodeJS.Timeout | undefined;
  readonly #addresses: CollectorAddresses;
  /** When the direct way was tried last, or the session began, by the monotonic clock. */
  #triedDirectly = 0;
  #lastAck: number | undefined;
  /** By the monotonic clock. */
  #heardAt: number | undefined;
  readonly #clock: CollectorClock;
  #problem: string | undefined;
  #closedAs: CloseName | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#since = options.now();
    this.#clock = new CollectorClock({ ...options, uptime: () => uptime() * 1_000, file: options.clockFile });
    const { addresses: direct, via } = options.identity;
    this.#addresses = new CollectorAddresses({ direct, via, relays: options.relays ?? (() => []) });
  }

  start(): void {
    if (this.#state !== 'stopped') return;
    this.#watchOn();
    void this.#connect();
  }

  /** Says goodbye, if anybody listens, and closes. */
  async stop(reason: Goodbye['reason']): Promise<void> {
    clearTimeout(this.#watch);
    clearTimeout(this.#timer);
    const link = this.#link;
    this.#enter('stopped');
    if (!link?.isUp) return;
    const closed = new Promise<void>((resolve) => link.socket.once('close', () => resolve()));
    link.send({ type: 'goodbye', reason } satisfies Goodbye);
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
      way: this.#addresses.current?.kind,
      localAddress: this.#state === 'open' ? this.#link?.connection.tcp.localAddress : undefined,
      lastAck: this.#lastAck,
      silentMs: this.#heardAt === undefined ? undefined : this.#options.monotonic() - this.#heardAt,
      clockOffsetMs: this.#clock.offsetMs,
      clockSetByMs: this.#clock.setByMs,
      sentBytes: this.#options.meter.sent,
      receivedBytes: this.#options.meter.received,
      problem: this.#problem,
      closedAs: this.#closedAs,
    };
  }

  /** Sends what the spool has, as far as the window allows. Call it after each append. */
  pump(): void {
    if (this.#state === 'open') this.#link?.delivery.pump();
  }

  #heard(link: Link): void {
    link.heard();
    this.#heardAt = this.#options.monotonic();
  }

  get #address(): string | undefined {
    return this.#addresses.current?.address;
  }

  async #connect(): Promise<void> {
    const address = this.#address;
    if (address === undefined) return;
    this.#enter('connecting');
    try {
      const connection = await this.#open(address);
      if (this.#state !== 'connecting') {
        connection.tls.destroy();
        return;
      }
      this.#greet(connection);
    } catch (error) {
      if (this.#state === 'connecting') this.#retry((error as Error).message, { pace: 'soon', wasGood: false });
    }
  }

  #open(address: string): Promise<Connection> {
    const { identity, meter } = this.#options;
    return connectToCollector(address, { pins: identity.pins, meter });
  }

  #greet(connection: Connection): void {
    const link = new Link(connection, this.#options);
    const { socket } = link;
    this.#link = link;
    this.#enter('greeting');
    this.#timer = setTimeout(() => socket.terminate(), greetingTimeoutMs);
    let problem = 'the connection was closed';
    socket.on('message', (data, isBinary) => this.#receive(link, { data, isBinary }));
    socket.on('pong', () => this.#heard(link));
    socket.on('error', (error) => {
      problem = error.message;
    });
    socket.on('close', (code) => this.#closed(link, { code, problem }));
  }

  #closed(link: Link, how: { code: number; problem: string }): void {
    link.stop();
    this.#link = undefined;
    if (this.#state === 'stopped') return;
    const name = closeName(how.code);
    const problem = name ? closeCodes[name].meaning : `${how.problem} (code ${how.code})`;
    this.#closedAs = name;
    const hasOtherKey = name === 'badSignature' && this.#options.keys.refused();
    const pace = name && !hasOtherKey ? closeCodes[name].retry : 'soon';
    this.#retry(problem, { pace, wasGood: this.#state === 'open' && link.isStable });
  }

  #retry(problem: string, { pace, wasGood }: { pace: 'soon' | 'slow'; wasGood: boolean }): void {
    clearTimeout(this.#timer);
    const waitMs = this.#options.backoff.next(pace);
    this.#options.logger.warn('no connection to the collector, will try again', {
      address: this.#address,
      problem,
      waitMs,
    });
    this.#problem = problem;
    if (wasGood) this.#addresses.ended();
    else this.#addresses.failed();
    this.#enter('waiting');
    this.#timer = setTimeout(() => void this.#connect(), waitMs);
  }

  #receive(link: Link, frame: { data: RawData; isBinary: boolean }): void {
    // What arrives behind a message that was refused is not looked at.
    if (!link.isUp) return;
    this.#heard(link);
    try {
      if (frame.isBinary) throw new Error('binary frame');
      const text = String(frame.data);
      const message = parseCollectorMessage(text);
      link.account(message, text.length);
      switch (message.type) {
        case 'challenge':
          return this.#hello(link, message);
        case 'welcome':
          return this.#welcome(link, message.window);
        case 'ack':
          return this.#acked(link, message);
        case 'config':
          return this.#configured(link, message);
        case 'rekeyed':
          return this.#rekeyed(link, message.publicKey);
        case 'ping':
          return this.#answered(message);
        case 'goodbye':
          this.#options.logger.info('the collector says goodbye', { reason: message.reason });
          return;
      }
    } catch (error) {
      // Whatever the collector sends, the agent lives on and tries again later.
      this.#options.logger.warn('cannot use a message of the collector', { problem: (error as Error).message });
      link.leave();
    }
  }

  #hello(link: Link, challenge: Challenge): void {
    if (this.#state !== 'greeting' || link.nonce !== '') throw new Error('a second challenge');
    link.nonce = challenge.nonce;
    const { machine, now, spool, keys } = this.#options;
    const way = this.#addresses.current;
    const said = { epoch: spool.epoch, ...machine, ...(way && { way }), time: now() };
    const { setByMs } = this.#clock;
    const offset = this.#clock.told(challenge.time);
    spool.clockKnown(offset, offset + setByMs);
    link.send(signHello(said, { ...this.#bound(link), key: keys.signing }));
  }

  #bound({ connection, nonce }: Link) {
    return { agent: this.#options.identity.agent, connection, nonce };
  }

  #welcome(link: Link, window: number): void {
    if (this.#state !== 'greeting') throw new Error('an unexpected welcome');
    clearTimeout(this.#timer);
    this.#problem = undefined;
    this.#closedAs = undefined;
    this.#enter('open');
    this.#triedDirectly = this.#options.monotonic();
    this.#options.logger.info('connected to the collector', { ...this.#addresses.current });
    this.#ping(link);
    this.#options.keys.accepted();
    link.delivery.start(window);
    link.keepAlive();
  }

  #configured(link: Link, { rotateKey, ...config }: Config): void {
    const next = rotateKey ? this.#options.keys.prepare() : undefined;
    if (next) link.send(signRekey(next, this.#bound(link)));
    this.#options.onConfig(config);
  }

  /** The collector knows the new key; it need not know the old one any more once the new one is in its place. */
  #rekeyed(link: Link, publicKey: string): void {
    if (this.#options.keys.adopt(publicKey)) link.send({ type: 'rekeyed', publicKey } satisfies Rekeyed);
  }

  #acked(link: Link, ack: Ack): void {
    if (!link.delivery.acknowledged(ack)) return;
    this.#lastAck = this.#options.now();
    if (link.isStable) this.#options.backoff.reset();
    if (ack.refused !== undefined) {
      this.#options.logger.warn('the collector refused points', { points: ack.refused });
    }
  }

  #answered({ sent, time }: Ping): void {
    const offset = time === undefined ? undefined : this.#clock.answered(sent, time);
    if (offset !== undefined) this.#options.spool.clockKnown(offset);
  }

  #ping(link: Link): void {
    link.send({ type: 'ping', sent: this.#clock.ask() } satisfies Ping);
  }

  /** Looks after the session. Called where the agent is awake anyway, it need not wake up for it: that is what costs. */
  check(): void {
    if (this.#state === 'stopped') return;
    this.#watchOn();
    const link = this.#link;
    if (this.#state !== 'open' || !link) return;
    if (link.isDead) {
      this.#options.logger.warn('the connection is open but nothing is acknowledged, connecting anew');
      link.socket.terminate();
    } else if (this.#clock.isOld) this.#ping(link);
    // Its own timer stands still while the machine sleeps.
    else if (link.isQuiet) link.keepAlive();
    this.pump();
    const hasRelay = this.#addresses.current?.kind === 'relay';
    if (hasRelay && this.#options.monotonic() - this.#triedDirectly > relayForMs) void this.#tryDirectly(link);
  }

  #watchOn(): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.check(), watchEveryMs);
  }

  /** Leaves a relay for the direct way once the collector has proven itself there. */
  async #tryDirectly(link: Link): Promise<void> {
    this.#triedDirectly = this.#options.monotonic();
    for (const address of this.#addresses.direct) {
      try {
        const { tls, tcp } = await this.#open(address);
        tls.destroy();
        tcp.destroy();
      } catch {
        continue;
      }
      if (this.#link !== link || !link.isUp) return;
      this.#options.logger.info('the collector can be reached directly again, leaving the relay', { address });
      this.#addresses.prefer(address);
      link.send({ type: 'goodbye', reason: 'restart' } satisfies Goodbye);
      link.socket.close(closeCodes.normal.code);
      return;
    }
  }

  #enter(state: UplinkState): void {
    this.#state = state;
    this.#since = this.#options.now();
    this.#options.onState();
  }
}
