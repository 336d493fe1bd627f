/** Source: the first 512 bytes of ClamAV's signature files, see `cli_cvdhead` of libclamav. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

export interface Signatures {
  readonly version: number;
  /** When they were built, milliseconds since 1970. */
  readonly built: number;
  /** When the file came onto this machine, milliseconds since 1970. */
  readonly written: number;
}

/** `damaged`: there is a file, and it is no signature file. */
export type DatabaseReading = { readonly state: 'read'; readonly signatures: Signatures } | DatabaseProblem;

export interface DatabaseProblem {
  readonly state: 'absent' | 'damaged' | 'denied';
  readonly path: string;
}

const headerBytes = 512;

/**
 * The daily signatures: those whose age counts, as the main ones are months old by design. freshclam keeps one of `.cvd`
 * (as downloaded) and `.cld` (patched); where both are left the higher version is in use.
 */
export function readDailySignatures(folder: string): DatabaseReading {
  const readings = ['daily.cld', 'daily.cvd'].map((name) => readHeader(join(folder, name)));
  let best: DatabaseReading | undefined;
  for (const reading of readings) {
    if (reading.state !== 'read') continue;
    if (best?.state !== 'read' || reading.signatures.version > best.signatures.version) best = reading;
  }
  const [cld, cvd] = readings;
  const absent = { state: 'absent', path: join(folder, 'daily.cvd') } as const;
  return best ?? [cld, cvd].find((reading) => reading && reading.state !== 'absent') ?? absent;
}

function readHeader(path: string): DatabaseReading {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { state: code === 'EACCES' || code === 'EPERM' ? 'denied' : 'absent', path };
  }
  try {
    const buffer = Buffer.alloc(headerBytes);
    const length = readSync(descriptor, buffer, 0, headerBytes, 0);
    const header = parseHeader(buffer.toString('latin1', 0, length));
    if (!header) return { state: 'damaged', path };
    return { state: 'read', signatures: { ...header, written: fstatSync(descriptor).mtimeMs } };
  } catch {
    return { state: 'damaged', path };
  } finally {
    closeSync(descriptor);
  }
}

/** `ClamAV-VDB:22 Jun 2021 21-34 -0400:VERSION:signatures:level:MD5:signature:builder:SECONDS`, filled up with spaces. */
export function parseHeader(text: string): Pick<Signatures, 'version' | 'built'> | undefined {
  const [magic, written, version, signatures, , , , , seconds] = text.trimEnd().split(':');
  if (magic !== 'ClamAV-VDB' || !isCount(version) || !isCount(signatures)) return undefined;
  // The oldest databases have no seconds at their end.
  const built = isCount(seconds) ? Number(seconds) * 1_000 : parseBuildTime(written ?? '');
  return built === undefined || built <= 0 ? undefined : { version: Number(version), built };
}

function isCount(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,10}$/.test(text);
}

/** `22 Jun 2021 21-34 -0400` */
function parseBuildTime(text: string): number | undefined {
  const [, day, hour, minute, zone] = /^(\d{1,2} [A-Z][a-z]{2} \d{4}) (\d\d)-(\d\d) ([+-]\d{4})$/.exec(text) ?? [];
  const time = Date.parse(`${day} ${hour}:${minute} ${zone}`);
  return Number.isNaN(time) ? undefined : time;
}
