import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase32, encodeBase32 } from './base32.ts';
import { formatFullCode, formatShortCode, InvalidEnrolmentCode, parseEnrolmentCode } from './enrolment-code.ts';

const code = {
  token: '0123456789ABCDE',
  pin: encodeBase32(Uint8Array.from({ length: 32 }, (_, index) => index * 7)),
  addresses: ['10.1.2.3:8443', '[fd00::1]:8443', 'giamsat.quangbinh.gov.vn:443'],
};

function reasonOf(text: string): string {
  try {
    parseEnrolmentCode(text);
    return 'accepted';
  } catch (error) {
    if (error instanceof InvalidEnrolmentCode) return error.reason;
    throw error;
  }
}

test('base32 gives back any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      expect(decodeBase32(encodeBase32(bytes))).toEqual(bytes);
    }),
  );
});

describe('the full form', () => {
  test('gives back token, pin and addresses', () => {
    expect(parseEnrolmentCode(formatFullCode(code))).toEqual(code);
  });

  test('is read in lower case, without dashes, with spaces, and with the letters people confuse', () => {
    const text = formatFullCode(code);
    expect(parseEnrolmentCode(text.toLowerCase())).toEqual(code);
    expect(parseEnrolmentCode(text.replaceAll('-', ' '))).toEqual(code);
    expect(parseEnrolmentCode(text.replaceAll('0', 'O').replaceAll('1', 'l'))).toEqual(code);
  });
});

describe('the short form', () => {
  const short = formatShortCode(code);

  test('has 32 symbols and keeps 70 bits of the pin and the whole token', () => {
    expect(short.replaceAll('-', '')).toHaveLength(32);
    expect(parseEnrolmentCode(short)).toEqual({ token: code.token, pin: code.pin.slice(0, 14), addresses: [] });
  });

  test('every wrong symbol is found', () => {
    const plain = short.replaceAll('-', '');
    for (let index = 0; index < plain.length; index += 1) {
      const wrong = plain.charAt(index) === '7' ? '8' : '7';
      expect(reasonOf(plain.slice(0, index) + wrong + plain.slice(index + 1))).toBe('check');
    }
  });

  test('every swap of neighbours is found', () => {
    const plain = short.replaceAll('-', '');
    for (let index = 0; index + 1 < plain.length; index += 1) {
      const [left, right] = [plain.charAt(index), plain.charAt(index + 1)];
      if (left === right) continue;
      expect(reasonOf(plain.slice(0, index) + right + left + plain.slice(index + 2))).toBe('check');
    }
  });
});

test.each([
  ['a letter that no code has', 'symbol', `U${formatShortCode(code).slice(1)}`],
  ['a part missing', 'length', formatFullCode(code).slice(0, 60)],
  ['nothing', 'length', ''],
  ['the last symbols cut off', 'check', formatFullCode(code).slice(0, -2)],
])('%s is refused with reason %s', (_, reason, text) => {
  expect(reasonOf(text)).toBe(reason);
});
