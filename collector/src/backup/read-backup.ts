/**
 * Reads a backup and checks all of it. It may have been damaged or made by somebody else: names are taken only from the
 * list of data files, sizes must be those of the manifest, which stands first, and nothing counts before the hashes at
 * the end agree. A mistake in one byte is an error.
 */
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fsyncSync, mkdirSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { BackupError } from './backup-error.ts';
import { ByteReader } from './byte-reader.ts';
import { type Manifest, manifestName, maxListBytes, parseManifest, sumLine, sumsName } from './manifest.ts';
import { megabytes } from './megabytes.ts';
import { isSealed, sealBytes, unseal } from './sealing.ts';
import { blockBytes, endOfArchive, paddingOf, readTarHeader, type TarEntry } from './tar.ts';

/** Deflate cannot do better; a file that says so lies. */
const maxCompression = 1_032;

export interface ReadOptions {
  /** Where its files are put; only checked when absent. */
  readonly into?: string | undefined;
  readonly passphrase?: string | undefined;
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** Throws BackupError. What is in `into` counts only when this returns. */
export async function readBackup(file: string, options: ReadOptions): Promise<Manifest> {
  try {
    const { passphrase } = options;
    const sealed = isSealed(startOf(file));
    if (sealed && passphrase === undefined) {
      throw new BackupError('it is encrypted: name the file with its passphrase by --passphrase-file');
    }
    let manifest: Manifest | undefined;
    const read = async (source: AsyncIterable<Buffer>) => {
      manifest = await readArchive(new ByteReader(source), { ...options, size: statSync(file).size });
    };
    const source = createReadStream(file);
    const open = (all: AsyncIterable<Buffer>) => unseal(all, { passphrase: passphrase ?? '' });
    await (sealed ? pipeline(source, open, createGunzip(), read) : pipeline(source, createGunzip(), read));
    if (!manifest) throw new BackupError('it was not read to its end');
    return manifest;
  } catch (error) {
    throw new BackupError(`cannot read the backup ${file}: ${reasonOf(error)}`, { cause: error });
  }
}

function startOf(file: string): Buffer {
  const start = Buffer.alloc(sealBytes);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, start);
  } finally {
    closeSync(descriptor);
  }
  return start;
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'Z_BUF_ERROR') return 'it is cut off: copy it again, or take another backup';
  if (code?.startsWith('Z_')) return `it is damaged, or not a backup of Vọng Gác (${message})`;
  return message;
}

async function readArchive(reader: ByteReader, options: ReadOptions & { readonly size: number }): Promise<Manifest> {
  const { text, sum } = await readList(reader, manifestName);
  const manifest = parseManifest(text);
  const total = manifest.files.reduce((bytes, file) => bytes + file.bytes, 0);
  if (total > options.size * maxCompression) {
    throw new BackupError(`its manifest speaks of ${megabytes(total)}, which a file of this size cannot hold`);
  }
  if (options.into !== undefined) await checkSpace(options.into, total);
  let sums = sum;
  let done = 0;
  for (const { name, bytes } of manifest.files) {
    const entry = await nextEntry(reader, name);
    if (entry.bytes !== bytes) throw new BackupError(`${name} has another size than its manifest says`);
    const told = (read: number) => options.progress?.(done + read, total);
    sums += sumLine(name, await takeFile(reader, { entry, into: options.into, told }));
    done += bytes;
  }
  const written = await readList(reader, sumsName);
  if (written.text !== sums) throw new BackupError(`${differing(written.text, sums)} is not what was backed up`);
  const end = await reader.exactly(endOfArchive.length);
  if (!end.equals(endOfArchive) || !(await reader.atEnd())) throw new BackupError('something follows after its end');
  return manifest;
}

async function nextEntry(reader: ByteReader, expected: string): Promise<TarEntry> {
  const entry = readTarHeader(await reader.exactly(blockBytes));
  if (entry?.name === expected) return entry;
  const found = entry ? `holds ${JSON.stringify(entry.name)}` : 'ends';
  throw new BackupError(`it is not a backup of Vọng Gác, or was altered: it ${found} where ${expected} should be`);
}

async function readList(reader: ByteReader, name: string): Promise<{ text: string; sum: string }> {
  const { bytes } = await nextEntry(reader, name);
  if (!(bytes <= maxListBytes)) throw new BackupError(`its ${name} has ${bytes} bytes: no backup's is that long`);
  const content = await reader.exactly(bytes);
  await skipPadding(reader, bytes);
  return { text: content.toString(), sum: sumLine(name, createHash('sha256').update(content).digest('hex')) };
}

async function skipPadding(reader: ByteReader, bytes: number): Promise<void> {
  const padding = await reader.exactly(paddingOf(bytes));
  if (padding.some((byte) => byte !== 0)) throw new BackupError('it was altered: something stands between its files');
}

interface Taking {
  readonly entry: TarEntry;
  readonly into: string | undefined;
  readonly told: (bytes: number) => void;
}

/** Returns the hash. */
async function takeFile(reader: ByteReader, { entry: { name, bytes }, into, told }: Taking): Promise<string> {
  const hash = createHash('sha256');
  const descriptor = into === undefined ? undefined : createFile(join(into, name));
  try {
    let read = 0;
    for await (const piece of reader.pieces(bytes)) {
      hash.update(piece);
      if (descriptor !== undefined) writeAll(descriptor, piece);
      read += piece.length;
      told(read);
    }
    if (descriptor !== undefined) fsyncSync(descriptor);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
  await skipPadding(reader, bytes);
  return hash.digest('hex');
}

function createFile(file: string): number {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  return openSync(file, 'wx', 0o600);
}

function writeAll(descriptor: number, piece: Buffer): void {
  for (let from = 0; from < piece.length; ) from += writeSync(descriptor, piece, from);
}

async function checkSpace(folder: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= needed) return;
  throw new BackupError(
    `it needs ${megabytes(needed)}, and ${megabytes(bavail * bsize)} are free in ${folder}: make room`,
  );
}

/** The first name whose line differs. */
function differing(written: string, computed: string): string {
  const lines = written.split('\n');
  const found = computed.split('\n').find((line, at) => line !== lines[at]);
  return found?.slice(66) || sumsName;
}
