/** The collector's side of one agent's connection: challenge, hello, then batches until either side leaves. */
import { randomBytes } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import {
  type Ack,
  type AgentMessage,
  type CloseName,
  type CollectorMessage,
  type Config,
  closeCodes,
  type Goodbye,
  type Hello,
  InvalidMessage,
  limits,
  parseAgentMessage,
  type Rekey,
} from '@vonggac/shared';
import type { Logger } from 'pino';
import type { RawData, WebSocket } from 'ws';
import type { ClockWatch } from '../clocks/clock-watch.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { Departure, LiveState } from '../live/live-state.ts';
import type { Metrics } from '../metrics.ts';
import type { AgentRecord, AgentSelf, Agents } from '../registry/agents.ts';
import type { AgentMeter } from './agent-meter.ts';
import { BatchIntake } from './batch-intake.ts';
import type { Claim } from './clone-alarm.ts';
import { inflateFrame } from './inflate-frame.ts';
import type { KeyRotation } from './key-rotation.ts';
import type { GatewayLimits } from './limits.ts';
import { PaceWatch } from './pace-watch.ts';
import { printable } from './printable.ts';
import { Proof } from './proof.ts';
import { signOfLife } from './sign-of-life.ts';
import type { TokenBucket } from './token-bucket.ts';

export interface SessionOptions {
  readonly agents: Agents;
  readonly ingest: Pick<Ingest, 'write'>;
  readonly live: LiveState;
  readonly clocks: Pick<ClockWatch, 'take'>;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly now: () => number;
  /** A clock that never jumps, in milliseconds. */
  readonly monotonic: () => number;
  readonly limits: GatewayLimits;
  readonly history: Pick<TokenBucket, 'charge'>;
  readonly meterOf: (agentId: string) => AgentMeter;
  readonly keys: Pick<KeyRotation, 'change' | 'confirm'>;
  readonly config: (agent: AgentRecord) => Config;
  /** Called when the agent has proven itself: opens or closes the session, now or soon. */
  readonly arrived: (session: Session, claim: Claim) => void;
  readonly opened: () => void;
  readonly closed: (session: Session, departure: Departure) => void;
}

/** An agent that has proven who it is. */
interface Peer {
  readonly agent: AgentRecord;
  readonly hello: Hello;
  readonly key: 'current' | 'previous';
  readonly meter: AgentMeter;
  /** Collector's clock minus the agent's. */
  readonly clockOffsetMs: number;
}

/** What WebSocket frames add to the bytes of a hello, with room for a ping. */
const framingBytes = 64;
/** A peer that does not answer the close handshake is cut off after this long. */
const closeGraceMs = 3_000;
/** Errors of a connection that tell of the way, not of the machine at its end. */
const lostWay: ReadonlySet<string> = new Set(['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN']);

export class Session {
  readonly #socket: WebSocket;
  readonly #tls: TLSSocket;
  readonly #options: SessionOptions;
  readonly #proof: Proof;
  readonly #challengedAt: number;
  readonly #intake: BatchIntake;
  readonly #pace: PaceWatch;
  #helloTimer: NodeJS.Timeout;
  #state: 'challenged' | 'waiting' | 'open' | 'closed' = 'challenged';
  #peer: Peer | undefined;
  #goodbye: Goodbye['reason'] | undefined;
  /** Why the connection ended, when it was not the agent that ended it. */
  #ending: 'silent' | 'dropped' | undefined;
  #bytesBeforeOpen = 0;

