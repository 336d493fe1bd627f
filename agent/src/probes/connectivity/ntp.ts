/** SNTP, RFC 5905 section 14: the packet is 48 bytes, times are seconds since 1900 and their fraction, 32 bits each. */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { CheckFailure } from './check-failure.ts';
import type { CheckRun } from './check-run.ts';
import { addressesOf } from './resolve.ts';
import type { Target } from './target.ts';
import { ignoreErrors } from './tcp.ts';

/** One lost packet is not a dead server. */
const sendAgainMs = 1_200;
const packetLength = 48;
/** Version 4, mode 3: client. */
const clientHeader = 0x23;
const serverMode = 4;
const unsynchronised = 3;
const from1900To1970Seconds = 2_208_988_800;
/** After this many seconds, in 2036, the count begins anew. */
const eraSeconds = 2 ** 32;

/** How far the server's clock is ahead of ours, and how long it takes to answer. */
export async function checkNtp(target: Target, run: CheckRun): Promise<void> {
  const [address = ''] = await addressesOf(target, run);
  run.signal.throwIfAborted();
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  ignoreErrors(socket);
  run.signal.addEventListener('abort', () => socket.close(), { once: true });
  socket.connect(target.address.port, address);
  await once(socket, 'connect', { signal: run.signal });
  const sent = new Map<string, { at: number; time: number }>();
  const send = () => {
    // A random number in the place of our time: nobody else can answer it, and it does not tell our clock.
    const nonce = randomBytes(8);
    sent.set(nonce.toString('hex'), { at: run.monotonic(), time: run.now() });
    const packet = Buffer.alloc(packetLength);
    packet[0] = clientHeader;
    nonce.copy(packet, 40);
    socket.send(packet);
  };
  send();
  const again = setInterval(send, sendAgainMs);
  run.signal.addEventListener('abort', () => clearInterval(again), { once: true });
  for (;;) {
    const [packet] = (await once(socket, 'message', { signal: run.signal })) as [Buffer];
    const asked = packet.length < packetLength ? undefined : sent.get(packet.toString('hex', 24, 32));
    // Not an answer to us: RFC 5905 calls it bogus and drops it.
    if (!asked) continue;
    const elapsedMs = run.monotonic() - asked.at;
    const { receivedMs, transmittedMs } = readAnswer(packet, asked.time);
    run.rtts.push(Math.max(0, elapsedMs - (transmittedMs - receivedMs)));
    run.details.clock_offset_ms = (receivedMs - asked.time + (transmittedMs - (asked.time + elapsedMs))) / 2;
    return;
  }
}

/** When the server got our packet and sent its own, by its clock, in milliseconds since 1970. Throws CheckFailure. */
export function readAnswer(packet: Buffer, nearMs: number): { receivedMs: number; transmittedMs: number } {
  const first = packet.readUInt8(0);
  const stratum = packet.readUInt8(1);
  if ((first & 7) !== serverMode) throw new CheckFailure('bad-answer', `mode ${first & 7} is not that of a server`);
  if (stratum === 0) {
    const code = packet.toString('latin1', 12, 16).replace(/[^A-Z]/g, '');
    throw new CheckFailure('refused', `the server does not want to be asked: ${code}`);
  }
  if (first >> 6 === unsynchronised || stratum > 15) {
    throw new CheckFailure('bad-answer', 'the server does not know the time itself');
  }
  const receivedMs = readTime(packet, { offset: 32, nearMs });
  const transmittedMs = readTime(packet, { offset: 40, nearMs });
  if (transmittedMs < receivedMs) throw new CheckFailure('bad-answer', 'the server answered before it was asked');
  return { receivedMs, transmittedMs };
}

/** Of the eras the one that brings the time nearest to ours. */
function readTime(packet: Buffer, { offset, nearMs }: { offset: number; nearMs: number }): number {
  const seconds = packet.readUInt32BE(offset) - from1900To1970Seconds;
  const fraction = packet.readUInt32BE(offset + 4) / eraSeconds;
  if (seconds === -from1900To1970Seconds && fraction === 0) throw new CheckFailure('bad-answer', 'a time is missing');
  const era = Math.round((nearMs / 1_000 - seconds) / eraSeconds);
  return (seconds + era * eraSeconds + fraction) * 1_000;
}
