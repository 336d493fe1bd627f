/** How the collector asks a Grafana: bounded, never redirected, and each refusal says what it was about and what to do. */
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import {
  adviceOn,
  GrafanaRefused,
  GrafanaUnreachable,
  networkProblem,
  oneLine,
  webPageProblem,
} from './grafana-errors.ts';

const timeoutMs = 30_000;
/** All alert rules of a large Grafana come in one answer. */
const maxBytes = 32 * 1024 * 1024;
const attempts = 4;
const firstPauseMs = 500;
const longestPauseMs = 30_000;

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface GrafanaCall<T> {
  /** What it is about, as it stands in an error: `the folder "vonggac"`. */
  readonly what: string;
  /** Checks what comes back; an empty answer is undefined. */
  readonly answer: z.ZodType<T>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Asking twice does no more than asking once. All are but POST and PATCH. */
  readonly idempotent?: boolean;
}

export interface GrafanaConnection {
  /** With the sub-path, if Grafana has one. */
  readonly url: URL;
  readonly token: string;
  /** For tests. */
  readonly fetch?: typeof fetch;
  readonly pause?: (ms: number) => Promise<unknown>;
  readonly random?: () => number;
}

/** A path whose values are encoded: a name may hold anything. */
export function path(texts: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: texts }, ...values.map(encodeURIComponent));
}

interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly retryAfterMs: number | undefined;
  readonly location: string | undefined;
  readonly text: string;
}

export class GrafanaApi {
  readonly #base: string;
  readonly #token: string;
  readonly #fetch: typeof fetch;
  readonly #pause: (ms: number) => Promise<unknown>;
  readonly #random: () => number;

  constructor({ url, token, ...options }: GrafanaConnection) {
    this.#base = url.href.replace(/\/+$/, '');
    this.#token = token;
    this.#fetch = options.fetch ?? fetch;
    this.#pause = options.pause ?? wait;
    this.#random = options.random ?? Math.random;
  }

  /** As people would write it, without a slash at the end. */
  get address(): string {
    return this.#base;
  }

  /** Throws GrafanaUnreachable and GrafanaRefused, as all of these do. */
  get<T>(where: string, call: GrafanaCall<T>): Promise<T> {
    return this.#call('GET', where, call);
  }

  /** Undefined when there is none. */
  async find<T>(where: string, call: GrafanaCall<T>): Promise<T | undefined> {
    try {
      return await this.get(where, call);
    } catch (error) {
      if (error instanceof GrafanaRefused && error.status === 404) return undefined;
      throw error;
    }
  }

  post<T>(where: string, call: GrafanaCall<T>): Promise<T> {
    return this.#call('POST', where, call);
  }

  put<T>(where: string, call: GrafanaCall<T>): Promise<T> {
    return this.#call('PUT', where, call);
  }

  patch<T>(where: string, call: GrafanaCall<T>): Promise<T> {
    return this.#call('PATCH', where, call);
  }

  delete<T>(where: string, call: GrafanaCall<T>): Promise<T> {
    return this.#call('DELETE', where, call);
  }

