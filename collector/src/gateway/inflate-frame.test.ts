import { deflateRawSync } from 'node:zlib';
import { batchDictionary, InvalidMessage } from '@vonggac/shared';
import { expect, test } from 'vitest';
import { inflateFrame } from './inflate-frame.ts';

const dictionary = Buffer.from(batchDictionary);
const maxBytes = 2 * 1_048_576;

test('inflates what agents send', () => {
  const text = '{"type":"batch","seq":1,"sent":1,"data":[[1,[1,2],[],[0,5],[1,2,"a",-4]]]}';
  expect(inflateFrame(deflateRawSync(text, { dictionary }), maxBytes)).toBe(text);
});

test('inflating stops at the limit', () => {
  const bomb = deflateRawSync(Buffer.alloc(200 * 1_048_576), { dictionary });
  expect(() => inflateFrame(bomb, maxBytes)).toThrow(/within 2097152 bytes/);
  expect(() => inflateFrame(Buffer.from('no deflate'), maxBytes)).toThrow(InvalidMessage);
});
