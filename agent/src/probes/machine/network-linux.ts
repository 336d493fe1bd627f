/**
 * Sources: `/proc/net/dev`, proc(5), and `/sys/class/net/<name>/operstate`, the kernel's
 * Documentation/networking/operstates.rst.
 *
 * Cards, bonds, bridges, VLANs and tunnels count: each can be an office's way out. Left out are loopback, the inner ends
 * of containers and virtual machines, and what the kernel makes for its own use; there can be hundreds of them, they
 * come and go, and their traffic shows on a card too.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue, type Point, point } from '@vonggac/shared';
import { ProcFile } from '../../system/proc-file.ts';
import { cleanText, quote } from '../clean-text.ts';
import type { Probe } from '../probe.ts';
import { CounterRates, type CounterRows } from './counter-rates.ts';

const ignored = new RegExp(
  `^(?:${[
    'lo',
    // Docker, Podman, Kubernetes networks, LXC, libvirt, Proxmox.
    'veth.*|docker\\d+|docker_gwbridge|podman\\d+',
    'br-[0-9a-f]{12}|cni.*|cali.*|flannel.*|kube-.*|lxcbr\\d+|lxdbr\\d+|virbr\\d.*|vnet\\d+',
    'tap\\d+i\\d+|fwbr.*|fwln.*|fwpr.*',
    // Made by kernel modules as they load, never used.
    'dummy\\d+|ifb\\d+|teql\\d+|sit0|tunl0|ip6tnl0|gre0|gretap0|erspan0|ip_vti0|ip6_vti0|ip6gre0',
  ].join('|')})$`,
);

export function networkProbe(root: string): Probe {
  const file = new ProcFile(join(root, 'proc/net/dev'));
  const counters = new CounterRates();
  return {
    name: 'network',
    cadence: catalogue.network.cadence,
    atStart: true,
    timeoutMs: 5_000,
    async collect({ time, monotonicMs }) {
      const rows = parseNetDev(file.read());
      const rates = counters.next(rows, monotonicMs());
      const points: Point[] = [];
      for (const name of rows.keys()) {
        const [received, transmitted, packetsReceived, packetsTransmitted, errors, drops] = rates.get(name) ?? [];
        const fields = {
          receive_bytes_per_second: received,
          transmit_bytes_per_second: transmitted,
          receive_packets_per_second: packetsReceived,
          transmit_packets_per_second: packetsTransmitted,
          errors_per_second: errors,
          drops_per_second: drops,
          up: readUp(join(root, 'sys/class/net', name, 'operstate')),
        };
        points.push(point('network', { time, tags: { interface: cleanText(name) }, fields }));
      }
      return { status: 'measured', points };
    },
  };
}

/** By interface: bytes and packets received and sent, errors, drops. Throws at a line that is not as it should be. */
export function parseNetDev(text: string): CounterRows {
  if (!text.startsWith('Inter-|')) throw new Error(`cannot parse /proc/net/dev: it begins with ${quote(text)}`);
  const rows = new Map<string, readonly number[]>();
  for (const line of text.split('\n')) {
    // Old kernels let a name hold a colon, and write none of the blanks after the one that ends it.
    const end = line.lastIndexOf(':');
    const name = line.slice(0, Math.max(0, end)).trim();
    if (name === '' || ignored.test(name)) continue;
    const columns = line
      .slice(end + 1)
      .trim()
      .split(/ +/)
      .map(Number);
    const [receivedBytes = 0, received = 0, receiveErrors = 0, receiveDrops = 0] = columns;
    const [transmittedBytes = 0, transmitted = 0, transmitErrors = 0, transmitDrops = 0] = columns.slice(8);
    if (columns.length < 16 || !columns.every(Number.isFinite)) {
      throw new Error(`cannot parse /proc/net/dev: ${quote(line)}`);
    }
    const errors = receiveErrors + transmitErrors;
    rows.set(name, [receivedBytes, transmittedBytes, received, transmitted, errors, receiveDrops + transmitDrops]);
  }
  return rows;
}

/** Whether the link is up; undefined when the kernel does not say, as for an interface that has just gone. */
function readUp(path: string): boolean | undefined {
  try {
    return parseOperstate(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Many drivers, of tunnels above all, leave it at `unknown`: operstates.rst says to take that for up. */
export function parseOperstate(text: string): boolean {
  const state = text.trim();
  return state === 'up' || state === 'unknown';
}