  constructor(connection: { socket: WebSocket; tls: TLSSocket }, options: SessionOptions) {
    this.#socket = connection.socket;
    this.#tls = connection.tls;
    this.#options = options;
    this.#proof = new Proof(connection.tls);
    this.#challengedAt = options.now();
    this.#pace = new PaceWatch({
      ...options,
      unread: () => connection.socket.bufferedAmount,
      onSilent: () => this.close('silent'),
      onSlow: (who) => this.#cut(who),
    });
    this.#intake = new BatchIntake({ ...options, acknowledge: (ack) => this.#acknowledge(ack) });
    this.#helloTimer = setTimeout(() => this.close('helloTimeout'), 1_000 * options.limits.authenticate_seconds);
  }

  get agentId(): string | undefined {
    return this.#peer?.agent.id;
  }

  start(): void {
    this.#socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    this.#socket.on('close', (code) => this.#ended(code));
    // No agent sends these; they are answered below this level, and cost the same as a message.
    this.#socket.on('ping', () => this.#countMessage());
    this.#socket.on('pong', () => this.#countMessage());
    // Before ws sees the bytes: what an unknown peer sends is bounded here, not when a frame is complete.
    this.#tls.prependListener('data', (chunk: Buffer) => this.#heard(chunk.length));
    this.#tls.prependListener('error', (error: NodeJS.ErrnoException) => {
      if (lostWay.has(error.code ?? '')) this.#ending ??= 'silent';
    });
    // ws reports protocol violations here and closes the connection by itself.
    this.#socket.on('error', (error) => {
      this.#options.metrics.closes.inc({ reason: 'protocol' });
      this.#options.logger.debug({ agent: this.agentId, error: error.message }, 'connection error');
    });
    this.#send({ type: 'challenge', nonce: this.#proof.nonce, time: this.#options.now() });
  }

  /** Lets the agent report. Throws when the registry cannot be written. */
  open(): void {
    const peer = this.#peer;
    if (this.#state !== 'waiting' || !peer) return;
    const { hello, clockOffsetMs } = peer;
    const said = {
      hostname: printable(hello.hostname) || hello.agent,
      platform: printable(hello.platform),
      version: printable(hello.version),
      hardware: hello.hardware ?? peer.agent.hardware,
      addresses: hello.addresses ?? peer.agent.addresses,
      way: hello.way,
    };
    if (!isKnown(said, peer.agent)) this.#options.agents.describe(hello.agent, said);
    // It may have waited, and been changed by a command meanwhile.
    const described = { ...(this.#options.agents.get(hello.agent) ?? peer.agent), ...said };
    if (described.revokedAt !== undefined) return this.close('revoked');
    const agent = peer.key === 'current' ? this.#options.keys.confirm(described) : described;
    this.#peer = { ...peer, agent };
    this.#state = 'open';
    this.#options.opened();
    this.#pace.start();
    this.#options.live.put(agent);
    const life = { startedAt: hello.started + clockOffsetMs, bootedAt: hello.booted + clockOffsetMs };
    this.#options.live.connected(agent.id, clockOffsetMs, life);
    this.#options.clocks.take(agent, clockOffsetMs);
    this.#options.logger.info({ agent: agent.id, address: this.#tls.remoteAddress, clockOffsetMs }, 'agent connected');
    this.#send({
      type: 'welcome',
      session: randomBytes(6).toString('hex'),
      time: this.#options.now(),
      window: this.#options.limits.window,
    });
    this.configure();
  }

  /** Whether the agent is there now. */
  signOfLife(): Promise<boolean> {
    return signOfLife(this.#socket);
  }

  /** Sends the agent its settings as they are now. */
  configure(): void {
    if (this.#state === 'open' && this.#record) this.#send(this.#options.config(this.#record));
  }

  /** Says goodbye and closes: the collector is stopping. */
  leave(): void {
    if (this.#state === 'open') this.#send({ type: 'goodbye', reason: 'restart' });
    this.close('goingAway');
  }

  close(name: CloseName): void {
    if (this.#state === 'closed') return;
    this.#options.metrics.closes.inc({ reason: name });
    this.#socket.close(closeCodes[name].code, name);
    setTimeout(() => this.#socket.terminate(), closeGraceMs).unref();
    this.#ending = name === 'silent' ? 'silent' : 'dropped';
    this.#end(name);
  }

  /** Ends the connection without a word to a peer that would not read it. */
  #cut(reason: 'slowReader' | 'slowSender'): void {
    this.#options.logger.warn({ agent: this.agentId, reason }, 'the agent is too slow, cutting the connection');
    this.#options.metrics.closes.inc({ reason });
    this.#ending = 'dropped';
    this.#socket.terminate();
  }

  #ended(code: number): void {
    if (this.#state === 'closed') return;
    this.#end(this.#goodbye === undefined ? `code ${code}` : `goodbye: ${this.#goodbye}`);
  }

  #end(reason: string): void {
    const wasOpen = this.#state === 'open';
    this.#state = 'closed';
    clearTimeout(this.#helloTimer);
    this.#pace.stop();
    if (wasOpen) this.#options.logger.info({ agent: this.agentId, reason }, 'agent disconnected');
    this.#options.closed(this, this.#goodbye ?? this.#ending ?? 'closed');
  }

  #heard(bytes: number): void {
    if (this.#state === 'closed') return;
    this.#pace.heard();
    if (this.#state === 'open' && this.#peer) return this.#options.live.heard(this.#peer.agent.id);
    this.#bytesBeforeOpen += bytes;
    if (this.#bytesBeforeOpen <= limits.frameBeforeHello + framingBytes) return;
    this.#invalidFrame(`${this.#bytesBeforeOpen} bytes before the welcome`);
    this.#socket.pause();
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#state === 'closed') return;
    this.#pace.completed();
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
    try {
      // Only an agent that has proven itself may send compressed frames.
      if (isBinary && this.#state !== 'open') throw new InvalidMessage('binary frame before hello');
      const text = isBinary ? inflateFrame(bytes, this.#options.limits.inflated_bytes) : bytes.toString('utf8');
      this.#handle(parseAgentMessage(text), text.length);
    } catch (error) {
      if (error instanceof InvalidMessage) return this.#invalidFrame(error.message);
      // A full disk under the registry, or a fault of ours: it must not end the collector.
      this.#options.logger.error({ agent: this.agentId, error: (error as Error).message }, 'cannot handle a message');
      this.close('goingAway');
    }
  }

  #invalidFrame(problem: string): void {
    this.#options.logger.warn(
      { agent: this.agentId, address: this.#tls.remoteAddress, problem },
      'invalid frame, closing the connection',
    );
    this.#peer?.meter.invalidFrame();
    this.close('invalidFrame');
  }

  /** False when there were too many, and the connection is closed. */
  #countMessage(): boolean {
    if (this.#state !== 'open' || this.#peer?.meter.message() !== false) return true;
    this.close('tooFast');
    return false;
  }

  #handle(message: AgentMessage, length: number): void {
    if (this.#state === 'challenged') {
      if (message.type === 'hello') this.#hello(message);
      else this.close('unexpectedMessage');
      return;
    }
    const peer = this.#peer;
    if (this.#state !== 'open' || !peer) return this.close('unexpectedMessage');
    if (message.type !== 'batch' && !this.#countMessage()) return;
    switch (message.type) {
      case 'batch':
        if (!this.#intake.take(message, { ...peer, length })) this.close('tooFast');
        return;
      case 'ping':
        return this.#send({ type: 'ping', sent: message.sent, time: this.#options.now() });
      case 'goodbye':
        this.#goodbye = message.reason;
        return;
      case 'rekey':
        return this.#rekey(message);
      case 'rekeyed':
        return this.#rekeyed(message.publicKey);
      case 'hello':
        return this.close('unexpectedMessage');
    }
  }

  #hello(hello: Hello): void {
    const { agents, logger, now } = this.#options;
    const agent = agents.get(hello.agent);
    if (!agent) return this.close('unknownAgent');
    const key = this.#proof.keyOf(agent, hello);
    const address = this.#tls.remoteAddress ?? '';
    if (!key) {
      logger.warn({ agent: agent.id, address }, 'hello with a wrong signature');
      return this.close('badSignature');
    }
    if (agent.revokedAt !== undefined) return this.close('revoked');
    const meter = this.#options.meterOf(agent.id);
    if (!meter.welcome) return this.close('tooFast');
    // The agent read its clock between these two moments; the middle is off by at most half the round trip.
    const clockOffsetMs = Math.round((this.#challengedAt + now()) / 2 - hello.time);
    this.#peer = { agent, hello, key, meter, clockOffsetMs };
    this.#state = 'waiting';
    clearTimeout(this.#helloTimer);
    const { hostname, epoch, started, booted, hardware = [] } = hello;
    this.#options.arrived(this, { agent, address, hostname, epoch, started, booted, hardware });
  }

  /** As others may have changed it since the session began. */
  get #record(): AgentRecord | undefined {
    return this.#peer && (this.#options.live.get(this.#peer.agent.id)?.record ?? this.#peer.agent);
  }

  #rekey(rekey: Rekey): void {
    const agent = this.#record;
    if (!agent) return;
    const address = this.#tls.remoteAddress ?? '';
    const changed = this.#options.keys.change(agent, rekey, { proof: this.#proof, address });
    if (!changed) {
      this.#options.logger.warn({ agent: agent.id, address }, 'a new key that was not asked for or not proven');
      return this.close('unexpectedMessage');
    }
    this.#options.live.put(changed);
    this.#send({ type: 'rekeyed', publicKey: rekey.publicKey });
  }

  #rekeyed(publicKey: string): void {
    const agent = this.#record;
    if (agent?.publicKey !== publicKey) return this.close('unexpectedMessage');
    this.#options.live.put(this.#options.keys.confirm(agent));
  }

  #acknowledge(ack: Ack): void {
    if (this.#state === 'open') this.#send(ack);
  }

  #send(message: CollectorMessage): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > this.#options.limits.unread_bytes) return this.#cut('slowReader');
    this.#socket.send(JSON.stringify(message));
  }
}

function isKnown(said: AgentSelf, known: AgentSelf): boolean {
  const isOther = (name: 'hostname' | 'platform' | 'version') => said[name] !== known[name];
  if (isOther('hostname') || isOther('platform') || isOther('version')) return false;
  if (said.way?.kind !== known.way?.kind || said.way?.address !== known.way?.address) return false;
  return said.hardware.join() === known.hardware.join() && said.addresses.join() === known.addresses.join();
}
