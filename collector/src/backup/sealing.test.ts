import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { isSealed, seal, unseal } from './sealing.ts';

const piece = 1_048_576;
const head = 8 + 1 + 16;
const secret = { passphrase: 'một câu dài', cost: 2 };

async function all(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const part of source) pieces.push(part);
  return Buffer.concat(pieces);
}

function inParts(content: Buffer, bytes: number): AsyncIterable<Buffer> {
  const parts: Buffer[] = [];
  for (let from = 0; from < content.length; from += bytes) parts.push(content.subarray(from, from + bytes));
  return Readable.from(parts);
}

const sealed = (content: Buffer, bytes = 65_536) => all(seal(inParts(content, bytes), secret));
const opened = (content: Buffer, passphrase = secret.passphrase) =>
  all(unseal(inParts(content, 50_000), { ...secret, passphrase }));

test.each([0, 1, piece - 1, piece, piece + 1, 3 * piece + 7])('%i bytes come back', async (bytes) => {
  const content = randomBytes(bytes);
  const secretly = await sealed(content);
  expect(isSealed(secretly)).toBe(true);
  expect(secretly.includes(content.subarray(0, 64)) && bytes > 64).toBe(false);
  expect((await opened(secretly)).equals(content)).toBe(true);
});

test('however it comes in', async () => {
  const content = randomBytes(2 * piece + 100);
  expect((await opened(await sealed(content, 5 * piece))).equals(content)).toBe(true);
});

test('the same content is never sealed the same', async () => {
  const content = randomBytes(10);
  expect((await sealed(content)).equals(await sealed(content))).toBe(false);
});

test('another passphrase opens nothing', async () => {
  await expect(opened(await sealed(randomBytes(9)), 'another one')).rejects.toThrow('the passphrase is wrong');
});

test('the same passphrase typed with composed and with single accents opens it', async () => {
  const content = randomBytes(9);
  expect((await opened(await sealed(content), secret.passphrase.normalize('NFD'))).equals(content)).toBe(true);
});

test.each([
  ['a byte of the salt', (bytes: Buffer) => flip(bytes, 12)],
  ['a byte of the first piece', (bytes: Buffer) => flip(bytes, head + 10)],
  ['a byte of a later piece', (bytes: Buffer) => flip(bytes, head + piece + 100)],
  ['the last tag', (bytes: Buffer) => flip(bytes, bytes.length - 1)],
  ['a length', (bytes: Buffer) => flip(bytes, head)],
  ['the version', (bytes: Buffer) => flip(bytes, 8)],
  ['an end that is missing', (bytes: Buffer) => bytes.subarray(0, -10)],
  ['a last piece that is missing', (bytes: Buffer) => bytes.subarray(0, head + 2 * (piece + 20))],
  ['a piece that is missing', (bytes: Buffer) => without(bytes, head + piece + 20, piece + 20)],
  ['something behind it', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from([0, 0, 0, 0])])],
  ['nothing but a head', (bytes: Buffer) => bytes.subarray(0, head)],
])('%s is noticed', async (_, spoil) => {
  const spoilt = spoil(await sealed(randomBytes(2 * piece + 5_000)));
  await expect(opened(spoilt)).rejects.toThrow(
    /it was altered|it is cut off|or the file was altered|newer version|longer than any/,
  );
});

function flip(bytes: Buffer, at: number): Buffer {
  const spoilt = Buffer.from(bytes);
  spoilt[at] = (spoilt[at] ?? 0) ^ 0x80;
  return spoilt;
}

function without(bytes: Buffer, from: number, count: number): Buffer {
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + count)]);
}
