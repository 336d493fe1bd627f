/** Enrolment over HTTPS: a machine proves a token and gets an identity. The exchange is described in `shared`. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import {
  type EnrolmentGrant,
  EnrolmentRequest,
  enrolTranscript,
  exporterLabel,
  exporterLength,
  limits,
} from '@vonggac/shared';
import type { Logger } from 'pino';
import type { Metrics } from '../metrics.ts';
import type { AgentRecord, Agents } from '../registry/agents.ts';
import type { EnrolmentCodes } from '../registry/enrolment-codes.ts';

interface Options {
  readonly agents: Agents;
  readonly codes: EnrolmentCodes;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly now: () => number;
  readonly enrolled: (agent: AgentRecord) => void;
}

/** The same for every reason, so that nobody learns which tokens exist. */
const refusal = { error: 'refused', detail: 'the code is wrong, used up, expired or revoked: ask for a new one' };

export class Enrolment {
  readonly #options: Options;
  /** The nonce of each connection that asked for one; used once. */
  readonly #nonces = new WeakMap<object, string>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Handles a request on the enrolment path. Never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') {
      const nonce = randomBytes(32).toString('base64url');
      this.#nonces.set(request.socket, nonce);
      return answer(response, 200, { nonce });
    }
    if (request.method !== 'POST') return answer(response, 405, { error: 'method', detail: 'GET or POST' });
    const text = await readBody(request, limits.frameBeforeHello).catch(() => undefined);
    if (text === undefined) return answer(response, 413, { error: 'too-large', detail: 'the request is too large' });
    const parsed = EnrolmentRequest.safeParse(parseJson(text));
    if (!parsed.success) return answer(response, 400, { error: 'invalid', detail: 'the request is not valid' });
    const grant = this.#enrol(parsed.data, request.socket as TLSSocket);
    this.#options.metrics.enrolments.inc({ result: grant ? 'granted' : 'refused' });
    if (grant) answer(response, 200, grant);
    else answer(response, 403, refusal);
  }

  #enrol(request: EnrolmentRequest, socket: TLSSocket): EnrolmentGrant | undefined {
    const { agents, codes, logger, now } = this.#options;
    const nonce = this.#nonces.get(socket);
    this.#nonces.delete(socket);
    const code = codes.find(request.lookup);
    // A proof is computed for an unknown code too: the answer takes the same time.
    const key = code?.key ?? createHash('sha256').update(request.lookup).digest('base64url');
    const exporter = socket.exportKeyingMaterial(exporterLength, exporterLabel, Buffer.alloc(0)).toString('base64url');
    const transcript = enrolTranscript({ nonce: nonce ?? '', exporter, publicKey: request.publicKey });
    const expected = createHmac('sha256', Buffer.from(key, 'base64url')).update(transcript).digest();
    const proof = Buffer.from(request.proof, 'base64url');
    const proven = proof.length === expected.length && timingSafeEqual(proof, expected);
    if (!proven || !code || nonce === undefined) {
      logger.warn({ address: socket.remoteAddress, hostname: request.hostname }, 'enrolment refused');
      return undefined;
    }
    if (Buffer.from(request.publicKey, 'base64url').length !== 32 || agents.byPublicKey(request.publicKey)) {
      logger.warn({ address: socket.remoteAddress, code: code.record.id }, 'enrolment refused: key unusable or known');
      return undefined;
    }
    const agent = codes.use(code.record.id, {
      now: now(),
      grant: () =>
        agents.add({
          hostname: request.hostname,
          unit: code.record.unit,
          class: code.record.class,
          publicKey: request.publicKey,
          platform: request.platform,
          version: request.version,
          codeId: code.record.id,
          enrolledAt: now(),
        }),
    });
    if (!agent) {
      logger.warn(
        { address: socket.remoteAddress, code: code.record.id },
        'enrolment refused: code not usable any more',
      );
      return undefined;
    }
    logger.info(
      { agent: agent.id, unit: agent.unit, code: code.record.id, address: socket.remoteAddress },
      'agent enrolled',
    );
    this.#options.enrolled(agent);
    return { agent: agent.id, unit: agent.unit, class: agent.class };
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

async function readBody(request: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) throw new Error(`body over ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
