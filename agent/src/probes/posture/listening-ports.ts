/** Local ports that other machines can connect to. Source: /proc/net/tcp and tcp6. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const listening = '0A';
const loopback = /^(?:[0-9A-F]{6}7F|0{24}01000000|0{16}FFFF0000[0-9A-F]{6}7F)$/;

export function listeningPorts(root: string): ReadonlySet<number> {
  const tables = [readFileSync(join(root, 'proc/net/tcp'), 'utf8')];
  try {
    tables.push(readFileSync(join(root, 'proc/net/tcp6'), 'utf8'));
  } catch {
    // A kernel without IPv6.
  }
  return parseListening(tables.join('\n'));
}

/** `   0: 00000000:0D3D 00000000:0000 0A …`: local address and port, peer, state. */
export function parseListening(text: string): Set<number> {
  const ports = new Set<number>();
  for (const line of text.split('\n')) {
    const [, local = '', , state] = line.trim().split(/\s+/);
    const [, address = '', port = ''] = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(local) ?? [];
    if (state === listening && port !== '' && !loopback.test(address)) ports.add(Number.parseInt(port, 16));
  }
  return ports;
}
