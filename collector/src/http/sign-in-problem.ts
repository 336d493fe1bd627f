import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SignInOutcome } from './password-sign-in.ts';
import { Problem } from './problem.ts';

type Refusal = Exclude<SignInOutcome, { kind: 'accepted' }>;

/** What is told to whoever did not get in: no more than they know already. */
export function signInProblem(outcome: Refusal): Problem {
  if (outcome.kind === 'totp-needed') {
    return new Problem(403, 'the code of the authenticator program is needed too', { name: 'totp-needed' });
  }
  if (outcome.kind === 'refused') {
    return new Problem(403, 'the name, the password or the code is wrong', { name: 'sign-in-refused' });
  }
  const seconds = Math.ceil(outcome.ms / 1_000);
  const detail = `too many attempts: try again in ${seconds} s`;
  return new Problem(429, detail, { name: 'sign-in-locked', retryAfterSeconds: seconds });
}

/** Runs an attempt; one that is refused is in the log, and says when it may be repeated. */
export async function attemptSignIn<T>(
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  attempt: () => Promise<T>,
): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof Problem) {
      request.log.warn({ address: request.ip, status: error.details.status }, 'a sign-in was refused');
      const seconds = error.details.retry_after_seconds;
      if (seconds !== undefined) reply.header('retry-after', seconds);
    }
    throw error;
  }
}
