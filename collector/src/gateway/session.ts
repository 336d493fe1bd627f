/** The collector's side of one agent's connection: challenge, hello, then batches until either side leaves. */
import { createPublicKey, randomBytes, verify } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import {
  type Ack,
  type AgentMessage,
  Baselines,
  type Batch,
  type CloseName,
  type CollectorMessage,
  type Config,
  closeCodes,
  decodePoints,
  exporterLabel,
  exporterLength,
  type Hello,
  helloTranscript,
  InvalidMessage,
  limits,
} from '@vonggac/shared';
import type { Logger } from 'pino';
import type { RawData, WebSocket } from 'ws';
import type { Ingest } from '../ingest/ingest.ts';
import type { LiveState } from '../live/live-state.ts';
import type { Metrics } from '../metrics.ts';
import type { AgentRecord, Agents } from '../registry/agents.ts';
import type { AgentMeter } from './agent-meter.ts';
import type { GatewayLimits } from './limits.ts';
import { printable } from './printable.ts';
import { inflateFrame, readAgentMessage } from './read-frame.ts';

export interface SessionOptions {
  readonly agents: Agents;
  readonly ingest: Ingest;
  readonly live: LiveState;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly now: () => number;
  /** A clock that never jumps, in milliseconds. */
  readonly monotonic: () => number;
  readonly limits: GatewayLimits;
  readonly meterOf: (agentId: string) => AgentMeter;
  readonly config: () => Config;
  /** Called when the agent has proven itself; may close an older session of the same agent. */
  readonly opened: (session: Session) => void;
  readonly closed: (session: Session, how: 'closed' | 'silent') => void;
}

/** What WebSocket frames add to the bytes of a hello, with room for a ping. */
const framingBytes = 64;
/** A peer that does not answer the close handshake is cut off after this long. */
const closeGraceMs = 3_000;
/** Offsets below this are network delay and rounding, not a wrong clock; correcting them would only add noise. */
const correctFromMs = 1_000;

export class Session {
  readonly #socket: WebSocket;
  readonly #tls: TLSSocket;
  readonly #options: SessionOptions;
  readonly #nonce = randomBytes(32).toString('base64url');
  readonly #challengedAt: number;
  readonly #baselines = new Baselines();
  #state: 'challenged' | 'open' | 'closed' = 'challenged';
  #agent: AgentRecord | undefined;
  #saidGoodbye = false;
  #inFlight = 0;
  #bytesBeforeHello = 0;
  #hasTooManySeries = false;
  #meter: AgentMeter | undefined;
  /** These are by the monotonic clock: the last byte, the first one of a message that is not complete, unread answers. */
  #lastHeard: number;
  #partialSince: number | undefined;
  #unreadSince: number | undefined;
  #watch: NodeJS.Timeout;

  constructor(connection: { socket: WebSocket; tls: TLSSocket }, options: SessionOptions) {
    this.#socket = connection.socket;
    this.#tls = connection.tls;
    this.#options = options;
    this.#challengedAt = options.now();
    this.#lastHeard = options.monotonic();
    this.#watch = setTimeout(() => this.close('helloTimeout'), 1_000 * options.limits.authenticate_seconds);
  }

  get agentId(): string | undefined {
    return this.#agent?.id;
  }

