/**
 * Text of what a program wrote: UTF-8, or UTF-16 as some Windows programs write it when asked for Unicode, with or
 * without a mark of the byte order. Programs that a probe starts begin with an ASCII character, whose second byte is 0
 * in UTF-16 only.
 */
export function decodeOutput(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  // Both decoders take the mark of the byte order away and turn what is no text into U+FFFD.
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}
