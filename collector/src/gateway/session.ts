/** The collector's side of one agent's connection: challenge, hello, then batches until either side leaves. */
import { createPublicKey, randomBytes, verify } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { inflateRawSync } from 'node:zlib';
import {
  type AgentMessage,
  Baselines,
  type Batch,
  batchDictionary,
  type CloseName,
  type CollectorMessage,
  type Config,
  closeCodes,
  decodePoints,
  exporterLabel,
  exporterLength,
  type Hello,
  heartbeatMs,
  helloTranscript,
  InvalidMessage,
  limits,
  parseAgentMessage,
} from '@vonggac/shared';
import type { Logger } from 'pino';
import type { RawData, WebSocket } from 'ws';
import type { Ingest } from '../ingest/ingest.ts';
import type { LiveState } from '../live/live-state.ts';
import type { Metrics } from '../metrics.ts';
import type { AgentRecord, Agents } from '../registry/agents.ts';

export interface SessionOptions {
  readonly agents: Agents;
  readonly ingest: Ingest;
  readonly live: LiveState;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly now: () => number;
  readonly config: () => Config;
  /** Called when the agent has proven itself; may close an older session of the same agent. */
  readonly opened: (session: Session) => void;
  readonly closed: (session: Session, how: 'closed' | 'silent') => void;
}

const inflateOptions = { maxOutputLength: limits.inflated, dictionary: Buffer.from(batchDictionary) };
/** Time from connection to hello. */
const helloTimeoutMs = 5_000;
/** A peer that does not answer the close handshake is cut off after this long. */
const closeGraceMs = 3_000;
/** What may wait in the socket for an agent that does not read. */
const maxBufferedBytes = 256 * 1024;
const silentAfterMs = 2.5 * heartbeatMs;
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
  #lastHeard: number;
  #silence: NodeJS.Timeout;

  constructor(connection: { socket: WebSocket; tls: TLSSocket }, options: SessionOptions) {
    this.#socket = connection.socket;
    this.#tls = connection.tls;
    this.#options = options;
    this.#challengedAt = options.now();
    this.#lastHeard = this.#challengedAt;
    this.#silence = setTimeout(() => this.close('helloTimeout'), helloTimeoutMs);
  }

  get agentId(): string | undefined {
    return this.#agent?.id;
  }

  start(): void {
    this.#socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    this.#socket.on('close', (code) => this.#ended(code));
    // ws reports protocol violations here and closes the connection by itself.
    this.#socket.on('error', (error) => {
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

  #ended(code: number): void {
    if (this.#state === 'closed') return;
    this.#end(this.#saidGoodbye ? 'goodbye' : `code ${code}`);
  }

  #end(reason: string): void {
    this.#state = 'closed';
    clearTimeout(this.#silence);
    if (this.#agent) {
      this.#options.logger.info({ agent: this.#agent.id, reason }, 'agent disconnected');
    }
    this.#options.closed(this, reason === 'silent' ? 'silent' : 'closed');
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#state === 'closed') return;
    this.#lastHeard = this.#options.now();
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
    try {
      if (this.#state === 'challenged' && bytes.length > limits.frameBeforeHello) {
        throw new InvalidMessage(`${bytes.length} bytes before hello`);
      }
      this.#handle(parseAgentMessage(isBinary ? this.#inflate(bytes) : bytes.toString('utf8')));
    } catch (error) {
      if (!(error instanceof InvalidMessage)) throw error;
      this.#options.logger.warn(
        { agent: this.agentId, address: this.#tls.remoteAddress, problem: error.message },
        'invalid frame, closing the connection',
      );
      this.close('invalidFrame');
    }
  }

  /** Only an agent that has proven itself may send compressed frames. */
  #inflate(bytes: Buffer): string {
    if (this.#state !== 'open') throw new InvalidMessage('binary frame before hello');
    try {
      return inflateRawSync(bytes, inflateOptions).toString('utf8');
    } catch {
      throw new InvalidMessage(`cannot inflate the frame within ${limits.inflated} bytes`);
    }
  }

  #handle(message: AgentMessage): void {
    if (this.#state === 'challenged') {
      if (message.type === 'hello') this.#hello(message);
      else this.close('unexpectedMessage');
      return;
    }
    const agent = this.#agent;
    if (!agent) return;
    this.#options.live.heard(agent.id);
    switch (message.type) {
      case 'batch':
        return this.#batch(agent, message);
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
    agents.describe(agent.id, hello);
    this.#agent = { ...agent, hostname: hello.hostname, platform: hello.platform, version: hello.version };
    this.#state = 'open';
    this.#watchSilence();
    this.#options.opened(this);
    const received = now();
    // The agent read its clock between these two moments; the middle is off by at most half the round trip.
    const clockOffsetMs = Math.round((this.#challengedAt + received) / 2 - hello.time);
    this.#options.live.put(this.#agent);
    this.#options.live.connected(agent.id, clockOffsetMs);
    logger.info({ agent: agent.id, address: this.#tls.remoteAddress, clockOffsetMs }, 'agent connected');
    this.#send({ type: 'welcome', session: randomBytes(6).toString('hex'), time: now(), window: limits.window });
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

  #batch(agent: AgentRecord, batch: Batch): void {
    const { ingest, live, metrics, now } = this.#options;
    if (this.#inFlight >= limits.window) return this.close('tooFast');
    const offset = batch.offset ?? 0;
    const correction = Math.abs(offset) >= correctFromMs ? offset : 0;
    const decoded = decodePoints(batch.data, {
      sent: batch.sent + correction,
      bounds: { earliest: now() - limits.pastMs, latest: now() + limits.futureMs },
      baselines: this.#baselines,
    });
    let refused = 0;
    for (const [reason, count] of decoded.refused) {
      refused += count;
      metrics.refusedPoints.inc({ reason }, count);
    }
    metrics.receivedPoints.inc(decoded.points.length + refused);
    live.receive(agent.id, decoded.points);
    this.#inFlight += 1;
    const origin = { agent: agent.id, host: agent.hostname, unit: agent.unit, class: agent.class };
    void ingest.write({ origin, points: decoded.points }).then((result) => {
      this.#inFlight -= 1;
      if (this.#state !== 'open') return;
      if (result.status === 'retry') this.#send({ type: 'ack', seq: batch.seq, retry: result.afterMs });
      else this.#send({ type: 'ack', seq: batch.seq, ...(refused > 0 && { refused }) });
    });
  }

  #send(message: CollectorMessage): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > maxBufferedBytes) {
      this.#options.logger.warn({ agent: this.agentId }, 'the agent does not read, cutting the connection');
      this.#socket.terminate();
      return;
    }
    this.#socket.send(JSON.stringify(message));
  }

  #watchSilence(): void {
    clearTimeout(this.#silence);
    const rest = this.#lastHeard + silentAfterMs - this.#options.now();
    if (rest <= 0) return this.close('silent');
    this.#silence = setTimeout(() => this.#watchSilence(), rest);
  }
}
