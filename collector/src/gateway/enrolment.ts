/** Enrolment over HTTPS: a machine proves a token and gets an identity. The exchange is described in `shared`. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
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
import { addressKey } from './address-key.ts';
import { FailedTokens } from './failed-tokens.ts';
import type { GatewayLimits } from './limits.ts';
import { printable } from './printable.ts';

interface Options {
  readonly agents: Agents;
  readonly codes: EnrolmentCodes;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly now: () => number;
  /** A clock that never jumps, in milliseconds. */
  readonly monotonic: () => number;
  readonly limits: GatewayLimits;
  readonly enrolled: (agent: AgentRecord) => void;
}

/** The same for every reason, so that nobody learns which tokens exist. */
const refusal = { error: 'refused', detail: 'the code is wrong, used up, expired or revoked: ask for a new one' };

/** A refusal is answered this long after its request, whichever check it failed at. */
const refusalAfterMs = 50;

export class Enrolment {
  readonly #options: Options;
  readonly #failedTokens: FailedTokens;
  /** Connections with an enrolment under way. */
  readonly #pending = new Set<object>();
  /** The nonce of each connection that asked for one; used once. */
  readonly #nonces = new WeakMap<object, string>();
  #alarmedUntil = 0;

  constructor(options: Options) {
    this.#options = options;
    const { limits } = options;
    this.#failedTokens = new FailedTokens(
      {
        free: limits.failed_tokens_per_address,
        longestWaitMs: 1_000 * limits.failed_token_wait_seconds,
        perSecond: limits.failed_tokens_per_second,
      },
      options.monotonic,
    );
  }

  /** Handles a request on the enrolment path. Never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#handle(request, response);
    } catch (error) {
      // The peer went away in the middle, or the registry cannot be written.
      this.#options.logger.warn({ error: (error as Error).message }, 'enrolment failed');
      if (!response.headersSent) answer(response, 500, { error: 'failed', detail: 'try again later' });
    }
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    if (request.method !== 'GET' && request.method !== 'POST') {
      return answer(response, 405, { error: 'method', detail: 'GET or POST' });
    }
    if (!this.#begin(socket)) return this.#putOff(response, { status: 503, reason: 'busy', waitMs: 5_000 });
    if (request.method === 'GET') {
      const nonce = randomBytes(32).toString('base64url');
      this.#nonces.set(socket, nonce);
      return answer(response, 200, { nonce });
    }
    const startedAt = this.#options.monotonic();
    const text = await readBody(request, limits.frameBeforeHello).catch(() => undefined);
    if (text === undefined) return answer(response, 413, { error: 'too-large', detail: 'the request is too large' });
    const parsed = EnrolmentRequest.safeParse(parseJson(text));
    if (!parsed.success) return answer(response, 400, { error: 'invalid', detail: 'the request is not valid' });
    const address = addressKey(socket.remoteAddress);
    const waitMs = this.#failedTokens.waitMs(address);
    if (waitMs > 0) return this.#putOff(response, { status: 429, reason: 'held', waitMs });
    const grant = this.#enrol(parsed.data, socket as TLSSocket);
    this.#options.metrics.enrolments.inc({ result: grant ? 'granted' : 'refused' });
    if (grant) return answer(response, 200, grant);
    this.#countFailure(address);
    await wait(startedAt + refusalAfterMs - this.#options.monotonic());
    answer(response, 403, refusal);
  }

  /** False when as many as allowed are under way on other connections. */
  #begin(socket: Socket): boolean {
    if (this.#pending.has(socket)) return true;
    if (this.#pending.size >= this.#options.limits.pending_enrolments) return false;
    this.#pending.add(socket);
    socket.once('close', () => this.#pending.delete(socket));
    return true;
  }

  #putOff(response: ServerResponse, how: { status: 429 | 503; reason: 'held' | 'busy'; waitMs: number }): void {
    const seconds = Math.ceil(how.waitMs / 1_000);
    this.#options.metrics.enrolments.inc({ result: how.reason });
    response.setHeader('retry-after', seconds);
    const why = how.reason === 'held' ? 'too many wrong codes' : 'too many machines are being enrolled';
    answer(response, how.status, { error: how.reason, detail: `${why}: try again in ${seconds} s` });
  }

  #countFailure(address: string): void {
    const how = this.#failedTokens.add(address);
    if (how === 'many-here') this.#options.logger.error({ address }, 'many wrong enrolment codes from one address');
    if (how === 'many-everywhere') this.#alarm(address);
  }

  /** One line a minute: under attack the log is needed for other things. */
  #alarm(address: string): void {
    const now = this.#options.monotonic();
    if (now < this.#alarmedUntil) return;
    this.#alarmedUntil = now + 60_000;
    this.#options.logger.error({ address }, 'many wrong enrolment codes from many addresses, enrolment is held');
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
          hostname: printable(request.hostname),
          unit: code.record.unit,
          class: code.record.class,
          publicKey: request.publicKey,
          platform: printable(request.platform),
          version: printable(request.version),
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

/** Whoever did not get what he asked for pays a new handshake for the next try. */
function answer(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...(status !== 200 && { connection: 'close' }),
  });
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
