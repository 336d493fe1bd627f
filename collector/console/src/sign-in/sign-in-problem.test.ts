import { expect, test } from 'vitest';
import { ApiError } from '../api.ts';
import { findRequest, oidcProblem, problemOf } from './sign-in-problem.ts';

const code = 'a'.repeat(43);

function form(values: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  return data;
}

test.each([
  [
    { name: ' lan ', password: ' giữ khoảng trắng ', code: '' },
    { name: 'lan', password: ' giữ khoảng trắng ' },
  ],
  [
    { name: 'lan', password: 'x', totp: '123 456' },
    { name: 'lan', password: 'x', totp: '123 456' },
  ],
  [{ name: 'lan', password: 'x', code }, { code }],
  [{ code: `https://x/sign-in#code=${code}` }, { code }],
  [{ code: 'không phải mã' }, { key: 'signInNoCode' }],
  [{ name: 'lan', password: '' }, { key: 'signInIncomplete' }],
  [{}, { key: 'signInIncomplete' }],
])('%j becomes %j', (values, expected) => {
  expect(findRequest(form(values))).toEqual(expected);
});

function answer(status: number, name: string, rest: { retry_after_seconds?: number } = {}): ApiError {
  return new ApiError(status, { type: `urn:problem-type:vonggac:${name}`, title: '', status, detail: '', ...rest });
}

const byName = { name: 'lan', password: 'x' };

test.each([
  [answer(403, 'sign-in-refused'), byName, { key: 'signInWrong' }],
  [answer(403, 'sign-in-refused'), { ...byName, totp: '1' }, { key: 'signInWrongTotp' }],
  [answer(403, 'sign-in-refused'), { code }, { key: 'signInRefused' }],
  [answer(403, 'totp-needed'), byName, { key: 'signInTotpNeeded' }],
  [
    answer(429, 'sign-in-locked', { retry_after_seconds: 8 }),
    byName,
    { key: 'signInLocked', values: { seconds: '8' } },
  ],
  [answer(400, 'invalid-request'), byName, { key: 'signInWrong' }],
  [new ApiError(0, undefined), byName, { key: 'errorNetwork' }],
  [new ApiError(500, undefined), byName, { key: 'signInFailed' }],
])('%# what is said', (error, request, expected) => {
  expect(problemOf(error, request)).toEqual(expected);
});

test.each([
  ['#problem=oidc-no-role', { key: 'oidcNoRole' }],
  ['#problem=oidc-failed', { key: 'oidcFailed' }],
  ['#problem=oidc-of-a-newer-version', { key: 'oidcFailed' }],
  ['#problem=constructor', undefined],
  ['#code=abc', undefined],
  ['', undefined],
])('back from the directory with %j', (fragment, problem) => expect(oidcProblem(fragment)).toEqual(problem));
