/** The line between one agent and the collector, byte by byte, with what lines do: it breaks, and not always openly. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from '../fuzz/random.ts';

/**
 * - `cut`: everything is reset, nothing gets through.
 * - `silent`: bytes vanish, nothing is closed, and what was silent once stays so: the router has forgotten it.
 * - `one-way`: the same, but only towards the agent: the collector hears all, its acks get lost.
 * - `slow`: so many bytes a second, as on a line that is full.
 * - `lossy`: now and then a byte arrives as another one.
 */
export type Weather = 'good' | 'cut' | 'silent' | 'one-way' | 'slow' | 'lossy';

const slowBytesPerSecond = 2_000;
/** Of a chunk being spoilt. */
const lossyChance = 0.2;

export class FaultyLine {
  /** Connections of agents so far. */
  connections = 0;
  /** Chunks with a byte that was changed. */
  spoilt = 0;
  /** Bytes that nobody got. */
  swallowed = 0;
  readonly #random: Random;
  readonly #target: () => number;
  readonly #sockets = new Set<Socket>();
  #weather: Weather = 'good';
  readonly #server: Server;

  /** `target` is the collector's port on the loopback. */
  constructor(options: { readonly target: () => number; readonly random: Random }) {
    this.#target = options.target;
    this.#random = options.random;
    this.#server = createServer((agent) => this.#accept(agent));
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  /** Where the line begins. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  set weather(weather: Weather) {
    // Acks that got lost on a line that comes back are asked for again only once the connection is closed.
    const isOver = weather === 'cut' || this.#weather === 'one-way';
    this.#weather = weather;
    if (isOver) this.#reset();
  }

  async stop(): Promise<void> {
    this.#reset();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  #accept(agent: Socket): void {
    if (this.#weather === 'cut') {
      agent.resetAndDestroy();
      return;
    }
    this.connections += 1;
    const collector = connect(this.#target(), '127.0.0.1');
    for (const socket of [agent, collector]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
    }
    void this.#carry(agent, { to: collector, isDeadIn: ['silent'] });
    void this.#carry(collector, { to: agent, isDeadIn: ['silent', 'one-way'] });
  }

  /** Until one end closes; the other then is closed too, unless nothing gets through any more. */
  async #carry(from: Socket, way: { readonly to: Socket; readonly isDeadIn: readonly Weather[] }): Promise<void> {
    let isDead = false;
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        isDead ||= way.isDeadIn.includes(this.#weather);
        if (isDead) this.swallowed += chunk.length;
        else await this.#pass(chunk, way.to);
      }
    } catch {
      // Reset.
    }
    if (isDead || way.isDeadIn.includes(this.#weather)) return;
    if (from.errored) way.to.resetAndDestroy();
    else way.to.end();
  }

  async #pass(chunk: Buffer, to: Socket): Promise<void> {
    if (this.#weather === 'slow') await wait((chunk.length / slowBytesPerSecond) * 1_000);
    if (this.#weather === 'lossy' && this.#random.chance(lossyChance)) {
      this.spoilt += 1;
      const at = this.#random.below(chunk.length);
      chunk[at] = (chunk[at] ?? 0) ^ (1 << this.#random.below(8));
    }
    to.write(chunk);
  }
}
