import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Relay } from './relay.ts';
import { RelayDoor } from './relay-door.ts';
import { RelaySettings } from './relay-settings.ts';

const hello = Buffer.from([22, 3, 1, 0, 5, 1, 2, 3, 4, 5]);
const said: string[] = [];
const say = (message: string) => void said.push(message);
const logger = { debug: say, info: say, warn: say, error: say };
const stops: (() => void | Promise<void>)[] = [];

beforeEach(() => {
  said.length = 0;
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A server on loopback; answers each connection by `serve`. */
async function listen(
  serve: (socket: Socket) => void,
): Promise<{ server: Server; address: string; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { server, address: `127.0.0.1:${portOf(server)}`, sockets };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** A port on which nothing listens. */
async function deadAddress(): Promise<string> {
  const { server, address } = await listen(() => undefined);
  server.close();
  await once(server, 'close');
  return address;
}

async function relayTo(addresses: readonly string[], settings: Partial<RelaySettings> = {}): Promise<Relay> {
  const parsed = { ...RelaySettings.parse({ listen: await deadAddress() }), ...settings };
  const door = new RelayDoor({
    settings: parsed,
    interfaces: () => ({}),
    outlook: () => undefined,
    monotonic: () => 0,
  });
  const patience = { firstBytesMs: 200, connectMs: 1_000 };
  const relay = new Relay({ settings: parsed, door, addresses, logger, patience });
  stops.push(() => relay.stop());
  relay.start();
  await expect.poll(() => relay.port).toBeDefined();
  return relay;
}

async function client(relay: Relay): Promise<Socket> {
  const socket = connect(relay.port ?? 0, '127.0.0.1');
  socket.on('error', () => undefined);
  stops.push(() => void socket.destroy());
  // A refused one may be reset before it knows that it was open.
  await new Promise<void>((resolve) => {
    socket.once('connect', () => resolve());
    socket.once('close', () => resolve());
  });
  return socket;
}

/** A reset is an end too. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve();
    socket.once('close', () => resolve());
  });
}

async function fieldsOf(relay: Relay) {
  const context = { time: 0, monotonicMs: () => 0 };
  const result = await relay.probe.collect(context, new AbortController().signal);
  return result.status === 'measured' ? result.points[0]?.fields : undefined;
}

describe('bytes', () => {
  test('go both ways unchanged, and are counted', async () => {
    const collector = await listen((socket) => socket.pipe(socket));
    const relay = await relayTo([collector.address]);
    const socket = await client(relay);
    const sent = Buffer.concat([hello, Buffer.alloc(3_000_000, 'dữ liệu')]);
    socket.write(sent);
    const received: Buffer[] = [];
    socket.on('data', (chunk) => received.push(chunk));
    await expect.poll(() => Buffer.concat(received).length).toBe(sent.length);
    expect(Buffer.concat(received).equals(sent)).toBe(true);
    expect(await fieldsOf(relay)).toEqual({
      connections: 1,
      accepted: 1,
      refused: 0,
      failed: 0,
      up_bytes: sent.length,
      down_bytes: sent.length,
    });
    socket.destroy();
    await expect.poll(() => fieldsOf(relay)).toMatchObject({ connections: 0, up_bytes: sent.length });
  });

  test('wait for an end that does not read, not in the relay', async () => {
    const collector = await listen((socket) => socket.pause());
    const relay = await relayTo([collector.address]);
    const socket = await client(relay);
    const chunk = Buffer.alloc(65_536, 1);
    socket.write(hello);
    let written = 0;
    // Until the kernel's buffers and the relay's are full.
    const hasDrained = () =>
      new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(false), 300);
        socket.once('drain', () => {
          clearTimeout(timer);
          resolve(true);
        });
      });
    do {
      socket.write(chunk);
      written += chunk.length;
    } while ((socket.writableNeedDrain ? await hasDrained() : true) && written < 200_000_000);
    expect(written).toBeLessThan(50_000_000);
  });

  test('in a drip are put together', async () => {
    const collector = await listen((socket) => socket.pipe(socket));
    const relay = await relayTo([collector.address]);
    const socket = await client(relay);
    socket.setNoDelay(true);
    socket.write(hello.subarray(0, 1));
    await expect.poll(() => fieldsOf(relay)).toMatchObject({ accepted: 1 });
    socket.write(hello.subarray(1));
    const [echoed] = (await once(socket, 'data')) as [Buffer];
    expect(echoed.equals(hello)).toBe(true);
  });
});

describe('whoever', () => {
  test.each([
    ['speaks another protocol', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['asks for another host', Buffer.from('CONNECT 8.8.8.8:443 HTTP/1.1\r\n\r\n')],
    ['speaks TLS without a handshake', Buffer.from([23, 3, 3, 0, 1, 0])],
    ['speaks nothing', Buffer.alloc(0)],
  ])('%s is cut off before the collector hears of it', async (_name, bytes) => {
    const collector = await listen((socket) => socket.resume());
    const relay = await relayTo([collector.address]);
    const socket = await client(relay);
    if (bytes.length > 0) socket.write(bytes);
    await closed(socket);
    expect(collector.sockets).toHaveLength(0);
    await expect.poll(() => fieldsOf(relay)).toMatchObject({ connections: 0, refused: 1, up_bytes: 0 });
  });

  test('comes once too often is refused, which is said once', async () => {
    const collector = await listen((socket) => socket.resume());
    const relay = await relayTo([collector.address], { connections_per_address: 1 });
    const first = await client(relay);
    for (let count = 0; count < 2; count += 1) await closed(await client(relay));
    expect(first.destroyed).toBe(false);
    expect(await fieldsOf(relay)).toMatchObject({ accepted: 1, refused: 2 });
    expect(said.filter((line) => line.includes('refused'))).toHaveLength(1);
  });

  test('says nothing for long is cut off', async () => {
    const collector = await listen((socket) => socket.resume());
    const relay = await relayTo([collector.address], { idle_seconds: 0.2 });
    const socket = await client(relay);
    socket.write(hello);
    await closed(socket);
    await expect.poll(() => collector.sockets[0]?.destroyed).toBe(true);
  });

  test('leaves is not kept at the collector, and the other way round', async () => {
    const collector = await listen((socket) => socket.resume());
    const relay = await relayTo([collector.address]);
    const leaving = await client(relay);
    leaving.write(hello);
    await expect.poll(() => collector.sockets.length).toBe(1);
    leaving.destroy();
    await expect.poll(() => collector.sockets[0]?.destroyed).toBe(true);
    const left = await client(relay);
    left.write(hello);
    await expect.poll(() => collector.sockets.length).toBe(2);
    collector.sockets[1]?.destroy();
    await closed(left);
  });
});

describe('the collector', () => {
  test('is tried at its other addresses, and next time first where it was', async () => {
    const dead = await deadAddress();
    const collector = await listen((socket) => socket.pipe(socket));
    const relay = await relayTo([dead, collector.address]);
    for (let count = 0; count < 2; count += 1) {
      const socket = await client(relay);
      socket.write(hello);
      await once(socket, 'data');
    }
    expect(await fieldsOf(relay)).toMatchObject({ failed: 0, accepted: 2 });
  });

  test('that cannot be reached ends the connection, and is counted', async () => {
    const relay = await relayTo([await deadAddress()]);
    const socket = await client(relay);
    socket.write(hello);
    await closed(socket);
    expect(await fieldsOf(relay)).toMatchObject({ failed: 1, connections: 0 });
  });
});

describe('life', () => {
  test('a stop ends what is open; safe twice and before the start', async () => {
    const collector = await listen((socket) => socket.resume());
    const relay = await relayTo([collector.address]);
    const socket = await client(relay);
    socket.write(hello);
    await expect.poll(() => collector.sockets.length).toBe(1);
    await relay.stop();
    await relay.stop();
    await closed(socket);
    await expect.poll(() => collector.sockets[0]?.destroyed).toBe(true);
    expect(relay.port).toBeUndefined();
  });

  test('a port that is taken does not end the agent', async () => {
    const { address } = await listen(() => undefined);
    const settings = RelaySettings.parse({ listen: address });
    const door = new RelayDoor({ settings, interfaces: () => ({}), outlook: () => undefined, monotonic: () => 0 });
    const relay = new Relay({ settings, door, addresses: [], logger });
    relay.start();
    await expect.poll(() => said).toContain('the port of the relay cannot be used, will try again');
    await relay.stop();
  });
});
