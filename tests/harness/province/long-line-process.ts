/**
 * The length of a long line: every datagram goes back to where it came from, `delayMs` later. socat hands over the
 * packets of a TUN device this way, because this process cannot open one and kernels may lack `netem`.
 */
import { createSocket } from 'node:dgram';

const [delayMs = 0, port = 0] = process.argv.slice(2).map(Number);
const socket = createSocket({ type: 'udp4', recvBufferSize: 4_194_304, sendBufferSize: 4_194_304 });
socket.on('message', (packet, from) => setTimeout(() => socket.send(packet, from.port, from.address), delayMs));
socket.bind(port, '127.0.0.1', () => process.send?.('ready'));
process.on('disconnect', () => process.exit(0));
