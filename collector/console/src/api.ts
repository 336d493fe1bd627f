/** The collector's API, as the console asks it. Types come from the schemas that the collector checks. */
import type { ProblemDetails } from '../../src/http/problem.ts';

/** The body of `POST /api/v1/sign-in`. */
export type SignInRequest =
  | { readonly code: string }
  | { readonly name: string; readonly password: string; readonly totp?: string };

/** An answer that is no success; `status` is 0 when there was no answer. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  readonly problem: ProblemDetails | undefined;

  constructor(status: number, problem: ProblemDetails | undefined) {
    super(problem?.detail ?? `status ${status}`);
    this.status = status;
    this.problem = problem;
  }

  /** Whether the problem has this name, as in `urn:problem-type:vonggac:store-away`. */
  is(name: string): boolean {
    return this.problem?.type === `urn:problem-type:vonggac:${name}`;
  }
}

async function request(path: string, init: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError(0, undefined);
  }
  if (answer.ok) return answer;
  const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json');
  throw new ApiError(answer.status, isProblem ? ((await answer.json()) as ProblemDetails) : undefined);
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/** The path with those parts of the query that have a value. */
export function withQuery(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** GETs JSON. Throws ApiError, or an AbortError when `signal` aborts. */
export async function getJson<T>(path: string, signal: AbortSignal): Promise<T> {
  return (await (await request(path, { signal })).json()) as T;
}

/** No list of the console is longer; a bound for a collector that answers with the same page for ever. */
const maxPages = 20;

/** GETs every page of a list. Throws as `getJson`. */
export async function getAll<T>(path: string, signal: AbortSignal, query: Query = {}): Promise<readonly T[]> {
  const items: T[] = [];
  let after: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const asked = withQuery(path, { ...query, limit: 1_000, after });
    const answer = await getJson<{ readonly items: readonly T[]; readonly next: string | null }>(asked, signal);
    items.push(...answer.items);
    if (answer.next === null) break;
    after = answer.next;
  }
  return items;
}

/** What a changing request answers: JSON, or nothing. */
async function answerOf<T>(path: string, init: RequestInit): Promise<T> {
  const answer = await request(path, init);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

function withJson(method: string, body: unknown): RequestInit {
  const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return { method, ...(body !== undefined && json) };
}

/** POSTs JSON, or nothing. Throws ApiError. */
export async function post<T = unknown>(path: string, body?: unknown): Promise<T> {
  return await answerOf(path, withJson('POST', body));
}

/** Changes what is at `path`. Throws ApiError. */
export async function patch<T = unknown>(path: string, body: unknown): Promise<T> {
  return await answerOf(path, withJson('PATCH', body));
}

/** POSTs a file as it is. Throws ApiError. */
export async function postFile<T>(path: string, file: { readonly type: string; readonly bytes: Blob }): Promise<T> {
  return await answerOf(path, { method: 'POST', headers: { 'content-type': file.type }, body: file.bytes });
}
