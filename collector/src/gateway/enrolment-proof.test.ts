import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { enrolKeyTranscript, enrolTranscript, tokenKeyInput } from '@vonggac/shared';
import { describe, expect, test } from 'vitest';
import { checkKey, isPublicKey, provesToken } from './enrolment-proof.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const x = publicKey.export({ format: 'jwk' }).x ?? '';
const binding = { nonce: 'n1', exporter: 'e1' };
const key = createHash('sha256').update(tokenKeyInput('TOKEN')).digest();

function request(bound = binding) {
  const transcript = { ...bound, publicKey: x };
  return {
    lookup: 'l',
    proof: createHmac('sha256', key).update(enrolTranscript(transcript)).digest('base64url'),
    publicKey: x,
    hostname: 'h',
    platform: 'linux',
    version: '1',
    signature: sign(null, enrolKeyTranscript(transcript), privateKey).toString('base64url'),
  };
}

describe('the proof of a token', () => {
  const known = key.toString('base64url');

  test('is good on its connection only', () => {
    expect(provesToken(request(), { ...binding, key: known })).toBe(true);
    expect(provesToken(request({ ...binding, nonce: 'n2' }), { ...binding, key: known })).toBe(false);
    expect(provesToken(request({ ...binding, exporter: 'e2' }), { ...binding, key: known })).toBe(false);
  });

  test('is good for its public key only', () => {
    expect(provesToken({ ...request(), publicKey: 'other' }, { ...binding, key: known })).toBe(false);
  });

  test.each(['', 'a', 'a'.repeat(128)])('is not %j', (proof) => {
    expect(provesToken({ ...request(), proof }, { ...binding, key: known })).toBe(false);
  });

  test('of an unknown token is none, even with the key that stands in for it', () => {
    const standIn = createHash('sha256').update('l').digest();
    const proof = createHmac('sha256', standIn)
      .update(enrolTranscript({ ...binding, publicKey: x }))
      .digest('base64url');
    expect(provesToken({ ...request(), proof }, { ...binding, key: undefined })).toBe(false);
  });
});

describe('the proof of the key', () => {
  test('is good on its connection only', () => {
    expect(checkKey(request(), binding)).toBe('proven');
    expect(checkKey(request(), { ...binding, nonce: 'n2' })).toBe('wrong');
    expect(checkKey({ ...request(), signature: 'AAAA' }, binding)).toBe('wrong');
  });

  test('is not that of another key', () => {
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x ?? '';
    expect(checkKey({ ...request(), publicKey: other }, binding)).toBe('wrong');
  });

  test('may be absent', () => {
    const { signature: _, ...old } = request();
    expect(checkKey(old, binding)).toBe('absent');
  });
});

test('a public key has one form', () => {
  expect(isPublicKey(x)).toBe(true);
  // The last symbol carries two bits that decode to nothing.
  const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const twin = x.slice(0, -1) + last[last.indexOf(x.at(-1) ?? '') + 1];
  expect(Buffer.from(twin, 'base64url').equals(Buffer.from(x, 'base64url'))).toBe(true);
  for (const text of [twin, '', 'AAAA', `${x}=`, `${x}A`]) expect(isPublicKey(text)).toBe(false);
});
