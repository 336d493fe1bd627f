/**
 * Sends lines to `/write`. The `influx` package cannot compress and says of a refusal only its text; this is the one
 * request that matters for load and for what is lost, so it is made here: gzip (a tenth of the bytes), a deadline, and
 * every answer of the server told apart.
 *
 * The server takes the good lines of a request and reports one error, with a count that leaves out lines it could not
 * read and knows of one shard only. So a refused request is cut in halves until the bad lines stand alone: sending a
 * line twice is harmless, and every point is either stored or counted.
 */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { credentialsRefused } from './server.ts';

const compress = promisify(gzip);

const linesPerRequest = 5_000;
/** Extra requests that one call of `write` may spend on finding bad lines. */
const maxExtraRequests = 100;
const retryMs = { network: 5_000, busy: 5_000, credentials: 30_000, missing: 1_000 } as const;
const longestRetryMs = 300_000;

export type Sent =
  | { readonly status: 'sent' }
  | { readonly status: 'refused'; readonly error: string }
  /** `isMissing`: the database or its retention policy is gone. */
  | { readonly status: 'retry'; readonly afterMs: number; readonly reason: string; readonly isMissing: boolean };

export interface WriterOptions {
  /** What a person knows the server as; InfluxDB when absent. */
  readonly product?: string;
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly database: string;
  readonly timeoutMs: number;
}

export type RefusedLine = (reason: string, details: { lines: number; error: string }) => void;

/** A name for the server's error, fit to count by. */
function reasonOf(error: string): string {
  if (error.includes('field type conflict')) return 'field_type_conflict';
  if (error.includes('beyond retention policy')) return 'too_old';
  if (error.includes('unable to parse')) return 'bad_line';
  if (error.includes('max-values-per-tag') || error.includes('max-series-per-database')) return 'too_many_series';
  return 'refused_by_server';
}

/** Milliseconds that a Retry-After header asks for; undefined when it says nothing usable. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), longestRetryMs);
}

export class InfluxWriter {
  readonly #options: WriterOptions;
  readonly #product: string;
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(options: WriterOptions) {
    const { product = 'InfluxDB', url, username, password, database } = options;
    this.#options = options;
    this.#product = product;
    this.#url = new URL(`${url.replace(/\/$/, '')}/write`);
    this.#url.search = new URLSearchParams({ db: database, precision: 'ms' }).toString();
    const credentials = Buffer.from(`${username}:${password ?? ''}`).toString('base64');
    this.#headers = {
      'content-encoding': 'gzip',
      'content-type': 'text/plain; charset=utf-8',
      ...(username === undefined ? {} : { authorization: `Basic ${credentials}` }),
    };
  }

  /** Sends all lines, in order; calls `refused` for those that the server will never take. Does not throw. */
  async write(
    lines: readonly string[],
    { policy, refused }: { policy: string | undefined; refused: RefusedLine },
  ): Promise<Exclude<Sent, { status: 'refused' }>> {
    const budget = { left: maxExtraRequests };
    for (let first = 0; first < lines.length; first += linesPerRequest) {
      const part = lines.slice(first, first + linesPerRequest);
      const sent = await this.#sendOrSplit(part, { policy, refused, budget });
      if (sent.status !== 'sent') return sent;
    }
    return { status: 'sent' };
  }

  async #sendOrSplit(
    lines: readonly string[],
    context: { policy: string | undefined; refused: RefusedLine; budget: { left: number } },
  ): Promise<Exclude<Sent, { status: 'refused' }>> {
    const sent = await this.#send(lines, context.policy);
    if (sent.status !== 'refused') return sent;
    const { error } = sent;
    if (lines.length === 1 || context.budget.left < 2) {
      const dropped = Number(/ dropped=(\d+)/.exec(error)?.[1] ?? 0);
      context.refused(reasonOf(error), { lines: lines.length === 1 || dropped === 0 ? lines.length : dropped, error });
      return { status: 'sent' };
    }
    context.budget.left -= 2;
    const middle = Math.ceil(lines.length / 2);
    for (const half of [lines.slice(0, middle), lines.slice(middle)]) {
      const result = await this.#sendOrSplit(half, context);
      if (result.status !== 'sent') return result;
    }
    return { status: 'sent' };
  }

  async #send(lines: readonly string[], policy: string | undefined): Promise<Sent> {
    const url = new URL(this.#url);
    if (policy !== undefined) url.searchParams.set('rp', policy);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: this.#headers,
        body: await compress(lines.join('\n'), { level: 1 }),
        signal: AbortSignal.timeout(this.#options.timeoutMs),
      });
      return this.#judge(response, await response.text());
    } catch (error) {
      const { message, cause } = error as Error;
      const reason = cause instanceof Error ? `${message}: ${cause.message}` : message;
      return this.#retry('network', `the ${this.#product} at ${this.#options.url} cannot be reached (${reason})`);
    }
  }

  #judge(response: Response, body: string): Sent {
    const { status } = response;
    const error = body.slice(0, 500).trim();
    if (response.ok) return { status: 'sent' };
    if (status === 400 || status === 413 || status === 422) return { status: 'refused', error };
    if (status === 401)
      return this.#retry('credentials', credentialsRefused({ ...this.#options, product: this.#product }));
    if (status === 404)
      return this.#retry('missing', `${this.#product} has no database "${this.#options.database}": ${error}`);
    const after = retryAfterMs(response.headers.get('retry-after'), Date.now());
    const kind = status === 403 ? 'credentials' : 'busy';
    return this.#retry(
      kind,
      `the ${this.#product} at ${this.#options.url} answers with status ${status}: ${error}`,
      after,
    );
  }

  #retry(kind: keyof typeof retryMs, reason: string, afterMs: number = retryMs[kind]): Sent {
    return { status: 'retry', afterMs, reason, isMissing: kind === 'missing' };
  }
}
