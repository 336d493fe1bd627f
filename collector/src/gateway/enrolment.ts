/** Enrolment over HTTPS: a machine proves a token and gets an identity. The exchange is described in `shared`. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import {
  type EnrolmentGrant,
  type EnrolmentPending,
  type EnrolmentRefusal,
  EnrolmentRequest,
  exporterLabel,
  exporterLength,
  limits,
} from '@vonggac/shared';
import type { Logger } from 'pino';
import type { Metrics } from '../metrics.ts';
import type { Admission, Admissions } from '../registry/admission.ts';
import type { AgentRecord } from '../registry/agents.ts';
import type { EnrolmentCodes } from '../registry/enrolment-codes.ts';
import type { PendingEnrolments } from '../registry/pending-enrolments.ts';
import { addressKey, plainAddress } from './address-key.ts';
import { checkKey, isPublicKey, provesToken } from './enrolment-proof.ts';
import { FailedTokens } from './failed-tokens.ts';
import type { GatewayLimits } from './limits.ts';
import { printable } from './printable.ts';
import { TokenBucket } from './token-bucket.ts';

interface Options {
  readonly codes: EnrolmentCodes;
  readonly admissions: Admissions;
  readonly pending: PendingEnrolments;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly now: () => number;
  /** A clock that never jumps, in milliseconds. */
  readonly monotonic: () => number;
  readonly limits: GatewayLimits;
  readonly enrolled: (agent: AgentRecord) => void;
}

interface Answer {
  readonly status: number;
  readonly body: EnrolmentGrant | EnrolmentPending | EnrolmentRefusal;
  /** Counted as a guess, and answered at the same time as every other one. */
  readonly isGuess?: boolean;
  readonly result: string;
}

/** The same for every reason, so that nobody learns which tokens exist. */
const refusal = { error: 'refused', detail: 'the code is wrong, used up, expired or revoked: ask for a new one' };

/** Told only to whoever has proven the token. */
const declined = { error: 'declined', detail: 'a person refused this machine' };
const lapsed = { error: 'lapsed', detail: 'nobody accepted this machine in time: ask again' };
const full = { error: 'full', detail: 'too many machines wait to be accepted: try again later' };

/** A machine that waits asks again after a tenth of the time that it has waited, within these. */
const soonestMs = 3_000;
const latestMs = 60_000;
/** When too many wait, a person has to do something first. */
const fullRetrySeconds = 60;

/** Log lines about single addresses that guess: under attack the log is needed for other things. */
const linesPerMinute = 10;

/** A refusal is answered this long after its request, whichever check it failed at. */
const refusalAfterMs = 50;

export class Enrolment {
  readonly #options: Options;
  readonly #failedTokens: FailedTokens;
  /** Connections with an enrolment under way. */
  readonly #pending = new Set<object>();
  /** The nonce of each connection that asked for one; used once. */
  readonly #nonces = new WeakMap<object, string>();
  readonly #lines: TokenBucket;
  #alarmedUntil = 0;

