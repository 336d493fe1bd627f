import { expect, test } from 'vitest';
import { createFormat } from '../text/format.ts';
import { readingWords } from './reading-words.ts';

const format = { ...createFormat('vi'), moment: () => 'lúc đó' };

test.each([
  ['silent, since 2026-01-05T08:00:00.000Z, timeout', 'không trả lời, từ lúc đó, không trả lời kịp'],
  [
    'answers, since 2026-01-05T08:00:00.000Z, 12.34 ms, 3.5 % lost (a-1)',
    'trả lời, từ lúc đó, 12,3 ms, mất 3,5% gói (a-1)',
  ],
  ['not checked', 'không kiểm tra'],
  ['something new, \u202egpj (x) y', 'something new, \ufffdgpj (x) y'],
  ['', ''],
])('%s', (text, words) => {
  expect(readingWords(text, { language: 'vi', format })).toBe(words);
});
