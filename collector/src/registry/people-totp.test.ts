import { expect, test } from 'vitest';
import { matchTotp, newTotpSecret, otpauthUri, totpAt } from './people-totp.ts';

const secret = Buffer.from('12345678901234567890');

/** RFC 6238, appendix B, the rows of SHA-1. */
test.each([
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
])('at %i s the code is %s', (seconds, code) => {
  expect(totpAt(secret, seconds * 1_000, 8)).toBe(code);
  expect(totpAt(secret, seconds * 1_000)).toBe(code.slice(2));
});

test('a code is good for its own step and the ones beside it, and says which', () => {
  const code = totpAt(secret, 3_000_000);
  const steps = [2_969_999, 2_970_000, 3_000_000, 3_059_999, 3_060_000].map((at) => matchTotp(secret, code, at));
  expect(steps).toEqual([undefined, 100, 100, 100, undefined]);
});

test.each(['', '000', 'abcdef', '1234567', '０１２３４５'])('%j is no code', (code) => {
  expect(matchTotp(secret, code, 59_000)).toBeUndefined();
});

test('spaces, as programs show them, do not matter', () => {
  expect(matchTotp(secret, '287 082', 59_000)).toBe(1);
});

test('the link for the authenticator program', () => {
  expect(otpauthUri('lan', secret)).toBe(
    'otpauth://totp/V%E1%BB%8Dng%20G%C3%A1c%3Alan?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=V%E1%BB%8Dng%20G%C3%A1c',
  );
  expect(newTotpSecret()).toHaveLength(20);
});
