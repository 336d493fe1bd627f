/** The agents' port: TLS 1.3, WebSocket sessions and enrolment. */
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { agentPath, type Config, enrolPath, subprotocol } from '@vonggac/shared';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import type { ClockWatch } from '../clocks/clock-watch.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { Departure, LiveState } from '../live/live-state.ts';
import type { Metrics } from '../metrics.ts';
import type { Admissions } from '../registry/admission.ts';
import type { AgentRecord, Agents } from '../registry/agents.ts';
import type { EnrolmentCodes } from '../registry/enrolment-codes.ts';
import type { PendingEnrolments } from '../registry/pending-enrolments.ts';
import type { Authority } from '../trust/authority.ts';
import { AgentMeter } from './agent-meter.ts';
import { AgentSessions } from './agent-sessions.ts';
import { CloneAlarm } from './clone-alarm.ts';
import { Door } from './door.ts';
import { Enrolment } from './enrolment.ts';
import { Holders } from './holders.ts';
import type { KeyRotation } from './key-rotation.ts';
import type { GatewayLimits } from './limits.ts';
import { Session } from './session.ts';
import { TokenBucket } from './token-bucket.ts';

export interface GatewayOptions {
  readonly authority: Authority;
  readonly agents: Agents;
  readonly codes: EnrolmentCodes;
  readonly admissions: Admissions;
  readonly pending: PendingEnrolments;
  readonly ingest: Pick<Ingest, 'write'>;
  readonly live: LiveState;
  readonly clocks: ClockWatch;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly now: () => number;
  readonly incidents: Pick<Incidents, 'report' | 'get'>;
  readonly keys: KeyRotation;
  readonly config: (agent: AgentRecord) => Config;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly limits: GatewayLimits;
}

const renewalCheckMs = 12 * 3_600_000;
const tidyEveryMs = 60_000;
/** How long a stop waits for peers to answer the close handshake. */
const stopGraceMs = 1_000;
/** Time for a refused peer to read the answer. */
const refusalGraceMs = 1_000;
/** Pongs that wait for a peer that does not read, time for the close handshake; @types/ws does not know them yet. */
const untypedOptions = { maxPendingAutoPongs: 4, closeTimeout: 3_000 };
/** Those who knock while the event loop is busy; the system's own limit counts too. */
const listenBacklog = 4_096;
/** Enrolment takes two. */
const maxRequestsPerSocket = 4;
const badRequestAnswers: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

export class Gateway {
  readonly #options: GatewayOptions;
  readonly #sessions: AgentSessions<Session>;
  readonly #all = new Set<Session>();
  readonly #enrolment: Enrolment;
  readonly #door: Door;
  readonly #history: TokenBucket;
  readonly #meters = new Map<string, AgentMeter>();
  readonly #sockets: WebSocketServer;
  #server: Server | undefined;
  #renewal: NodeJS.Timeout | undefined;
  #tidying: NodeJS.Timeout | undefined;

