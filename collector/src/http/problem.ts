/** Errors as problem details, RFC 9457: one form for everything that the API refuses or fails to do. */
import { STATUS_CODES } from 'node:http';
import * as z from 'zod';

const FieldError = z.strictObject({
  location: z.enum(['query', 'body', 'path']),
  /** Path of the offending value; empty for the whole. */
  name: z.string(),
  detail: z.string(),
});
export type FieldError = z.infer<typeof FieldError>;

export const ProblemDetails = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z.array(FieldError).optional().describe('Everything that is wrong with the request, when it is invalid'),
  problems: z.array(z.string()).optional().describe('Why the collector is not ready'),
  retry_after_seconds: z.int().optional(),
  request_id: z.string().optional().describe('Names the request in the log of the collector'),
});
export type ProblemDetails = z.infer<typeof ProblemDetails>;

export const problemContentType = 'application/problem+json';

/** What a program may have to tell apart; anything else is `about:blank`, which means: as the status says. */
type ProblemName =
  | 'invalid-request'
  | 'no-local-account'
  | 'not-ready'
  | 'password-change-needed'
  | 'query-timeout'
  | 'sign-in-locked'
  | 'sign-in-refused'
  | 'store-away'
  | 'totp-needed'
  | 'wrong-code'
  | 'wrong-origin'
  | 'wrong-password';

interface ProblemOptions {
  readonly name?: ProblemName;
  readonly errors?: readonly FieldError[];
  readonly problems?: readonly string[];
  readonly retryAfterSeconds?: number;
  readonly requestId?: string;
}

/** Makes the body of an error answer. */
export function problemDetails(status: number, detail: string, options: ProblemOptions = {}): ProblemDetails {
  return {
    type: options.name ? `urn:problem-type:vonggac:${options.name}` : 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    ...(options.errors && { errors: [...options.errors] }),
    ...(options.problems && { problems: [...options.problems] }),
    ...(options.retryAfterSeconds !== undefined && { retry_after_seconds: options.retryAfterSeconds }),
    ...(options.requestId && { request_id: options.requestId }),
  };
}

/** Thrown where a request cannot be answered; becomes a problem document. */
export class Problem extends Error {
  override name = 'Problem';
  readonly details: ProblemDetails;

  constructor(status: number, detail: string, options: ProblemOptions = {}) {
    super(detail);
    this.details = problemDetails(status, detail, options);
  }
}

/** A request with one or more bad values; all of them are named at once. */
export function invalidRequest(errors: readonly FieldError[]): Problem {
  const count = errors.length === 1 ? 'one value' : `${errors.length} values`;
  return new Problem(400, `the request has ${count} that cannot be used; see "errors"`, {
    name: 'invalid-request',
    errors,
  });
}
