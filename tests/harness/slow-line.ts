/** A line that carries so many bits a second each way, and counts what it carries. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export class SlowLine {
  readonly #bytesPerSecond: number;
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();
  /** Bytes from agents to the collector. */
  up = 0;

  constructor(bitsPerSecond: number) {
    this.#bytesPerSecond = bitsPerSecond / 8;
  }

  /** Leads to `port` on the loopback; where it begins. */
  async start(port: number): Promise<string> {
    const server = createServer((agent) => {
      const collector = connect(port, '127.0.0.1');
      for (const socket of [agent, collector]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
      }
      const count = (bytes: number) => {
        this.up += bytes;
      };
      void this.#carry({ from: agent, to: collector, count });
      void this.#carry({ from: collector, to: agent, count: () => undefined });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the line does not listen');
    return `127.0.0.1:${address.port}`;
  }

  stop(): void {
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #carry(way: { from: Socket; to: Socket; count: (bytes: number) => void }): Promise<void> {
    let freeAt = performance.now();
    try {
      for await (const chunk of way.from as AsyncIterable<Buffer>) {
        freeAt = Math.max(freeAt, performance.now()) + (chunk.length / this.#bytesPerSecond) * 1_000;
        await wait(Math.max(0, freeAt - performance.now()));
        way.count(chunk.length);
        way.to.write(chunk);
      }
    } catch {
      // Cut off; the other end goes too.
    }
    way.to.destroy();
  }
}
