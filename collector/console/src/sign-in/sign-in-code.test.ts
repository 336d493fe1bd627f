import { expect, test } from 'vitest';
import { findCode } from './sign-in-code.ts';

const code = 'aB3-_'.repeat(8).concat('xyz');

test.each([
  [code, code],
  [`  ${code}\n`, code],
  [`http://localhost:8080/sign-in#code=${code}`, code],
  [`http://localhost:8080/sign-in?code=${code}`, code],
  ['', undefined],
  ['http://localhost:8080/sign-in', undefined],
  [code.slice(1), undefined],
  [`${code}x`, undefined],
])('%j', (text, found) => {
  expect(findCode(text)).toBe(found);
});
