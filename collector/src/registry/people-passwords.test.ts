import { expect, test } from 'vitest';
import { hashPassword, passwordProblem, verifyPassword } from './people-passwords.ts';

test.each([
  ['short', 'at least 10 characters'],
  ['ngắn quá đ', undefined],
  ['aaaaaaaaaaaaaaa', 'different characters'],
  ['abababababababab', 'different characters'],
  ['0912 345 678', 'more than digits'],
  ['Matkhau@2025', 'tried first'],
  ['Mật-khẩu-2025!', 'tried first'],
  ['Quảng Bình 2026', 'tried first'],
  ['1qwertyuiop1', 'tried first'],
  ['lan.nguyen#bay', 'name of the account'],
  [`${'x'.repeat(190)}abcdefghijk`, 'at most 200'],
  ['con mèo ngủ trên mái', undefined],
  ['T7#kd92-pqLw', undefined],
])('%j: %s', (password, problem) => {
  const found = passwordProblem(password, 'lan.nguyen');
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(problem);
});

test('a password is known by its hash, which names its parameters and is different each time', async () => {
  const hash = await hashPassword('con mèo ngủ trên mái');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(await hashPassword('con mèo ngủ trên mái')).not.toBe(hash);
  expect(await verifyPassword('con mèo ngủ trên mái', hash)).toBe(true);
  expect(await verifyPassword('con mèo ngủ trên mai', hash)).toBe(false);
});

test('the same letters typed on another keyboard are the same password', async () => {
  const hash = await hashPassword('con mèo ngủ trên mái'.normalize('NFD'));
  expect(await verifyPassword('con mèo ngủ trên mái'.normalize('NFC'), hash)).toBe(true);
});

test('a hash with other parameters goes on working', async () => {
  // Made by the reference program: argon2 somesalt -id -t 2 -k 256 -p 1 -l 32
  const hash = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
  expect(await verifyPassword('password', hash)).toBe(true);
});

test('where nothing is stored no password is right', async () => {
  expect(await verifyPassword('', undefined)).toBe(false);
});

test('a form of another version is an error, not a wrong password', async () => {
  await expect(verifyPassword('x', '$2b$12$abc')).rejects.toThrow('not in a form that this version knows');
});
