/**
 * Writes a backup of a data folder into one file, while a collector works on it.
 *
 * Nothing is there under the file's name before all of it is written and synced. What is needed on the way, a copy of
 * one database at a time, lies in a folder beside the file and is gone afterwards.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { AuditLog } from '../registry/audit-log.ts';
import { version } from '../version.ts';
import { BackupError } from './backup-error.ts';
import { type BackupParts, openParts } from './backup-parts.ts';
import { seriesName, unknownFiles } from './data-files.ts';
import { type Manifest, manifestName, sumLine, sumsName } from './manifest.ts';
import { megabytes } from './megabytes.ts';
import { seal } from './sealing.ts';
import { damageOf, type Snapshot } from './snapshot.ts';
import { syncFolder } from './sync-folder.ts';
import { endOfArchive, paddingOf, tarHeader } from './tar.ts';

/** Higher levels take three times as long and save a tenth. */
const gzipLevel = 3;

/** Begins the name of the folder in which a backup is made. */
export const workPrefix = '.vonggac-backup-';

export interface BackupOrder {
  readonly data: string;
  readonly file: string;
  readonly series: Manifest['series'];
  /** Encrypts it. */
  readonly passphrase?: string | undefined;
  /** Whether a file of this name is replaced. */
  readonly force: boolean;
  /** Who wants it, for the audit log. */
  readonly by: { readonly actor: string; readonly source: string };
  readonly now: () => number;
  /** Told now and then: bytes taken so far, and of how many. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface BackupReport {
  readonly file: string;
  readonly bytes: number;
  readonly manifest: Manifest;
  /** What lies in the data folder and is not in the backup because this version does not know it. */
  readonly unknown: readonly string[];
}

/** Throws BackupError; then there is no new file. */
export async function makeBackup(order: BackupOrder): Promise<BackupReport> {
  const file = resolve(order.file);
  refuseToReplace(file, order);
  const parts = openParts(order.data, { withSeries: order.series === 'included' });
  let work: string | undefined;
  try {
    const manifest = describe(parts, order);
    await checkSpace(file, parts.snapshots);
    work = mkdtempSync(join(dirname(file), workPrefix));
    const archive = join(work, 'archive');
    const source = Readable.from(archiveOf(parts, { manifest, work, order }));
    const sink = createWriteStream(archive, { flags: 'wx', mode: 0o600, flush: true });
    const gzip = createGzip({ level: gzipLevel });
    const { passphrase, signal } = order;
    await (passphrase === undefined
      ? pipeline(source, gzip, sink, { signal })
      : pipeline(source, gzip, (compressed: AsyncIterable<Buffer>) => seal(compressed, { passphrase }), sink, {
          signal,
        }));
    refuseToReplace(file, order);
    record(order, { file, manifest });
    renameSync(archive, file);
    syncFolder(dirname(file));
    return { file, bytes: statSync(file).size, manifest, unknown: unknownFiles(order.data) };
  } catch (error) {
    if (error instanceof BackupError) throw error;
    if (order.signal?.aborted) throw new BackupError(`the backup ${file} was broken off: there is none`);
    throw new BackupError(`cannot write the backup ${file}: ${(error as Error).message}`, { cause: error });
  } finally {
    parts.release();
    if (work !== undefined) rmSync(work, { recursive: true, force: true });
  }
}

function refuseToReplace(file: string, { force }: BackupOrder): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!existsSync(dirname(file))) throw new BackupError(`cannot write ${file}: there is no folder ${dirname(file)}`);
  if (found && (!force || !found.isFile())) {
    throw new BackupError(`${file} exists already: choose another name${found.isFile() ? ', or add --force' : ''}`);
  }
}

function describe({ plain, snapshots }: BackupParts, { series, now }: BackupOrder): Manifest {
  const files = [
    ...plain.map(({ name, content }) => ({ name, bytes: content.length, format: 0 })),
    ...snapshots.map(({ name, bytes, format }) => ({ name, bytes, format })),
  ];
  return { format: 1, version, made_at: new Date(now()).toISOString(), host: hostname(), series, files };
}

/** The copy of the largest database, and the archive: what it will compress to is not known, at best to a tenth. */
async function checkSpace(file: string, snapshots: readonly Snapshot[]): Promise<void> {
  const sizes = snapshots.map(({ bytes }) => bytes);
  const needed = Math.max(0, ...sizes) + sizes.reduce((sum, bytes) => sum + bytes, 0) / 10;
  const { bavail, bsize } = await statfs(dirname(file));
  if (bavail * bsize >= needed) return;
  throw new BackupError(
    `there is too little space for ${file}: at least ${megabytes(needed)} are needed, ` +
      `${megabytes(bavail * bsize)} are free; write elsewhere, or leave the time series out with --without-series`,
  );
}

interface Making {
  readonly manifest: Manifest;
  readonly work: string;
  readonly order: BackupOrder;
}

/** The whole archive, piece by piece. */
async function* archiveOf(
  { plain, snapshots }: BackupParts,
  { manifest, work, order }: Making,
): AsyncGenerator<Buffer> {
  const time = Date.parse(manifest.made_at);
  const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  let sums = '';
  const content = Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`);
  for (const part of [{ name: manifestName, content }, ...plain]) {
    sums += sumLine(part.name, createHash('sha256').update(part.content).digest('hex'));
    yield* plainEntry(part, time);
  }
  for (const snapshot of snapshots) {
    const copy = join(work, 'copy.db');
    await snapshot.copyTo(copy, (bytes) => order.progress?.(done + bytes / 2, total));
    snapshot.release();
    checkCopy(copy, snapshot);
    const hash = createHash('sha256');
    yield tarHeader(snapshot, time);
    for await (const piece of createReadStream(copy, { highWaterMark: 1_048_576 }) as AsyncIterable<Buffer>) {
      hash.update(piece);
      yield piece;
    }
    yield Buffer.alloc(paddingOf(snapshot.bytes));
    sums += sumLine(snapshot.name, hash.digest('hex'));
    rmSync(copy);
    done += snapshot.bytes;
    order.progress?.(done, total);
  }
  yield* plainEntry({ name: sumsName, content: Buffer.from(sums) }, time);
  yield endOfArchive;
}

function* plainEntry({ name, content }: { name: string; content: Buffer }, time: number): Generator<Buffer> {
  yield tarHeader({ name, bytes: content.length }, time);
  yield content;
  yield Buffer.alloc(paddingOf(content.length));
}

/** A damaged file must not take the place of a good backup. The time series are too large to be read once more. */
function checkCopy(copy: string, { name, bytes }: Snapshot): void {
  if (statSync(copy).size !== bytes) throw new BackupError(`${name} changed its size while it was copied: try again`);
  const damage = name === seriesName ? undefined : damageOf(copy);
  if (damage !== undefined) {
    throw new BackupError(`${name} is damaged (${damage}): no backup was made; keep the earlier ones`);
  }
}

/** Before the file gets its name: a copy of the keys that nobody knows of is not made. */
function record({ data, by, now, passphrase }: BackupOrder, what: { file: string; manifest: Manifest }): void {
  const log = new AuditLog(data);
  try {
    const after = { series: what.manifest.series, encrypted: passphrase !== undefined };
    log.append({ at: now(), ...by, action: 'backup.create', subject: what.file, after });
  } finally {
    log.close();
  }
}
