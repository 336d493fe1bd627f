/** What the sign-in form asks for, and what to say when it does not work. */
import type { ApiError, SignInRequest } from '../api.ts';
import type { PlainTextKey } from '../text/dictionary.ts';
import { findCode } from './sign-in-code.ts';

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

const oidcProblems: Readonly<Record<string, PlainTextKey>> = {
  'oidc-unreachable': 'oidcUnreachable',
  'oidc-denied': 'oidcDenied',
  'oidc-no-role': 'oidcNoRole',
  'oidc-no-unit': 'oidcNoUnit',
  'oidc-disabled': 'oidcDisabled',
  'oidc-busy': 'oidcBusy',
};

/** What to say about a sign-in with the directory, by the fragment of the address that it came back to. */
export function oidcProblem(fragment: string): SignInProblem | undefined {
  const [, name = ''] = /^#problem=(oidc-[a-z-]+)$/.exec(fragment) ?? [];
  if (name === '') return undefined;
  return { key: (Object.hasOwn(oidcProblems, name) && oidcProblems[name]) || 'oidcFailed' };
}
