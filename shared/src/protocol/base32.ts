/**
 * Crockford's base32 (https://www.crockford.com/base32.html): digits and letters without I, L, O and U, so that a code
 * can be read aloud. Reading takes either case and the letters that people confuse.
 */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const confused: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' };

/** Five bits a symbol, most significant first; the last symbol is padded with zero bits. */
export function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet.charAt((buffer >> bits) & 31);
    }
    buffer &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + alphabet.charAt((buffer << (5 - bits)) & 31);
}

/** Whole bytes only; left-over bits are dropped. The text must be normalised. */
export function decodeBase32(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let buffer = 0;
  let bits = 0;
  let index = 0;
  for (const symbol of text) {
    buffer = (buffer << 5) | alphabet.indexOf(symbol);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[index++] = (buffer >> bits) & 255;
    }
    buffer &= (1 << bits) - 1;
  }
  return bytes;
}

/** Upper case, without dashes and white space, confused letters mended; other characters stay for the caller to refuse. */
export function normaliseBase32(text: string): string {
  return text
    .toUpperCase()
    .replace(/[\s\-–—]/g, '')
    .replace(/[OIL]/g, (letter) => confused[letter] ?? letter);
}

/** The first character that is no symbol, or undefined. */
export function strangeSymbol(text: string): string | undefined {
  for (const symbol of text) if (!alphabet.includes(symbol)) return symbol;
  return undefined;
}

/** The value of each symbol, 0 to 31. */
export function symbolValues(text: string): number[] {
  return [...text].map((symbol) => alphabet.indexOf(symbol));
}

export function symbolOf(value: number): string {
  return alphabet.charAt(value & 31);
}
