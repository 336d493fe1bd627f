/**
 * Headers of tar archives in the POSIX form, for plain files only: what a backup holds, and all that a restore takes.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html ("ustar Interchange Format")
 *
 * Sizes past 8 GiB, for which the form has no room, are written in base 256, as GNU tar and bsdtar do and read.
 */
import { BackupError } from './backup-error.ts';

export const blockBytes = 512;
/** Two blocks of zeros end an archive. */
export const endOfArchive = Buffer.alloc(2 * blockBytes);

const maxOctal = 8 ** 11 - 1;
const sizeAt = 124;
const checksumAt = 148;
const checksumBytes = 8;
const typeAt = 156;
const magicAt = 257;
const magic = 'ustar\u000000';
const regularFile = '0';

export interface TarEntry {
  readonly name: string;
  readonly bytes: number;
}

/** Zeros that fill the last block of a file. */
export function paddingOf(bytes: number): number {
  return (blockBytes - (bytes % blockBytes)) % blockBytes;
}

/** `time` in milliseconds since 1970. */
export function tarHeader({ name, bytes }: TarEntry, time: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new RangeError(`the name ${name} is longer than 100 bytes`);
  const block = Buffer.alloc(blockBytes);
  block.write(name, 0);
  block.write('0000600\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  writeSize(block, bytes);
  block.write(`${octal(Math.floor(time / 1000))}\0`, 136);
  block.write(regularFile, typeAt);
  block.write(magic, magicAt, 'latin1');
  block.write(checksumOf(block), checksumAt);
  return block;
}

/** Undefined for a block of zeros: the end. Throws BackupError for anything but a plain file. */
export function readTarHeader(block: Buffer): TarEntry | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  if (block.toString('latin1', magicAt, magicAt + magic.length) !== magic) {
    throw new BackupError('it is not a backup of Vọng Gác: no tar header where one was expected');
  }
  if (block.toString('latin1', checksumAt, checksumAt + checksumBytes) !== checksumOf(block)) {
    throw new BackupError('it is damaged: the checksum of a tar header is wrong');
  }
  const name = textAt(block, 0, 100);
  if (block.toString('latin1', typeAt, typeAt + 1) !== regularFile || block[345] !== 0) {
    throw new BackupError(`it holds ${JSON.stringify(name)}, which is not a plain file: no backup does`);
  }
  return { name, bytes: readSize(block) };
}

function octal(value: number): string {
  return value.toString(8).padStart(11, '0');
}

function writeSize(block: Buffer, bytes: number): void {
  if (bytes <= maxOctal) {
    block.write(`${octal(bytes)}\0`, sizeAt);
    return;
  }
  block[sizeAt] = 0x80;
  block.writeBigUInt64BE(BigInt(bytes), sizeAt + 4);
}

function readSize(block: Buffer): number {
  if (block[sizeAt] === 0x80) return Number(block.readBigUInt64BE(sizeAt + 4));
  return Number.parseInt(textAt(block, sizeAt, 12), 8);
}

function textAt(block: Buffer, at: number, bytes: number): string {
  const field = block.subarray(at, at + bytes);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? bytes : end).trim();
}

/** The sum of all bytes, those of the checksum itself taken as spaces. */
function checksumOf(block: Buffer): string {
  let sum = checksumBytes * 0x20;
  for (const [at, byte] of block.entries()) {
    if (at < checksumAt || at >= checksumAt + checksumBytes) sum += byte;
  }
  return `${sum.toString(8).padStart(6, '0')}\0 `;
}
