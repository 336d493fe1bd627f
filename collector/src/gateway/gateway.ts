/** The agents' port: TLS 1.3, WebSocket sessions and enrolment. */
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { agentPath, type Config, enrolPath, limits, subprotocol } from '@vonggac/shared';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import type { Ingest } from '../ingest/ingest.ts';
import type { LiveState } from '../live/live-state.ts';
import type { Metrics } from '../metrics.ts';
import type { AgentRecord, Agents } from '../registry/agents.ts';
import type { EnrolmentCodes } from '../registry/enrolment-codes.ts';
import type { Authority } from '../trust/authority.ts';
import { Enrolment } from './enrolment.ts';
import { Session } from './session.ts';

export interface GatewayOptions {
  readonly authority: Authority;
  readonly agents: Agents;
  readonly codes: EnrolmentCodes;
  readonly ingest: Ingest;
  readonly live: LiveState;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly now: () => number;
  readonly config: () => Config;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

const renewalCheckMs = 12 * 3_600_000;
/** How long a stop waits for peers to answer the close handshake. */
const stopGraceMs = 1_000;

export class Gateway {
  readonly #options: GatewayOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #all = new Set<Session>();
  readonly #enrolment: Enrolment;
  /** perMessageDeflate costs memory per connection and opens a bomb; a batch compresses itself. */
  readonly #sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: limits.frame,
    maxFragments: 64,
    maxBufferedChunks: 1_024,
    handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
  });
  #server: Server | undefined;
  #renewal: NodeJS.Timeout | undefined;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#enrolment = new Enrolment({
      agents: options.agents,
      codes: options.codes,
      metrics: options.metrics,
      logger: options.logger,
      now: options.now,
      enrolled: (agent: AgentRecord) => options.live.put(agent),
    });
  }

  async start(): Promise<void> {
    const server = createServer({
      ...(await this.#options.authority.credentials()),
      minVersion: 'TLSv1.3',
      handshakeTimeout: 10_000,
      headersTimeout: 3_000,
      requestTimeout: 5_000,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 8_192,
    });
    this.#server = server;
    server.on('request', (request, response) => {
      if (request.url === enrolPath) void this.#enrolment.handle(request, response);
      else response.writeHead(404).end();
    });
    server.on('upgrade', (request, socket, head) => {
      // Agents never send Origin; a browser always does.
      const refused =
        request.url !== agentPath
          ? '404 Not Found'
          : request.headers.origin !== undefined
            ? '403 Forbidden'
            : undefined;
      if (refused !== undefined) return void socket.end(`HTTP/1.1 ${refused}\r\nConnection: close\r\n\r\n`);
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
        this.#options.metrics.connections.inc();
        const connection = { socket: webSocket, tls: socket as TLSSocket };
        if (webSocket.protocol !== subprotocol) return webSocket.close(1002, 'subprotocol');
        const session = new Session(connection, {
          ...this.#options,
          opened: (opened) => this.#opened(opened),
          closed: (closed, how) => this.#closed(closed, how),
        });
        this.#all.add(session);
        session.start();
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port: this.#options.port, host: this.#options.host }, resolve);
    });
    server.on('error', (error) => this.#options.logger.error({ error: error.message }, "agents' port failed"));
    this.#renewal = setInterval(() => void this.#renew(), renewalCheckMs).unref();
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
    this.#sessions.get(agentId)?.close('revoked');
  }

  configure(config: Config): void {
    for (const session of this.#sessions.values()) session.configure(config);
  }

  /** Takes no more connections and says goodbye to all. */
  async stop(): Promise<void> {
    clearInterval(this.#renewal);
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const session of this.#all) session.leave();
    const deadline = setTimeout(() => {
      for (const socket of this.#sockets.clients) socket.terminate();
      server.closeAllConnections();
    }, stopGraceMs);
    await closed;
    clearTimeout(deadline);
  }

  #opened(session: Session): void {
    const id = session.agentId;
    if (id === undefined) return;
    const older = this.#sessions.get(id);
    this.#sessions.set(id, session);
    older?.close('replaced');
  }

  #closed(session: Session, how: 'closed' | 'silent'): void {
    this.#all.delete(session);
    const id = session.agentId;
    // An older session that was replaced says nothing about the agent.
    if (id === undefined || this.#sessions.get(id) !== session) return;
    this.#sessions.delete(id);
    this.#options.live.disconnected(id, how);
  }

  async #renew(): Promise<void> {
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
