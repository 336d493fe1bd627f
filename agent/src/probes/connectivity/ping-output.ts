/**
 * What ping(8) printed: iputils, busybox and GNU on Unix, and Windows in any language. Numbers and addresses are read,
 * words are not: Windows translates them, and writes them in code pages that arrive here as nonsense.
 */
import { isIP } from 'node:net';
import { quote } from '../clean-text.ts';

export interface PingAnswer {
  readonly sent: number;
  /** Milliseconds, one of each packet that was answered. */
  readonly rtts: readonly number[];
  /** Whether nobody but a router or a firewall answered, that the host cannot be reached. */
  readonly isUnreachable: boolean;
}

/** `3 packets transmitted, 2 received, +1 errors, 33.3333% packet loss`: what was sent stands first on its line. */
const unixTotals = /^(\d+) \D+(\d+) [^%]*?(\d+(?:\.\d+)?)\s*%/m;
/** `Packets: Sent = 4, Received = 4, Lost = 0 (0% loss),`. */
const windowsTotals = /=\s*(\d+)\D+=\s*(\d+)\D+=\s*(\d+)\s*\((\d+)\s*%/;
/** `time=0.208 ms`, `time<1ms`, `Zeit=3ms`; some languages have a comma. */
const time = /([=<])\s*(\d+(?:[.,]\d+)?)\s*ms\b/;
const sequence = /\b(?:icmp_)?[sr]eq=(\d+)/;

/** Throws when the text does not add up to an answer of ping: then nothing is known of the host. */
export function parsePing(text: string, address: string): PingAnswer {
  const lines = text.split('\n');
  const plainAddress = withoutZone(address);
  const answered = new Set<string>();
  const rtts: number[] = [];
  let refusals = 0;
  for (const [number, line] of lines.entries()) {
    const from = addressIn(line);
    const match = time.exec(line);
    if (from === undefined) continue;
    if (from === plainAddress && match?.[2] !== undefined) {
      // A packet may be answered twice; Windows has no sequence numbers and no such lines.
      const packet = sequence.exec(line)?.[1] ?? `line ${number}`;
      if (answered.has(packet)) continue;
      answered.add(packet);
      rtts.push(match[1] === '<' ? Number(match[2]) / 2 : Number(match[2].replace(',', '.')));
    } else if (!match && (from !== plainAddress || sequence.test(line))) refusals += 1;
  }
  const { sent, received, isWindows } = totalsOf(text);
  // Windows counts "host unreachable", said by a router, as received.
  const expected = isWindows ? rtts.length + refusals : rtts.length;
  if (received !== expected || rtts.length > sent) throw unparsable(text);
  return { sent, rtts, isUnreachable: refusals > 0 && rtts.length === 0 };
}

function totalsOf(text: string): { sent: number; received: number; isWindows: boolean } {
  const windows = windowsTotals.exec(text);
  const [, sent, received] = windows ?? unixTotals.exec(text) ?? [];
  const totals = { sent: Number(sent), received: Number(received), isWindows: windows !== null };
  if (!(totals.sent > 0) || !(totals.received <= totals.sent)) throw unparsable(text);
  return totals;
}

/** The first address of a line, without its zone. */
function addressIn(line: string): string | undefined {
  for (const word of line.split(/[\s()[\]]+/)) {
    const address = withoutZone(word.replace(/[:,.]$/, ''));
    if (isIP(address) !== 0) return address;
  }
  return undefined;
}

function withoutZone(address: string): string {
  return address.replace(/%.*$/, '').toLowerCase();
}

function unparsable(text: string): Error {
  return new Error(`ping printed nothing that adds up: ${quote(text.trim())}`);
}