  async #call<T>(method: Method, where: string, call: GrafanaCall<T>): Promise<T> {
    const answer = await this.#ask(method, where, call);
    const doing = `${method === 'GET' ? 'read' : method === 'DELETE' ? 'delete' : 'write'} ${call.what}`;
    if (answer.status >= 300 && answer.status < 400) {
      const to = answer.location === undefined ? '' : ` to ${oneLine(answer.location)}`;
      throw new GrafanaUnreachable(
        `${this.#base} leads elsewhere${to} instead of answering: give the address where Grafana itself is, with its sub-path, and no sign-in page before it`,
      );
    }
    const json = parse(answer.text);
    if (answer.status < 200 || answer.status >= 300) {
      const said = json.is ? messageOf(json.value) : '';
      // A proxy's own page about an error is no answer of Grafana's.
      if (!json.is && answer.text !== '' && answer.status !== 401)
        throw new GrafanaUnreachable(webPageProblem(this.#base, answer));
      throw new GrafanaRefused(
        `cannot ${doing}: Grafana answered ${answer.status}${said === '' ? '' : ` (${said})`}${adviceOn(answer.status)}`,
        { status: answer.status, said },
      );
    }
    if (!json.is) throw new GrafanaUnreachable(webPageProblem(this.#base, answer));
    const checked = call.answer.safeParse(json.value);
    if (checked.success) return checked.data;
    const [issue] = checked.error.issues;
    throw new GrafanaUnreachable(
      `cannot ${doing}: ${this.#base} answers not as Grafana does (${issue?.path.join('.') || 'answer'}: ${issue?.message}); is it Grafana?`,
    );
  }

  /** Asks again where that can help and does no harm. */
  async #ask<T>(method: Method, where: string, call: GrafanaCall<T>): Promise<Answer> {
    const idempotent = call.idempotent ?? (method !== 'POST' && method !== 'PATCH');
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#once(method, where, call);
      const again = attempt < attempts && isWorthAnother(outcome, { attempt, idempotent });
      if (!again && outcome instanceof GrafanaUnreachable) throw outcome;
      if (!again && !(outcome instanceof GrafanaUnreachable)) return outcome;
      const asked = outcome instanceof GrafanaUnreachable ? undefined : outcome.retryAfterMs;
      const own = firstPauseMs * 2 ** (attempt - 1) * (0.5 + this.#random());
      await this.#pause(Math.min(longestPauseMs, asked ?? own));
    }
  }

  async #once<T>(method: Method, where: string, call: GrafanaCall<T>): Promise<Answer | GrafanaUnreachable> {
    const url = new URL(`${this.#base}${where}`);
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
    const init: RequestInit = {
      method,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${this.#token}`,
        ...(call.body !== undefined && { 'content-type': 'application/json' }),
        ...call.headers,
      },
      // A redirect could lead anywhere, with the token.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    };
    try {
      const answer = await this.#fetch(url, init);
      return {
        status: answer.status,
        statusText: answer.statusText,
        retryAfterMs: retryAfter(answer.headers.get('retry-after')),
        location: answer.headers.get('location') ?? undefined,
        text: await readBounded(answer),
      };
    } catch (cause) {
      return new GrafanaUnreachable(`cannot ask Grafana at ${this.#base}: ${networkProblem(cause)}`, { cause });
    }
  }
}

/**
 * A document that others write at the same moment answers 409, and takes it the second time; so may 500. What was perhaps
 * done is not asked for again unless that does no harm.
 */
function isWorthAnother(
  outcome: Answer | GrafanaUnreachable,
  { attempt, idempotent }: { attempt: number; idempotent: boolean },
): boolean {
  if (outcome instanceof GrafanaUnreachable) return idempotent && !outcome.isFinal;
  if (outcome.status === 429) return true;
  if (outcome.status === 409) return attempt === 1;
  if (outcome.status === 500) return idempotent && attempt === 1;
  return idempotent && [502, 503, 504].includes(outcome.status);
}

async function readBounded(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw new RangeError(`its answer has more than ${maxBytes / 1024 / 1024} MiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): { readonly is: true; readonly value: unknown } | { readonly is: false } {
  if (text.trim() === '') return { is: true, value: undefined };
  try {
    return { is: true, value: JSON.parse(text) };
  } catch {
    return { is: false };
  }
}

/** Of a query the message stands with each of its parts. */
const Said = z.looseObject({
  message: z.string().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
  results: z
    .record(z.string(), z.looseObject({ error: z.string().optional() }))
    .optional()
    .catch(undefined),
});

function messageOf(value: unknown): string {
  const { data } = Said.safeParse(value);
  const inner = Object.values(data?.results ?? {}).find(({ error }) => error)?.error;
  return oneLine(inner || data?.message || data?.error || '');
}

/** Seconds; a date is not worth reading. */
function retryAfter(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header.trim()) ? Number(header) * 1_000 : undefined;
}