  constructor(options: Options) {
    this.#options = options;
    const { limits } = options;
    this.#lines = new TokenBucket({ perSecond: linesPerMinute / 60, burst: linesPerMinute }, options.monotonic);
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
    const { status, body, isGuess, result } = this.#answerTo(parsed.data, socket as TLSSocket);
    this.#options.metrics.enrolments.inc({ result });
    if (isGuess) {
      this.#countFailure(address);
      await wait(startedAt + refusalAfterMs - this.#options.monotonic());
    }
    if (status === 503) response.setHeader('retry-after', fullRetrySeconds);
    answer(response, status, body);
  }

  /** Lets go of machines that waited too long for a person's word. */
  tidy(): void {
    const { pending, metrics, logger, now } = this.#options;
    try {
      const count = pending.tidy(now());
      if (count > 0) metrics.enrolments.inc({ result: 'lapsed' }, count);
    } catch (error) {
      // They lapse when the registry can be written again.
      logger.warn({ error: (error as Error).message }, 'enrolments that waited too long stay for now');
    }
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
    if (how === 'usual') return;
    const isOne = how === 'many-here';
    this.#options.metrics.enrolmentAlarms.inc({ from: isOne ? 'address' : 'everywhere' });
    if (!isOne) return this.#alarm(address);
    if (this.#lines.take()) this.#options.logger.error({ address }, 'many wrong enrolment codes from one address');
  }

  /** One line a minute: under attack the log is needed for other things. */
  #alarm(address: string): void {
    const now = this.#options.monotonic();
    if (now < this.#alarmedUntil) return;
    this.#alarmedUntil = now + 60_000;
    this.#options.logger.error({ address }, 'many wrong enrolment codes from many addresses, enrolment is held');
  }

  #answerTo(request: EnrolmentRequest, socket: TLSSocket): Answer {
    const { admissions, codes, logger, now } = this.#options;
    const address = plainAddress(socket.remoteAddress);
    const hostname = printable(request.hostname);
    const refuse = (message: string, fields: object): Answer => {
      logger.warn({ address, ...fields }, message);
      return { status: 403, body: refusal, isGuess: true, result: 'refused' };
    };
    const nonce = this.#nonces.get(socket);
    this.#nonces.delete(socket);
    const code = codes.find(request.lookup);
    const exporter = socket.exportKeyingMaterial(exporterLength, exporterLabel, Buffer.alloc(0)).toString('base64url');
    const binding = { nonce: nonce ?? '', exporter };
    const isProven = provesToken(request, { ...binding, key: code?.key });
    if (!isProven || !code || nonce === undefined) return refuse('enrolment refused', { hostname });
    const { record } = code;
    if (!isPublicKey(request.publicKey)) return refuse('enrolment refused: no key', { code: record.id });
    const key = checkKey(request, binding);
    if (key === 'wrong') return refuse('enrolment refused: the key is not proven', { code: record.id });
    const applicant = {
      publicKey: request.publicKey,
      hasPrivateKey: key === 'proven',
      hostname,
      platform: printable(request.platform),
      version: printable(request.version),
      system: request.system === undefined ? undefined : printable(request.system),
      address,
      addresses: request.addresses ?? [],
    };
    this.tidy();
    const admission = admissions.admit(record, { applicant, now: now() });
    if (admission.kind === 'refused') {
      return refuse('enrolment refused', { code: record.id, reason: admission.reason });
    }
    return this.#answerAdmitted(admission, { code: record.id, address, hostname });
  }

  #answerAdmitted(
    admission: Exclude<Admission, { kind: 'refused' }>,
    fields: { code: string; address: string; hostname: string },
  ): Answer {
    const { logger, now, enrolled } = this.#options;
    switch (admission.kind) {
      case 'granted': {
        const { id, unit, class: agentClass } = admission.agent;
        if (!admission.again) logger.info({ agent: id, unit, ...fields }, 'agent enrolled');
        enrolled(admission.agent);
        const result = admission.again ? 'asked-again' : 'granted';
        return { status: 200, body: { agent: id, unit, class: agentClass }, result };
      }
      case 'pending': {
        const { id, askedAt, again } = admission;
        if (!again) logger.info({ enrolment: id, ...fields }, 'a machine waits to be accepted');
        const retry = Math.round(Math.min(latestMs, Math.max(soonestMs, (now() - askedAt) / 10)));
        return { status: 202, body: { pending: id, retry }, result: again ? 'asked-again' : 'pending' };
      }
      case 'full':
        logger.warn(fields, 'too many machines wait to be accepted');
        return { status: 503, body: full, result: 'full' };
      case 'declined':
        return { status: 403, body: declined, result: 'asked-again' };
      case 'lapsed':
        return { status: 403, body: lapsed, result: 'asked-again' };
    }
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