  start(): void {
    this.#socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    this.#socket.on('close', (code) => this.#ended(code));
    // No agent sends these; they are answered below this level, and cost the same as a message.
    this.#socket.on('ping', () => this.#countMessage());
    this.#socket.on('pong', () => this.#countMessage());
    // Before ws sees the bytes: what an unknown peer sends is bounded here, not when a frame is complete.
    this.#tls.prependListener('data', (chunk: Buffer) => this.#heard(chunk.length));
    // ws reports protocol violations here and closes the connection by itself.
    this.#socket.on('error', (error) => {
      this.#options.metrics.closes.inc({ reason: 'protocol' });
      this.#options.logger.debug({ agent: this.agentId, error: error.message }, 'connection error');
    });
    this.#send({ type: 'challenge', nonce: this.#nonce, time: this.#options.now() });
  }

  /** Sends pushed configuration to an open session. */
  configure(config: Config): void {
    if (this.#state === 'open') this.#send(config);
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
    this.#end(name);
  }

  /** Ends the connection without a word to a peer that would not read it. */
  #cut(reason: 'slowReader' | 'slowSender'): void {
    this.#options.logger.warn({ agent: this.agentId, reason }, 'the agent is too slow, cutting the connection');
    this.#options.metrics.closes.inc({ reason });
    this.#socket.terminate();
  }

  #ended(code: number): void {
    if (this.#state === 'closed') return;
    this.#end(this.#saidGoodbye ? 'goodbye' : `code ${code}`);
  }

  #end(reason: string): void {
    this.#state = 'closed';
    clearTimeout(this.#watch);
    if (this.#agent) {
      this.#options.logger.info({ agent: this.#agent.id, reason }, 'agent disconnected');
    }
    this.#options.closed(this, reason === 'silent' ? 'silent' : 'closed');
  }

  /** Bytes count as a sign of life: on a slow line a message may take longer than a heartbeat. */
  #heard(bytes: number): void {
    if (this.#state === 'closed') return;
    const now = this.#options.monotonic();
    this.#lastHeard = now;
    this.#partialSince ??= now;
    if (this.#agent) this.#options.live.heard(this.#agent.id);
    else {
      this.#bytesBeforeHello += bytes;
      if (this.#bytesBeforeHello <= limits.frameBeforeHello + framingBytes) return;
      this.#invalidFrame(`${this.#bytesBeforeHello} bytes before hello`);
      this.#socket.pause();
    }
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#state === 'closed') return;
    this.#partialSince = undefined;
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
    try {
      // Only an agent that has proven itself may send compressed frames.
      if (isBinary && this.#state !== 'open') throw new InvalidMessage('binary frame before hello');
      const text = isBinary ? inflateFrame(bytes, this.#options.limits.inflated_bytes) : bytes.toString('utf8');
      this.#handle(readAgentMessage(text), text.length);
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
    this.#meter?.invalidFrame();
    this.close('invalidFrame');
  }

  /** False when there were too many, and the connection is closed. */
  #countMessage(): boolean {
    if (this.#state !== 'open' || this.#meter?.message() !== false) return true;
    this.close('tooFast');
    return false;
  }

  #handle(message: AgentMessage, length: number): void {
    if (this.#state === 'challenged') {
      if (message.type === 'hello') this.#hello(message);
      else this.close('unexpectedMessage');
      return;
    }
    const agent = this.#agent;
    if (!agent) return;
    if (message.type !== 'batch' && !this.#countMessage()) return;
    switch (message.type) {
      case 'batch':
        return this.#batch(message, { agent, length });
      case 'ping':
        return this.#send({ type: 'ping', sent: message.sent, time: this.#options.now() });
      case 'goodbye':
        this.#saidGoodbye = true;
        return;
      case 'hello':
        return this.close('unexpectedMessage');
    }
  }

  #hello(hello: Hello): void {
    const { agents, logger, now } = this.#options;
    const agent = agents.get(hello.agent);
    if (!agent) return this.close('unknownAgent');
    if (!this.#isSignedBy(agent, hello)) {
      logger.warn({ agent: agent.id, address: this.#tls.remoteAddress }, 'hello with a wrong signature');
      return this.close('badSignature');
    }
    if (agent.revokedAt !== undefined) return this.close('revoked');
    const meter = this.#options.meterOf(agent.id);
    if (!meter.welcome) return this.close('tooFast');
    const said = {
      hostname: printable(hello.hostname) || agent.id,
      platform: printable(hello.platform),
      version: printable(hello.version),
    };
    agents.describe(agent.id, said);
    this.#agent = { ...agent, ...said };
    this.#meter = meter;
    this.#state = 'open';
    this.#watchPace();
    this.#options.opened(this);
    const received = now();
    // The agent read its clock between these two moments; the middle is off by at most half the round trip.
    const clockOffsetMs = Math.round((this.#challengedAt + received) / 2 - hello.time);
    this.#options.live.put(this.#agent);
    this.#options.live.connected(agent.id, clockOffsetMs);
    logger.info({ agent: agent.id, address: this.#tls.remoteAddress, clockOffsetMs }, 'agent connected');
    this.#send({
      type: 'welcome',
      session: randomBytes(6).toString('hex'),
      time: now(),
      window: this.#options.limits.window,
    });
    this.#send(this.#options.config());
  }

  #isSignedBy(agent: AgentRecord, hello: Hello): boolean {
    const exporter = this.#tls.exportKeyingMaterial(exporterLength, exporterLabel, Buffer.alloc(0));
    const transcript = helloTranscript({
      agent: hello.agent,
      nonce: this.#nonce,
      exporter: exporter.toString('base64url'),
    });
    const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: agent.publicKey } });
    return verify(null, transcript, key, Buffer.from(hello.signature, 'base64url'));
  }

  #batch(batch: Batch, from: { agent: AgentRecord; length: number }): void {
    const { ingest, live, metrics, monotonic, now } = this.#options;
    const { agent } = from;
    const meter = this.#meter;
    if (!meter || this.#inFlight >= this.#options.limits.window) return this.close('tooFast');
    const offset = batch.offset ?? 0;
    const correction = Math.abs(offset) >= correctFromMs ? offset : 0;
    const decoded = decodePoints(batch.data, {
      sent: batch.sent + correction,
      bounds: { earliest: now() - limits.pastMs, latest: now() + limits.futureMs },
      baselines: this.#baselines,
    });
    const points = meter.withinSeries(decoded.points);
    let refused = decoded.points.length - points.length;
    if (refused > 0) this.#refuseSeries(refused);
    for (const [reason, count] of decoded.refused) {
      refused += count;
      metrics.refusedPoints.inc({ reason }, count);
    }
    const received = points.length + refused;
    metrics.receivedPoints.inc(received);
    const ackAt = monotonic() + meter.batch({ points: received, bytes: from.length });
    live.receive(agent.id, points);
    this.#inFlight += 1;
    // A merger of units may have moved the agent since its session began.
    const unit = live.get(agent.id)?.record.unit ?? agent.unit;
    const origin = { agent: agent.id, host: agent.hostname, unit, class: agent.class };
    void ingest.write({ origin, points }).then((result) => {
      const ack: Ack =
        result.status === 'retry'
          ? { type: 'ack', seq: batch.seq, retry: result.afterMs }
          : { type: 'ack', seq: batch.seq, ...(refused > 0 && { refused }) };
      const waitMs = ackAt - monotonic();
      if (waitMs <= 0) return this.#acknowledge(ack);
      metrics.pacedAcks.inc();
      setTimeout(() => this.#acknowledge(ack), waitMs).unref();
    });
  }

  /** Told once a session: a person has to look at the agent, not at its every batch. */
  #refuseSeries(points: number): void {
    this.#options.metrics.refusedPoints.inc({ reason: 'too_many_series' }, points);
    if (this.#hasTooManySeries) return;
    this.#hasTooManySeries = true;
    const most = this.#options.limits.series_per_agent;
    this.#options.logger.error({ agent: this.agentId, most }, 'an agent has too many series, new ones are refused');
  }

  #acknowledge(ack: Ack): void {
    this.#inFlight -= 1;
    if (this.#state === 'open') this.#send(ack);
  }

  #send(message: CollectorMessage): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > this.#options.limits.unread_bytes) return this.#cut('slowReader');
    this.#socket.send(JSON.stringify(message));
  }

  /** Looks for silence, for a message that does not get complete and for answers that are not read. */
  #watchPace(): void {
    clearTimeout(this.#watch);
    const { limits, monotonic } = this.#options;
    const now = monotonic();
    const slowMs = 1_000 * limits.slow_seconds;
    if (this.#socket.bufferedAmount === 0) this.#unreadSince = undefined;
    else this.#unreadSince ??= now;
    const silentIn = this.#lastHeard + 1_000 * limits.idle_seconds - now;
    if (silentIn <= 0) return this.close('silent');
    if (now - (this.#partialSince ?? now) > slowMs) return this.#cut('slowSender');
    if (now - (this.#unreadSince ?? now) > slowMs) return this.#cut('slowReader');
    this.#watch = setTimeout(() => this.#watchPace(), Math.min(silentIn, slowMs));
  }
}
