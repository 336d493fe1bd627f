/** A peer that keeps to no protocol: raw TCP and TLS bytes, WebSocket frames with every bit as wished. */
import { randomBytes } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type SecureVersion, type TLSSocket } from 'node:tls';
import { agentPath, subprotocol } from '@vonggac/shared';

export interface Line {
  readonly socket: Socket | TLSSocket;
  /** Everything that was answered, in the end. */
  readonly closed: Promise<{ readonly answer: Buffer; readonly afterMs: number }>;
  /** Resolves with what was answered as soon as that contains `text`. */
  readonly answered: (text: string) => Promise<string>;
  /** Ends the connection with a TCP reset. */
  readonly reset: () => void;
}

export interface LineOptions {
  /** The collector's port on 127.0.0.1. */
  readonly port: number;
  /** Any address of 127/8 is this machine's on Linux, so that one test can come from many. */
  readonly from?: string;
  readonly version?: SecureVersion;
  readonly ciphers?: string;
}

/** Plain TCP; resolves when connected. */
export async function tcpLine(options: LineOptions): Promise<Line> {
  const socket = connectTcp(tcpOptions(options));
  const line = watch(socket, socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return line;
}

/** TLS; rejects when the handshake fails. Who the server is does not matter here. */
export async function tlsLine(options: LineOptions): Promise<Line> {
  const tcp = connectTcp(tcpOptions(options));
  const socket = connectTls({
    socket: tcp,
    rejectUnauthorized: false,
    ...(options.version && { minVersion: options.version, maxVersion: options.version }),
    ...(options.ciphers && { ciphers: options.ciphers }),
  });
  const line = watch(socket, tcp);
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed during the TLS handshake')));
  });
  return line;
}

function tcpOptions({ port, from }: LineOptions) {
  return { host: '127.0.0.1', port, ...(from !== undefined && { localAddress: from }) };
}

function watch(socket: Socket, tcp: Socket): Line {
  const startedAt = Date.now();
  const chunks: Buffer[] = [];
  socket.on('error', () => undefined);
  tcp.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = new Promise<{ answer: Buffer; afterMs: number }>((resolve) => {
    socket.once('close', () => resolve({ answer: Buffer.concat(chunks), afterMs: Date.now() - startedAt }));
  });
  return {
    socket,
    closed,
    reset: () => tcp.resetAndDestroy(),
    answered: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const answer = Buffer.concat(chunks).toString('latin1');
          if (answer.includes(text)) resolve(answer);
        };
        look();
        socket.on('data', look);
        socket.once('close', () => reject(new Error(`closed without ${text}`)));
      }),
  };
}

/** An HTTP request that asks for a WebSocket. */
export function upgradeRequest(options: { path?: string; headers?: readonly string[] } = {}): string {
  return [
    `GET ${options.path ?? agentPath} HTTP/1.1`,
    'Host: collector',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    `Sec-WebSocket-Protocol: ${subprotocol}`,
    ...(options.headers ?? []),
    '\r\n',
  ].join('\r\n');
}

/** A line on which the WebSocket handshake is done; the challenge is on its way. */
export async function webSocketLine(options: LineOptions): Promise<Line> {
  const line = await tlsLine(options);
  line.socket.write(upgradeRequest());
  await line.answered('challenge');
  return line;
}

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** One frame (RFC 6455 section 5.2). `declared` is the length that the header claims. */
export function frame(
  payload: Buffer | string,
  options: { opcode?: number; fin?: boolean; rsv?: number; masked?: boolean; declared?: bigint } = {},
): Buffer {
  const data = Buffer.from(payload);
  const declared = options.declared ?? BigInt(data.length);
  const masked = options.masked ?? true;
  const first = (options.fin === false ? 0 : 0x80) | ((options.rsv ?? 0) << 4) | (options.opcode ?? opcodes.text);
  const maskBit = masked ? 0x80 : 0;
  const header =
    declared < 126n
      ? Buffer.from([first, maskBit | Number(declared)])
      : declared < 65_536n
        ? Buffer.from([first, maskBit | 126, 0, 0])
        : Buffer.from([first, maskBit | 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  if (header.length === 4) header.writeUInt16BE(Number(declared), 2);
  if (header.length === 10) header.writeBigUInt64BE(declared, 2);
  // A mask of zeros is a valid mask.
  return Buffer.concat(masked ? [header, Buffer.alloc(4), data] : [header, data]);
}
