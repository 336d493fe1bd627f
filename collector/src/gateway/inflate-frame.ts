import { inflateRawSync } from 'node:zlib';
import { batchDictionary, InvalidMessage } from '@vonggac/shared';

const dictionary = Buffer.from(batchDictionary);

/** The text of a compressed batch; inflating stops at `maxBytes`. Throws InvalidMessage. */
export function inflateFrame(bytes: Buffer, maxBytes: number): string {
  try {
    return inflateRawSync(bytes, { maxOutputLength: maxBytes, dictionary }).toString('utf8');
  } catch {
    throw new InvalidMessage(`cannot inflate the frame within ${maxBytes} bytes`);
  }
}
