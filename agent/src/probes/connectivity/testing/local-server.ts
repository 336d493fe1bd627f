/** Servers on the loopback that end with the test. */
import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

export class LocalServers {
  readonly #closers: (() => void)[] = [];
  /** Connections that are open now. */
  readonly open = new Set<Socket>();

  /** Returns the port. */
  async tcp(onConnection: (socket: Socket) => void): Promise<number> {
    return this.add(createServer(onConnection));
  }

  async http(listener: RequestListener): Promise<number> {
    return this.add(createHttpServer(listener));
  }

  async add(server: Server, host = '127.0.0.1'): Promise<number> {
    server.on('connection', (socket) => {
      this.open.add(socket);
      socket.on('close', () => this.open.delete(socket));
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    this.#closers.push(() => server.close());
    return (server.address() as AddressInfo).port;
  }

  async udp(onPacket: (packet: Buffer, reply: (answer: Buffer) => void) => void, host = '127.0.0.1'): Promise<number> {
    const socket: UdpSocket = createSocket('udp4');
    socket.on('message', (packet, from: RemoteInfo) =>
      onPacket(packet, (answer) => socket.send(answer, from.port, from.address)),
    );
    await new Promise<void>((resolve) => socket.bind(0, host, resolve));
    this.#closers.push(() => socket.close());
    return socket.address().port;
  }

  stop(): void {
    for (const close of this.#closers.splice(0)) close();
    for (const socket of this.open) socket.destroy();
  }
}

/** A port that nobody listens on. */
export async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
