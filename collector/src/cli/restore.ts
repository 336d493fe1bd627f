import { resolve } from 'node:path';
import type { Manifest } from '../backup/manifest.ts';
import { megabytes } from '../backup/megabytes.ts';
import { readPassphrase } from '../backup/passphrase.ts';
import { readBackup } from '../backup/read-backup.ts';
import { restoreBackup } from '../backup/restore.ts';
import { osUser } from '../registry/audit-commands.ts';
import { type Command, exitCodes, localTime, plain, print, readArguments, UsageError } from './command.ts';
import { createProgress } from './progress.ts';

const usage = 'restore FILE [--data DIR] [--passphrase-file FILE] [--force | --check]';

/** `vonggac restore`: a backup back into a data folder, or only looked at. */
export const restoreCommand: Command = {
  usage,
  summary: 'put a backup into an empty data folder (--force sets aside what is there); --check only reads it',
  async run(args) {
    const flags = { 'passphrase-file': 'string', force: 'boolean', check: 'boolean' } as const;
    const parsed = readArguments(args, { usage, flags });
    const [file, ...others] = parsed.positionals;
    const { force, check } = parsed.flags;
    if (file === undefined || others.length > 0 || (force && check)) throw new UsageError(`usage: vonggac ${usage}`);
    const passphrase = readPassphrase(parsed.flags['passphrase-file']);
    const progress = createProgress(parsed, 'read');
    if (check) {
      const manifest = await readBackup(file, { passphrase, progress: progress.show }).finally(progress.clear);
      print(parsed, { value: manifest, text: `${file} is whole\n${describe(manifest)}` });
      return exitCodes.done;
    }
    const data = resolve(parsed.config.data);
    const { manifest, setAside } = await restoreBackup({
      file,
      data,
      passphrase,
      force: force === true,
      by: { actor: osUser(), source: 'command' },
      now: Date.now,
      progress: progress.show,
    }).finally(progress.clear);
    const lines = [
      `${data} is as it was at ${localTime(Date.parse(manifest.made_at))}`,
      describe(manifest),
      ...(setAside === undefined ? [] : [`what was there before: ${setAside}`]),
      'start the collector; machines come back by themselves, those enrolled or given a new key since must be enrolled again',
      'what was revoked or disabled since is valid again: see "vonggac users", "vonggac tokens", "vonggac codes", "vonggac agents"',
    ];
    print(parsed, { value: { data, set_aside: setAside ?? null, ...manifest }, text: lines.join('\n') });
    return exitCodes.done;
  },
};

function describe({ made_at, host, version, series, files }: Manifest): string {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const withSeries = series === 'included' ? 'with the time series' : 'without time series';
  const made = `made ${localTime(Date.parse(made_at))} on ${plain(host)} by version ${plain(version)}`;
  return `${made}: ${files.length} files, ${megabytes(bytes)}, ${withSeries}`;
}
