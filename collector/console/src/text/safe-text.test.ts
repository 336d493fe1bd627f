import { expect, test } from 'vitest';
import { safeText } from './safe-text.ts';

test.each([
  ['máy chủ – Đồng Hới', 'máy chủ – Đồng Hới'],
  ['<b>&amp;</b>', '<b>&amp;</b>'],
  ['\u202egpj.exe', '\ufffdgpj.exe'],
  ['a\u2066b\u2069c\u061cd', 'a\ufffdb\ufffdc\ufffdd'],
  ['ad\u200bmin\ufeff', 'ad\ufffdmin\ufffd'],
  ['\u001b[31mred\r\n', '\ufffd[31mred\ufffd\ufffd'],
  ['a\u2028b', 'a\ufffdb'],
])('%j', (text, shown) => {
  expect(safeText(text)).toBe(shown);
});
