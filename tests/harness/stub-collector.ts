/** The collector's side of the wire, doing what a test tells it: real TLS, real WebSockets, no store. */
import { createServer, type Server } from 'node:https';
import { inflateRawSync } from 'node:zlib';
import { type AgentMessage, batchDictionary, parseAgentMessage, subprotocol } from '@vonggac/shared';
import { type WebSocket, WebSocketServer } from 'ws';
import { Authority } from '../../collector/src/trust/authority.ts';

type Answer = (message: AgentMessage, send: (message: object | string | Buffer) => void) => void;

export class StubCollector {
  /** Everything that agents said, in order. */
  readonly received: AgentMessage[] = [];
  readonly closes: number[] = [];
  /** Length of every frame. */
  readonly frameBytes: number[] = [];
  connections = 0;
  /** WebSocket pings. */
  beats = 0;
  answer: Answer = welcomeAndAck;
  #server: Server | undefined;
  #sockets: WebSocketServer | undefined;
  readonly #certificateClock: () => number;
  #pin = '';

  /** The clock says when its certificate begins and ends. */
  constructor(certificateClock: () => number = Date.now) {
    this.#certificateClock = certificateClock;
  }

  async start(folder: string): Promise<void> {
    const authority = new Authority(folder, this.#certificateClock);
    const server = createServer({ ...(await authority.credentials()), minVersion: 'TLSv1.3' });
    this.#pin = authority.pin;
    const sockets = new WebSocketServer({ server, handleProtocols: () => subprotocol });
    sockets.on('connection', (socket) => this.#serve(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
    this.#sockets = sockets;
  }

  get address(): string {
    const address = this.#server?.address();
    if (typeof address !== 'object' || address === null) throw new Error('the collector does not listen');
    return `127.0.0.1:${address.port}`;
  }

  get pin(): string {
    return this.#pin;
  }

  /** Ends all connections: with a close code, or as when the line breaks. */
  cut(code?: number): void {
    for (const socket of this.#sockets?.clients ?? []) {
      if (code === undefined) socket.terminate();
      else socket.close(code);
    }
  }

  /** How many messages of a type came. */
  count(type: AgentMessage['type']): number {
    return this.received.filter((message) => message.type === type).length;
  }

  /** Cuts every connection; agents come back. */
  disconnect(): void {
    for (const socket of this.#sockets?.clients ?? []) socket.terminate();
  }

  async stop(): Promise<void> {
    this.disconnect();
    this.#server?.closeAllConnections();
    await new Promise<void>((resolve) => this.#server?.close(() => resolve()));
  }

  #serve(socket: WebSocket): void {
    this.connections += 1;
    const send = (message: object | string | Buffer) =>
      socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
    send({ type: 'challenge', nonce: 'bm9uY2U', time: Date.now() });
    socket.on('message', (data, isBinary) => {
      this.frameBytes.push((data as Buffer).length);
      const dictionary = Buffer.from(batchDictionary);
      const text = isBinary ? inflateRawSync(data as Buffer, { dictionary }).toString() : String(data);
      const message = parseAgentMessage(text);
      this.received.push(message);
      this.answer(message, send);
    });
    socket.on('ping', () => {
      this.beats += 1;
    });
    socket.on('close', (code) => this.closes.push(code));
  }
}

export function welcome(message: AgentMessage, send: (message: object) => void): void {
  if (message.type === 'hello') send({ type: 'welcome', session: 'stub', time: Date.now(), window: 2 });
  if (message.type === 'ping') send({ type: 'ping', sent: message.sent, time: Date.now() });
}

export function welcomeAndAck(message: AgentMessage, send: (message: object) => void): void {
  welcome(message, send);
  if (message.type === 'batch') send({ type: 'ack', seq: message.seq });
}
