/** A wire tap: passes TCP between an agent and a collector and keeps every byte, with its time. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export type Side = 'agent' | 'collector';

export interface Passed {
  readonly from: Side;
  /** Milliseconds since the connection was made. */
  readonly at: number;
  readonly bytes: Buffer;
}

export class RecordingRelay {
  /** In the order in which it came. */
  readonly passed: Passed[] = [];
  /** What the agent had said before anything of the collector's was let through. */
  beforeAnswer: Buffer = Buffer.alloc(0);
  connections = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** Holds the collector's first bytes back for `holdMs`, so that the agent has time to say more than it should. */
  constructor(target: { readonly port: number; readonly holdMs: number }) {
    this.#server = createServer((agent) => this.#relay(agent, target));
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** All that one side said. */
  bytesFrom(side: Side): Buffer {
    return Buffer.concat(this.passed.filter(({ from }) => from === side).map(({ bytes }) => bytes));
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #relay(agent: Socket, { port, holdMs }: { port: number; holdMs: number }): void {
    this.connections += 1;
    const startedAt = performance.now();
    const collector = connect(port, '127.0.0.1');
    const note = (from: Side, bytes: Buffer) =>
      this.passed.push({ from, at: Math.round(performance.now() - startedAt), bytes });
    for (const socket of [agent, collector]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
    }
    agent.on('data', (bytes) => {
      note('agent', bytes);
      collector.write(bytes);
    });
    let held: Buffer[] | undefined = [];
    collector.on('data', (bytes) => {
      note('collector', bytes);
      if (held) held.push(bytes);
      else agent.write(bytes);
    });
    collector.once('data', () =>
      setTimeout(() => {
        this.beforeAnswer = this.bytesFrom('agent');
        for (const bytes of held ?? []) agent.write(bytes);
        held = undefined;
      }, holdMs),
    );
    agent.on('close', () => collector.end());
    collector.on('close', () => agent.end());
  }
}
