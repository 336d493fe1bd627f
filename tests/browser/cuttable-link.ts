/** A TCP link that can go dead without a word, as lines do: bytes vanish, nothing is closed. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface CuttableLink {
  readonly origin: string;
  /** From now on nothing arrives any more, in either direction. */
  cut(): void;
  /** New connections work again; those that were cut stay dead. */
  mend(): void;
  close(): Promise<void>;
}

/** Opens a link to a port of this machine. */
export async function openLink(targetPort: number): Promise<CuttableLink> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    sockets.add(near);
    near.on('error', () => near.destroy());
    if (isCut) return;
    const far = connect(targetPort, '127.0.0.1');
    sockets.add(far);
    far.on('error', () => near.destroy());
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    mend() {
      isCut = false;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
