/** A time server for tests: SNTP (RFC 4330) with a clock that may be wrong. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';

/** Seconds from 1900, where NTP begins, to 1970. */
const epochSeconds = 2_208_988_800;
const packetBytes = 48;

export class NtpServer {
  /** What the clock is ahead of this machine's. */
  offsetMs = 0;

  async listen(address: string): Promise<void> {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    socket.on('message', (request, from) => this.#answer(socket, { request, from }));
    await new Promise<void>((resolve, reject) => socket.once('error', reject).bind(123, address, resolve));
  }

  #answer(socket: Socket, asked: { request: Buffer; from: RemoteInfo }): void {
    if (asked.request.length < packetBytes) return;
    const answer = Buffer.alloc(packetBytes);
    // No leap second, version 4, server; stratum 2; polled each 64 s; precise to 2^-20 s.
    answer.set([0x24, 2, 6, 0xec]);
    const now = Date.now() + this.offsetMs;
    writeTime(answer, { at: 16, milliseconds: now });
    asked.request.copy(answer, 24, 40, 48);
    writeTime(answer, { at: 32, milliseconds: now });
    writeTime(answer, { at: 40, milliseconds: now });
    socket.send(answer, asked.from.port, asked.from.address);
  }
}

function writeTime(packet: Buffer, time: { at: number; milliseconds: number }): void {
  const seconds = Math.floor(time.milliseconds / 1_000);
  packet.writeUInt32BE(seconds + epochSeconds, time.at);
  packet.writeUInt32BE(Math.floor(((time.milliseconds - seconds * 1_000) / 1_000) * 2 ** 32), time.at + 4);
}