  constructor(options: GatewayOptions) {
    this.#options = options;
    const { limits, metrics } = options;
    this.#door = new Door(limits, { metrics, monotonic });
    const perSecond = limits.history_points_per_second;
    this.#history = new TokenBucket({ perSecond, burst: perSecond }, monotonic);
    const { incidents } = options;
    const isClosed = (id: number) => {
      const incident = incidents.get(id);
      return !incident || incident.closedAt !== undefined;
    };
    this.#sessions = new AgentSessions({
      ...options,
      holders: new Holders({ monotonic, isClosed }),
      alarm: new CloneAlarm({ ...options, monotonic }),
    });
    this.#sockets = new WebSocketServer({
      noServer: true,
      // It costs memory per connection and opens a bomb; a batch compresses itself.
      perMessageDeflate: false,
      maxPayload: limits.frame_bytes,
      maxFragments: 64,
      maxBufferedChunks: 1_024,
      ...untypedOptions,
      handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
    });
    this.#enrolment = new Enrolment({
      ...options,
      monotonic,
      enrolled: (agent: AgentRecord) => options.live.put(agent),
    });
  }

  async start(): Promise<void> {
    const authenticateMs = 1_000 * this.#options.limits.authenticate_seconds;
    const server = createServer({
      ...(await this.#options.authority.credentials()),
      minVersion: 'TLSv1.3',
      handshakeTimeout: authenticateMs,
      headersTimeout: Math.min(3_000, authenticateMs),
      requestTimeout: authenticateMs,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 8_192,
    });
    this.#server = server;
    server.maxRequestsPerSocket = maxRequestsPerSocket;
    guard(server, (socket, begin) => this.#door.admit(socket, begin));
    server.on('tlsClientError', () => this.#options.metrics.portRefusals.inc({ reason: 'tls' }));
    server.on('clientError', (error: NodeJS.ErrnoException, socket) => this.#badRequest(error, socket));
    server.on('request', (request, response) => {
      const refused = refusalOf(request, enrolPath);
      if (refused === undefined) return void this.#enrolment.handle(request, response);
      this.#options.metrics.portRefusals.inc({ reason: refused.slice(0, 3) });
      response.writeHead(Number(refused.slice(0, 3)), { connection: 'close' }).end();
    });
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, { socket, head }));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port: this.#options.port, host: this.#options.host, backlog: listenBacklog }, resolve);
    });
    server.on('error', (error) => this.#options.logger.error({ error: error.message }, "agents' port failed"));
    this.#renewal = setInterval(() => void this.renew(), renewalCheckMs).unref();
    this.#tidying = setInterval(() => this.#enrolment.tidy(), tidyEveryMs).unref();
  }

  /** The port that is listened on. */
  get port(): number {
    return (this.#server?.address() as AddressInfo | null)?.port ?? this.#options.port;
  }

  get openSessions(): number {
    return this.#sessions.size;
  }

  /** Closes the session of an agent that may no longer report. */
  revoke(agentId: string): void {
    this.#sessions.revoke(agentId);
    this.#options.clocks.forget(agentId);
    this.#meters.delete(agentId);
  }

  /** Sends one agent, or all, their settings as they are now. */
  configure(agentId?: string): void {
    if (agentId !== undefined) return this.#sessions.of(agentId)?.configure();
    for (const session of this.#sessions.all()) session.configure();
  }

  /** Takes no more connections and says goodbye to all. */
  async stop(): Promise<void> {
    clearInterval(this.#renewal);
    clearInterval(this.#tidying);
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    this.#door.close();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const session of this.#all) session.leave();
    const deadline = setTimeout(() => {
      for (const socket of this.#sockets.clients) socket.terminate();
      server.closeAllConnections();
    }, stopGraceMs);
    await closed;
    clearTimeout(deadline);
  }

  #upgrade(request: IncomingMessage, { socket, head }: { socket: Duplex; head: Buffer }): void {
    // From here on nobody else listens, and a reset by the peer must not end the collector.
    socket.on('error', () => socket.destroy());
    const refused = refusalOf(request, agentPath);
    if (refused !== undefined) return this.#refuse(socket, refused);
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      this.#options.metrics.connections.inc();
      const tls = socket as TLSSocket;
      if (webSocket.protocol !== subprotocol) return webSocket.close(1002, 'subprotocol');
      const session = new Session(
        { socket: webSocket, tls },
        {
          ...this.#options,
          monotonic,
          history: this.#history,
          meterOf: (agentId) => this.#meterOf(agentId),
          arrived: (arrived, claim) => this.#sessions.arrive(arrived, claim),
          opened: () => this.#door.authenticated(tls),
          closed: (closed, departure) => this.#closed(closed, departure),
        },
      );
      this.#all.add(session);
      session.start();
    });
  }

  #badRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
    const status = badRequestAnswers[error.code ?? ''] ?? '400 Bad Request';
    // Broken TLS comes here too; then there is nobody to answer.
    if (socket.writable) this.#refuse(socket, status);
    else socket.destroy();
  }

  #refuse(socket: Duplex, status: string): void {
    this.#options.metrics.portRefusals.inc({ reason: status.slice(0, 3) });
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    setTimeout(() => socket.destroy(), refusalGraceMs).unref();
  }

  #meterOf(agentId: string): AgentMeter {
    const known = this.#meters.get(agentId);
    if (known) return known;
    const meter = new AgentMeter(this.#options.limits, monotonic);
    this.#meters.set(agentId, meter);
    return meter;
  }

  #closed(session: Session, departure: Departure): void {
    this.#all.delete(session);
    const id = session.agentId;
    // One that was replaced or never let in says nothing about the agent.
    if (id !== undefined && this.#sessions.left(session, id)) this.#options.live.disconnected(id, departure);
  }

  /** Uses what the authority has now; connections that are open stay. */
  async renew(): Promise<void> {
    try {
      this.#server?.setSecureContext(await this.#options.authority.credentials());
    } catch (error) {
      this.#options.logger.error(
        { error: (error as Error).message },
        'cannot renew the certificate of the agents port',
      );
    }
  }
}

function monotonic(): number {
  return performance.now();
}

/** Asks before the TLS handshake, which is what costs; Node has no hook there. */
function guard(server: Server, admit: (socket: Socket, begin: () => void) => void): void {
  for (const accept of server.listeners('connection')) {
    server.off('connection', accept as (socket: Socket) => void);
    server.on('connection', (socket: Socket) => admit(socket, () => accept.call(server, socket)));
  }
}

/** Why a request is not answered, as an HTTP status, or undefined. Its URL is never logged: it might hold a secret. */
function refusalOf(request: IncomingMessage, path: string): string | undefined {
  if (request.url?.includes('?')) return '400 Bad Request';
  if (request.url !== path) return '404 Not Found';
  // Agents never send Origin; a browser always does.
  return request.headers.origin === undefined ? undefined : '403 Forbidden';
}
