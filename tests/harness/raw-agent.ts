/** An agent that can be made to misbehave: a real, enrolled identity and a connection that sends what it is told. */
import { sign } from 'node:crypto';
import {
  agentPath,
  type Challenge,
  exporterLabel,
  exporterLength,
  helloTranscript,
  subprotocol,
} from '@vonggac/shared';
import { WebSocket } from 'ws';
import { type Identity, loadIdentity } from '../../agent/src/identity.ts';
import { type Connection, connectToCollector } from '../../agent/src/uplink/connect.ts';

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

type Message = Readonly<Record<string, unknown>> & { readonly type: string };

export class RawAgent {
  readonly received: Message[] = [];
  readonly identity: Identity;
  readonly socket: WebSocket;
  readonly closed: Promise<Closed>;
  readonly #connection: Connection;

  /** Connects to 127.0.0.1 and waits for the challenge; `hello` is up to the test. */
  static async connect(folder: string, port: number): Promise<RawAgent> {
    const identity = loadIdentity(folder);
    if (!identity) throw new Error(`no identity in ${folder}`);
    const agent = new RawAgent(identity, await connectToCollector(`127.0.0.1:${port}`, identity));
    await agent.next('challenge');
    return agent;
  }

  private constructor(identity: Identity, connection: Connection) {
    this.identity = identity;
    this.#connection = connection;
    this.socket = new WebSocket(`wss://collector${agentPath}`, subprotocol, {
      createConnection: () => connection.tls,
      perMessageDeflate: false,
    });
    this.socket.on('message', (data) => this.received.push(JSON.parse(String(data)) as Message));
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
  }

  /** The first message that is wanted, among those received or to come. */
  answer(isWanted: (message: Message) => boolean, timeoutMs: number): Promise<Message> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.received.find(isWanted);
        if (!found) return;
        clearTimeout(deadline);
        this.socket.off('message', look);
        resolve(found);
      };
      const deadline = setTimeout(() => {
        this.socket.off('message', look);
        reject(new Error(`not answered in ${timeoutMs} ms; got ${JSON.stringify(this.received)}`));
      }, timeoutMs);
      this.socket.on('message', look);
      look();
    });
  }

  /** The first message of a type. */
  next(type: string, timeoutMs = 15_000): Promise<Message> {
    return this.answer((message) => message.type === type, timeoutMs);
  }

  /** A valid hello, with whatever is to be different. */
  async hello(changes: Readonly<Record<string, unknown>> = {}): Promise<object> {
    const challenge = (await this.next('challenge')) as unknown as Challenge;
    const exporter = this.#connection.tls
      .exportKeyingMaterial(exporterLength, exporterLabel, Buffer.alloc(0))
      .toString('base64url');
    const transcript = helloTranscript({ agent: this.identity.agent, nonce: challenge.nonce, exporter });
    return {
      type: 'hello',
      agent: this.identity.agent,
      epoch: 'test',
      version: '0.0.0',
      hostname: 'raw',
      platform: 'linux',
      time: Date.now(),
      started: Date.now(),
      booted: Date.now(),
      signature: sign(null, transcript, this.identity.privateKey).toString('base64url'),
      ...changes,
    };
  }

  /** Opens the session. */
  async open(): Promise<void> {
    this.send(await this.hello());
    await this.next('welcome');
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Sends a batch of `data` as the protocol has it. */
  batch(seq: number, data: unknown = [[1, 1, [], [0], [421]]]): void {
    this.send({ type: 'batch', seq, sent: Date.now(), data });
  }

  /** Waits up to `timeoutMs` for the ack of a batch. */
  ack(seq: number, timeoutMs = 15_000): Promise<Message> {
    return this.answer((message) => message.type === 'ack' && message.seq === seq, timeoutMs);
  }

  /** Sends bytes below the WebSocket: frames that no library makes. */
  raw(bytes: Buffer): void {
    this.#connection.tls.write(bytes);
  }

  /** Stops reading from the line. */
  stopReading(): void {
    this.socket.pause();
    this.#connection.tcp.pause();
  }

  close(): void {
    this.socket.terminate();
    this.#connection.tls.destroy();
  }
}
