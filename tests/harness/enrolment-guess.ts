/** Enrolment by hand, so that a token, a nonce or a proof can be anything. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import {
  enrolPath,
  enrolTranscript,
  exporterLabel,
  exporterLength,
  tokenKeyInput,
  tokenLookupInput,
} from '@vonggac/shared';
import { type Line, tlsLine } from './hostile.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly ms: number;
}

/** Opens a line and asks for a nonce. */
export async function askNonce(port: number, from?: string): Promise<{ line: Line; nonce: string }> {
  const line = await tlsLine({ port, ...(from !== undefined && { from }) });
  line.socket.write(`GET ${enrolPath} HTTP/1.1\r\nHost: collector\r\n\r\n`);
  const answer = await line.answered('"}');
  return { line, nonce: /"nonce":"([^"]+)"/.exec(answer)?.[1] ?? '' };
}

/** The body that proves `token` on this line. */
export function proofOf(token: string, { line, nonce }: { line: Line; nonce: string }): string {
  const exporter = (line.socket as TLSSocket)
    .exportKeyingMaterial(exporterLength, exporterLabel, Buffer.alloc(0))
    .toString('base64url');
  const publicKey = randomBytes(32).toString('base64url');
  const key = createHash('sha256').update(tokenKeyInput(token)).digest();
  return JSON.stringify({
    lookup: createHash('sha256').update(tokenLookupInput(token)).digest('base64url'),
    proof: createHmac('sha256', key).update(enrolTranscript({ nonce, exporter, publicKey })).digest('base64url'),
    publicKey,
    hostname: 'guess',
    platform: 'linux',
    version: '0.0.0',
  });
}

/** Sends an enrolment and waits for its answer. */
export async function post(line: Line, body: string): Promise<Answer> {
  const startedAt = performance.now();
  line.socket.write(
    `POST ${enrolPath} HTTP/1.1\r\nHost: collector\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  const text = await Promise.any([line.answered('"detail"'), line.answered('"agent"')]);
  const ms = performance.now() - startedAt;
  const last = text.slice(text.lastIndexOf('HTTP/1.1'));
  line.socket.destroy();
  return { status: Number(last.slice(9, 12)), body: last.slice(last.indexOf('{')), ms };
}

/** The whole exchange with a token. */
export async function guess(token: string, options: { port: number; from?: string }): Promise<Answer> {
  const { line, nonce } = await askNonce(options.port, options.from);
  return post(line, proofOf(token, { line, nonce }));
}

/** Guesses wrong tokens as fast as it goes. Tells how many got which status; `cut` did not even get to ask. */
export async function flood(options: {
  readonly port: number;
  readonly guesses: number;
  readonly atOnce: number;
  /** Where the guess with this number comes from. */
  readonly from: (index: number) => string;
}): Promise<{ readonly tally: Readonly<Record<string, number>>; readonly seconds: number }> {
  const tally: Record<string, number> = {};
  const startedAt = performance.now();
  let next = 0;
  const guesser = async () => {
    while (next < options.guesses) {
      const index = next++;
      const token = String(index).padStart(15, '0');
      const answer = await guess(token, { port: options.port, from: options.from(index) }).catch(() => undefined);
      const key = answer ? String(answer.status) : 'cut';
      tally[key] = (tally[key] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, guesser));
  return { tally, seconds: (performance.now() - startedAt) / 1_000 };
}
