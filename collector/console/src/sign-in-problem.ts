/** What the sign-in form asks for, and what to say when it does not work. */
import type { ApiError, SignInRequest } from './api.ts';
import { findCode } from './sign-in-code.ts';
import type { PlainTextKey } from './text/dictionary.ts';

export type SignInProblem =
  | { readonly key: PlainTextKey }
  | { readonly key: 'signInLocked'; readonly values: { readonly seconds: string } };

/** A code, when one was pasted, otherwise name and password. */
export function findRequest(form: Pick<FormData, 'get'>): SignInRequest | SignInProblem {
  const [name, password, totp, code] = ['name', 'password', 'totp', 'code'].map((key) => String(form.get(key) ?? ''));
  if (code && code.trim() !== '') {
    const found = findCode(code);
    return found === undefined ? { key: 'signInNoCode' } : { code: found };
  }
  if (!name || name.trim() === '' || !password) return { key: 'signInIncomplete' };
  return { name: name.trim(), password, ...(totp && { totp }) };
}

/** What to say about an answer to a request. */
export function problemOf(error: ApiError, request: SignInRequest): SignInProblem {
  if (error.is('totp-needed')) return { key: 'signInTotpNeeded' };
  if (error.is('sign-in-refused')) {
    if ('code' in request) return { key: 'signInRefused' };
    return { key: request.totp === undefined ? 'signInWrong' : 'signInWrongTotp' };
  }
  const seconds = error.problem?.retry_after_seconds;
  if (seconds !== undefined) return { key: 'signInLocked', values: { seconds: String(seconds) } };
  // Longer than any password, name or code can be.
  if (error.is('invalid-request')) return { key: 'code' in request ? 'signInNoCode' : 'signInWrong' };
  return { key: error.status === 0 ? 'errorNetwork' : 'signInFailed' };
}
