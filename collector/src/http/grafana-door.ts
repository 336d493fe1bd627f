/** The secret with which Grafana posts: its own door, because a contact point is nobody of the collector's people. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Counter } from 'prom-client';
import { AttemptLimiter } from './attempt-limiter.ts';
import { Problem } from './problem.ts';

/** Behind a proxy Grafana may share its address with whoever guesses: generous, and forgiven soon. */
const limits = { free: 10, maxDelayMs: 30_000 };

interface Options {
  /** Undefined when Grafana is to post nothing. */
  readonly secret: () => string | undefined;
  readonly now: () => number;
  readonly refusals: Counter<'result'>;
}

export class GrafanaDoor {
  readonly #options: Options;
  readonly #attempts: AttemptLimiter;

  constructor(options: Options) {
    this.#options = options;
    this.#attempts = new AttemptLimiter(limits, options.now);
  }

  /** Before the body is read. Throws Problem. */
  check(request: FastifyRequest, reply: FastifyReply): void {
    const { secret, refusals } = this.#options;
    const wanted = secret();
    if (wanted === undefined) {
      throw new Problem(404, 'no secret for Grafana is set up: name its file in grafana.webhook_secret_file');
    }
    const waitMs = this.#attempts.begin(request.ip);
    if (waitMs > 0) {
      refusals.inc({ result: 'slowed' });
      const seconds = Math.ceil(waitMs / 1_000);
      reply.header('retry-after', `${seconds}`);
      throw new Problem(429, 'too many wrong secrets came from this address; wait', { retryAfterSeconds: seconds });
    }
    const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (!isSame(given, wanted)) {
      refusals.inc({ result: 'refused' });
      reply.header('www-authenticate', 'Bearer realm="vonggac-grafana"');
      throw new Problem(401, 'the secret of the contact point is missing or wrong');
    }
    this.#attempts.forget(request.ip);
  }
}

/** In a time that says nothing, of texts of any length. */
function isSame(given: string, wanted: string): boolean {
  const [one, other] = [given, wanted].map((text) => createHash('sha256').update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}
