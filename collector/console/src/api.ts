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

/** POSTs JSON, or nothing. Throws ApiError. */
export async function post(path: string, body?: unknown): Promise<void> {
  const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  await request(path, { method: 'POST', ...(body !== undefined && json) });
}
