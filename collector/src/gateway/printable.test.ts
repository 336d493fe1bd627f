import { expect, test } from 'vitest';
import { printable } from './printable.ts';

test.each([
  ['máy-kế-toán 01', 'máy-kế-toán 01'],
  ['a,role=admin v=1 1\nevil,host=x v=9', 'a,role=admin v=1 1?evil,host=x v=9'],
  ['\u001b[31mred\u0000', '?[31mred?'],
  ['exe\u202Egnp.txt', 'exe?gnp.txt'],
  ['line\u2028separator\u2029', 'line?separator?'],
  ['lone \ud800 surrogate', 'lone \ufffd surrogate'],
  ['  ', ''],
  ['x'.repeat(10_000_000), 'x'.repeat(256)],
])('%j', (text, shown) => {
  expect(printable(text)).toBe(shown);
});
