/**
 * Encryption of a backup with a passphrase: AES-256-GCM in pieces, the key by scrypt.
 *
 *     8 bytes   "VGSEALED"
 *     1 byte    version, 1
 *     16 bytes  salt of scrypt (N = 2^17, r = 8, p = 1), which gives the key
 *     pieces    4 bytes length, big endian; that many bytes of ciphertext; 16 bytes tag
 *
 * The nonce of a piece is its number (11 bytes, big endian, from 0) and a byte that is 1 for the last piece and else 0;
 * what stands before the pieces is authenticated with each. So none can be altered, left out or put elsewhere, and an
 * archive that was cut off is noticed. The key is used for one file only, because its salt is.
 */
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { BackupError } from './backup-error.ts';
import { ByteReader } from './byte-reader.ts';

const magic = 'VGSEALED';
const version = 1;
const saltBytes = 16;
const tagBytes = 16;
const pieceBytes = 1_048_576;
/** N of scrypt: 128 MB of memory and about half a second for each guess. */
const scryptCost = 131_072;

/** Bytes that tell a sealed file from another. */
export const sealBytes = magic.length;

export interface Secret {
  readonly passphrase: string;
  /** N of scrypt, for tests that seal often. */
  readonly cost?: number;
}

export function isSealed(start: Buffer): boolean {
  return start.toString('latin1', 0, magic.length) === magic;
}

export async function* seal(source: AsyncIterable<Buffer>, secret: Secret): AsyncGenerator<Buffer> {
  const head = Buffer.concat([Buffer.from(magic, 'latin1'), Buffer.of(version), randomBytes(saltBytes)]);
  const key = await deriveKey(secret, head);
  yield head;
  let number = 0;
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  for await (const chunk of source) {
    pending.push(chunk);
    pendingBytes += chunk.length;
    if (pendingBytes <= pieceBytes) continue;
    // One byte more than a piece has come: what is sent now is not the last.
    const all = Buffer.concat(pending);
    let from = 0;
    for (; all.length - from > pieceBytes; from += pieceBytes) {
      yield sealPiece(all.subarray(from, from + pieceBytes), { key, head, nonce: nonceOf(number, false) });
      number += 1;
    }
    pending = [all.subarray(from)];
    pendingBytes = all.length - from;
  }
  yield sealPiece(Buffer.concat(pending), { key, head, nonce: nonceOf(number, true) });
}

/** `source` is the whole file. Throws BackupError. */
export async function* unseal(source: AsyncIterable<Buffer>, secret: Secret): AsyncGenerator<Buffer> {
  const reader = new ByteReader(source);
  const head = await reader.exactly(magic.length + 1 + saltBytes);
  if (head[magic.length] !== version) {
    throw new BackupError('it was encrypted by a newer version of Vọng Gác: install that one');
  }
  const key = await deriveKey(secret, head);
  for (let number = 0; ; number += 1) {
    const bytes = (await reader.exactly(4)).readUInt32BE();
    if (bytes > pieceBytes) throw new BackupError('it is damaged: a piece is longer than any that is written');
    const ciphertext = await reader.exactly(bytes);
    const tag = await reader.exactly(tagBytes);
    const isLast = await reader.atEnd();
    yield unsealPiece(ciphertext, { key, head, tag, nonce: nonceOf(number, isLast), number });
    if (isLast) return;
  }
}

interface PieceKey {
  readonly key: Buffer;
  readonly head: Buffer;
  readonly nonce: Buffer;
}

function sealPiece(plain: Buffer, { key, head, nonce }: PieceKey): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(head);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(plain.length);
  return Buffer.concat([length, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function unsealPiece(
  ciphertext: Buffer,
  { key, head, nonce, tag, number }: PieceKey & { readonly tag: Buffer; readonly number: number },
): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes }).setAAD(head);
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch (cause) {
    const reason = number === 0 ? 'the passphrase is wrong, or the file was altered' : 'it was altered or cut off';
    throw new BackupError(reason, { cause });
  }
}

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(number), 3);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

function deriveKey({ passphrase, cost = scryptCost }: Secret, head: Buffer): Promise<Buffer> {
  const options = { N: cost, r: 8, p: 1, maxmem: 256 * 1_048_576 };
  const salt = head.subarray(magic.length + 1);
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, 32, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
