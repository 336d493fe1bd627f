/** A name server for tests: answers A and AAAA from a table, over UDP, or fails as it is told (RFC 1035). */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';

/** `dead` says nothing, `failing` SERVFAIL, `lying` gives every name the address of somebody else. */
export type DnsMode = 'right' | 'dead' | 'failing' | 'lying';

const types = { 1: 4, 28: 6 } as const;
const codes = { done: 0, serverFailure: 2, noSuchName: 3 } as const;
const secondsToLive = 1;

export interface DnsTable {
  /** Addresses by name, both families together. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  /** What `lying` answers. */
  readonly lie: readonly string[];
}

export class DnsServer {
  mode: DnsMode = 'right';
  readonly #table: DnsTable;
  readonly #sockets: Socket[] = [];

  constructor(table: DnsTable) {
    this.#table = table;
  }

  /** A socket for each address: an answer has to come from the address that was asked. */
  async listen(address: string, port: number): Promise<void> {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    socket.on('message', (query, from) => this.#answer(socket, { query, from }));
    await new Promise<void>((resolve, reject) => socket.once('error', reject).bind(port, address, resolve));
    this.#sockets.push(socket);
  }

  #answer(socket: Socket, asked: { query: Buffer; from: RemoteInfo }): void {
    const question = readQuestion(asked.query);
    if (!question || this.mode === 'dead') return;
    const { from, query } = asked;
    socket.send(answerTo(query, { question, ...this.#lookUp(question) }), from.port, from.address);
  }

  #lookUp(question: Question): { code: number; found: readonly string[] } {
    if (this.mode === 'failing') return { code: codes.serverFailure, found: [] };
    const all = this.mode === 'lying' ? this.#table.lie : this.#table.names[question.name];
    if (!all) return { code: codes.noSuchName, found: [] };
    const family = types[question.type as keyof typeof types];
    return { code: codes.done, found: all.filter((address) => (isIPv6(address) ? 6 : 4) === family) };
  }
}

interface Question {
  readonly name: string;
  readonly type: number;
  /** Where it ends in the query. */
  readonly end: number;
}

function readQuestion(query: Buffer): Question | undefined {
  const labels: string[] = [];
  let at = 12;
  for (;;) {
    const length = query[at];
    if (length === undefined || length > 63) return undefined;
    at += 1;
    if (length === 0) break;
    labels.push(query.toString('latin1', at, at + length).toLowerCase());
    at += length;
  }
  if (at + 4 > query.length) return undefined;
  return { name: labels.join('.'), type: query.readUInt16BE(at), end: at + 4 };
}

function answerTo(query: Buffer, what: { question: Question; code: number; found: readonly string[] }): Buffer {
  const header = Buffer.from(query.subarray(0, 12));
  // An authoritative answer with recursion, to one question.
  header.writeUInt16BE(0x8580 | what.code, 2);
  for (const [offset, count] of [1, what.found.length, 0, 0].entries()) header.writeUInt16BE(count, 4 + 2 * offset);
  const records = what.found.map((address) => {
    const data = isIPv6(address) ? ipv6Bytes(address) : Buffer.from(address.split('.').map(Number));
    const record = Buffer.alloc(12);
    // The name is that of the question, at offset 12.
    record.writeUInt16BE(0xc00c, 0);
    record.writeUInt16BE(what.question.type, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt32BE(secondsToLive, 6);
    record.writeUInt16BE(data.length, 10);
    return Buffer.concat([record, data]);
  });
  return Buffer.concat([header, query.subarray(12, what.question.end), ...records]);
}

function ipv6Bytes(address: string): Buffer {
  const [head = '', tail = ''] = address.split('::');
  const groups = (text: string) => text.split(':').filter(Boolean);
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail)];
  return Buffer.from(all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]));
}
