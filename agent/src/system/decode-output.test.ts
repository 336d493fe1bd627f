import { expect, test } from 'vitest';
import { decodeOutput } from './decode-output.ts';

test.each([
  ['UTF-8', Buffer.from('Tải xuống')],
  ['UTF-8 with a mark', Buffer.from('\ufeffTải xuống')],
  ['UTF-16', Buffer.from('Tải xuống', 'utf16le')],
  ['UTF-16 with a mark', Buffer.from('\ufeffTải xuống', 'utf16le')],
])('reads %s', (_name, bytes) => {
  expect(decodeOutput(bytes)).toBe('Tải xuống');
});

test.each([
  ['nothing', [], ''],
  ['one byte', [0x41], 'A'],
  ['half of a character', [0x41, 0, 0x42], 'A\ufffd'],
  ['a code page of old', [0x54, 0xea, 0x6e], 'T\ufffdn'],
  ['a null byte first', [0, 0x41], '\0A'],
])('makes the best of %s', (_name, bytes, text) => {
  expect(decodeOutput(Uint8Array.from(bytes))).toBe(text);
});
