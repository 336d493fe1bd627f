import { expect, test } from 'vitest';
import { readTarHeader, tarHeader } from './tar.ts';

test.each([0, 1, 512, 8 ** 11 - 1, 8 ** 11, 5 * 2 ** 40])('a header of %i bytes is read back', (bytes) => {
  const entry = { name: 'trust/ca.pem', bytes };
  expect(readTarHeader(tarHeader(entry, Date.parse('2026-11-23T00:00:00Z')))).toEqual(entry);
});

/** With the right checksum. */
function changed(change: (block: Buffer) => void): Buffer {
  const block = tarHeader({ name: 'series.db', bytes: 5 }, 0);
  change(block);
  block.write('        ', 148);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

test('zeros are the end', () => {
  expect(readTarHeader(Buffer.alloc(512))).toBeUndefined();
});

test.each([
  ['a symbolic link', (block: Buffer) => block.write('2', 156)],
  ['a folder', (block: Buffer) => block.write('5', 156)],
  ['an extended header', (block: Buffer) => block.write('x', 156)],
  ['a name with a prefix', (block: Buffer) => block.write('../..', 345)],
])('%s is refused', (_, change) => {
  expect(() => readTarHeader(changed(change))).toThrow('is not a plain file');
});

test('text that is no header, and a header with another checksum, are refused', () => {
  expect(() => readTarHeader(Buffer.alloc(512, 'x'))).toThrow('no tar header');
  const spoilt = tarHeader({ name: 'series.db', bytes: 5 }, 0);
  spoilt.write('z', 0);
  expect(() => readTarHeader(spoilt)).toThrow('the checksum of a tar header is wrong');
});
