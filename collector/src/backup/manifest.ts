/**
 * What a backup holds. It is a tar archive, compressed with gzip and perhaps encrypted:
 *
 * 1. `manifest.json`: this, so that a reader can refuse before it reads on;
 * 2. the files of the data folder, in the order of the manifest;
 * 3. `SHA256SUMS`: one line for each entry before it, as `sha256sum` writes and reads them. A backup that was cut off has
 *    none.
 */
import * as z from 'zod';
import { BackupError } from './backup-error.ts';
import { formatOf, neededFiles } from './data-files.ts';

export const manifestName = 'manifest.json';
export const sumsName = 'SHA256SUMS';

/** Raised when older versions could not read what this one writes. */
export const backupFormat = 1;

/** Of the manifest and of the list of hashes: some dozen lines. */
export const maxListBytes = 65_536;

export const seriesChoices = ['included', 'left-out', 'influxdb'] as const;

const FileEntry = z.strictObject({
  name: z.string(),
  bytes: z.int().min(0),
  /** Of a database; 0 for a plain file. */
  format: z.int().min(0),
});

const Manifest = z.strictObject({
  format: z.literal(backupFormat),
  /** Of the program that made it. */
  version: z.string(),
  made_at: z.iso.datetime(),
  host: z.string(),
  /** `influxdb`: they are in InfluxDB, which has a backup of its own. */
  series: z.enum(seriesChoices),
  files: z.array(FileEntry).max(1_000),
});
export type Manifest = z.infer<typeof Manifest>;

/** Throws BackupError when it is not one, or one of a newer version. */
export function parseManifest(text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BackupError('its manifest is not JSON: it is not a backup of Vọng Gác, or damaged', { cause });
  }
  const { format } = z.object({ format: z.int() }).safeParse(value).data ?? {};
  if (format !== undefined && format > backupFormat) throw newer(`the format of the backup is ${format}`, backupFormat);
  const parsed = Manifest.safeParse(value);
  if (!parsed.success) throw new BackupError(`its manifest is not one: ${z.prettifyError(parsed.error)}`);
  const manifest = parsed.data;
  const names = new Set<string>();
  for (const { name, format: found } of manifest.files) {
    const known = formatOf(name);
    if (known === undefined) {
      throw new BackupError(
        `it holds ${JSON.stringify(name)}, which this version does not know: install the newer one`,
      );
    }
    if (found > known) throw newer(`the format of ${name} is ${found}`, known);
    if (names.has(name)) throw new BackupError(`it names ${name} twice`);
    names.add(name);
  }
  const missing = neededFiles.find((name) => !names.has(name));
  if (missing !== undefined) throw new BackupError(`it lacks ${missing}, without which no collector can go on`);
  return manifest;
}

function newer(what: string, known: number): BackupError {
  return new BackupError(
    `it was made by a newer version of Vọng Gác (${what}, this one knows ${known}): install that one`,
  );
}

/** A line of SHA256SUMS. */
export function sumLine(name: string, sha256: string): string {
  return `${sha256}  ${name}\n`;
}
