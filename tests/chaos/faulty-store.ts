/** Stands before an InfluxDB and answers writes as a server in trouble does; it knows what the server got more than once. */
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';

/**
 * - `error`: 500. `busy`: 429, come back in a second. `silent`: no answer at all.
 * - `half`: the first half of the lines is written, then the server fails.
 * - `forgetful`: all is written, and the connection breaks before the answer.
 * - `picky`: a request of more than one line is refused as a whole, and taken in pieces.
 */
export type Mood = 'good' | 'error' | 'busy' | 'silent' | 'half' | 'forgetful' | 'picky';

/** Instead of an answer: nothing for ever, or the end of the connection. */
type NoAnswer = 'silence' | 'break';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const statuses = { error: 500, busy: 429 } as const;

export class FaultyStore {
  mood: Mood = 'good';
  /** Writes by the mood in which they were answered. */
  readonly writes = new Map<Mood, number>();
  /** Lines that the server has, though it did not say so. */
  unsaid = 0;
  /** Lines that it got once more. */
  repeated = 0;
  readonly #seen = new Set<string>();
  readonly #refused = new Set<string>();
  readonly #url: string;
  readonly #server: Server;

  constructor(url: string) {
    this.#url = url;
    this.#server = createServer((incoming, outgoing) => void this.#answer(incoming, outgoing));
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      const body = await read(incoming);
      const isWrite = incoming.url?.startsWith('/write') === true;
      const answer = isWrite ? await this.#write(incoming, body) : await this.#forward(incoming, body);
      if (answer === 'break') outgoing.destroy();
      else if (answer !== 'silence') outgoing.writeHead(answer.status, answer.headers).end(answer.body);
    } catch {
      // The server behind is away: so is this one.
      outgoing.destroy();
    }
  }

  async #write(incoming: IncomingMessage, body: Buffer): Promise<Answer | NoAnswer> {
    const { mood } = this;
    this.writes.set(mood, (this.writes.get(mood) ?? 0) + 1);
    const lines = gunzipSync(body).toString('utf8').split('\n');
    switch (mood) {
      case 'silent':
        return 'silence';
      case 'error':
      case 'busy':
        return said(statuses[mood], 'not now');
      case 'half':
        await this.#storeUnsaid(incoming, lines.slice(0, Math.ceil(lines.length / 2)));
        return said(statuses.error, 'timeout');
      case 'forgetful':
        await this.#storeUnsaid(incoming, lines);
        return 'break';
      case 'picky':
        return this.#isAcceptable(lines) ? this.#store(incoming, lines) : said(400, 'unable to parse');
      case 'good':
        return this.#store(incoming, lines);
    }
  }

  async #storeUnsaid(incoming: IncomingMessage, lines: readonly string[]): Promise<void> {
    const { status } = await this.#store(incoming, lines);
    if (status === 204) this.unsaid += lines.length;
  }

  async #store(incoming: IncomingMessage, lines: readonly string[]): Promise<Answer> {
    const answer = await this.#forward(incoming, gzipSync(lines.join('\n'), { level: 1 }));
    if (answer.status !== 204) return answer;
    for (const line of lines) {
      if (this.#seen.has(line)) this.repeated += 1;
      this.#seen.add(line);
    }
    return answer;
  }

  /** Whether a picky server takes these lines: one alone, or a piece of what it has refused. */
  #isAcceptable(lines: readonly string[]): boolean {
    if (lines.length === 1 || lines.every((line) => this.#refused.has(line))) return true;
    for (const line of lines) this.#refused.add(line);
    return false;
  }

  #forward(incoming: IncomingMessage, body: Buffer): Promise<Answer> {
    const { connection: _, 'transfer-encoding': __, ...headers } = incoming.headers;
    const url = new URL(incoming.url ?? '/', this.#url);
    return new Promise((resolve, reject) => {
      const options = { method: incoming.method, headers: { ...headers, 'content-length': body.length } };
      const asked = request(url, options, async (response) => {
        const { connection: ___, 'transfer-encoding': ____, ...answered } = response.headers;
        const kept = answered as Record<string, string>;
        read(response).then(
          (read) => resolve({ status: response.statusCode ?? 500, headers: kept, body: read }),
          reject,
        );
      });
      asked.on('error', reject).end(body);
    });
  }
}

function said(status: number, error: string): Answer {
  const headers = { 'content-type': 'application/json', ...(status === 429 && { 'retry-after': '1' }) };
  return { status, headers, body: Buffer.from(JSON.stringify({ error })) };
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
