import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EnrolmentGrant, EnrolmentNonce, EnrolmentPending, EnrolmentRefusal, EnrolmentRequest } from './enrolment.ts';
import { formatKeyFingerprint } from './key-fingerprint.ts';

const fixtures = new URL('../../../tests/fixtures/protocol/v1/', import.meta.url);

test.each([
  ['enrolment-nonce.json', EnrolmentNonce],
  ['enrolment-request.json', EnrolmentRequest],
  ['enrolment-request-described.json', EnrolmentRequest],
  ['enrolment-grant.json', EnrolmentGrant],
  ['enrolment-pending.json', EnrolmentPending],
  ['enrolment-refusal.json', EnrolmentRefusal],
])('recorded, never to be changed: %s', (name, schema) => {
  const recorded: unknown = JSON.parse(readFileSync(new URL(name, fixtures), 'utf8'));
  expect(schema.parse(recorded)).toEqual(recorded);
});

describe("a machine's own addresses", () => {
  const request = { lookup: 'a', proof: 'a', publicKey: 'a', hostname: 'h', platform: 'linux', version: '1' };
  const isTaken = (addresses: unknown) => EnrolmentRequest.safeParse({ ...request, addresses }).success;

  test.each([
    ['none', []],
    ['some', ['10.0.0.1', 'fe80::1', '2001:db8::1']],
    ['as many as may be', Array(8).fill('10.0.0.1')],
  ])('may be %s', (_, addresses) => {
    expect(isTaken(addresses)).toBe(true);
  });

  test.each([
    ['a text', '10.0.0.1'],
    ['another text', ['x']],
    ['a network', ['10.0.0.1/8']],
    ['one with a zone', ['fe80::1%eth0']],
    ['HTML', ['<img src=x>']],
    ['a number', [1]],
    ['too many', Array(9).fill('10.0.0.1')],
    ['digits for ever', ['1'.repeat(4_000)]],
    ['colons for ever', [':'.repeat(4_000)]],
  ])('may not be %s', (_, addresses) => {
    expect(isTaken(addresses)).toBe(false);
  });
});

test('the fingerprint of a key is five groups of four', () => {
  expect(formatKeyFingerprint(new Uint8Array(32).fill(255))).toBe('ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ');
});
