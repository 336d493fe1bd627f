import { describe, expect, it } from 'vitest';
import { cleanText, quote } from './clean-text.ts';

describe('cleanText', () => {
  it.each([
    ['/', '/'],
    ['Ổ đĩa dữ liệu', 'Ổ đĩa dữ liệu'],
    ['  Intel Xeon®  ', 'Intel Xeon®'],
    ['a\nb\tc', 'a b c'],
    ['\u001b[31mred', '[31mred'],
    ['exe.\u202egpj', 'exe. gpj'],
    ['zero\u200bwidth', 'zero width'],
    ['a\u2028b\u2029c', 'a b c'],
    ['half\ud800', 'half'],
    ['\u0000', ''],
  ])('turns %j into %j', (text, expected) => {
    expect(cleanText(text)).toBe(expected);
  });

  it('keeps what travels and stays well-formed where it cuts', () => {
    expect(cleanText('x'.repeat(300))).toHaveLength(256);
    expect(cleanText(`${'x'.repeat(255)}😀`).isWellFormed()).toBe(true);
  });
});

describe('quote', () => {
  it('shows the beginning on one line', () => {
    expect(quote('a\nb')).toBe('"a\\nb"');
    expect(quote('x'.repeat(1000))).toHaveLength(82);
  });
});
