import { makeBackup } from '../backup/make-backup.ts';
import { megabytes } from '../backup/megabytes.ts';
import { readPassphrase } from '../backup/passphrase.ts';
import { osUser } from '../registry/audit-commands.ts';
import { type Arguments, type Command, exitCodes, plain, print, readArguments, UsageError } from './command.ts';
import { createProgress } from './progress.ts';

const usage = 'backup FILE [--without-series] [--passphrase-file FILE] [--force]';

/** `vonggac backup`: what the collector keeps, in one file, while it runs. */
export const backupCommand: Command = {
  usage,
  summary: 'write all that the collector keeps into one file, while it runs',
  async run(args) {
    const flags = { 'without-series': 'boolean', 'passphrase-file': 'string', force: 'boolean' } as const;
    const parsed = readArguments(args, { usage, flags });
    const [file, ...others] = parsed.positionals;
    if (file === undefined || others.length > 0) throw new UsageError(`usage: vonggac ${usage}`);
    const { config } = parsed;
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
    const passphrase = readPassphrase(parsed.flags['passphrase-file']);
    const progress = createProgress(parsed, 'copied');
    const report = await makeBackup({
      data: config.data,
      file,
      series: config.store.kind === 'influx' ? 'influxdb' : parsed.flags['without-series'] ? 'left-out' : 'included',
      passphrase,
      force: parsed.flags.force === true,
      by: { actor: osUser(), source: 'command' },
      now: Date.now,
      progress: progress.show,
      signal: stop.signal,
    }).finally(progress.clear);
    const { bytes, manifest, unknown } = report;
    const lines = [
      `${report.file}: ${manifest.files.length} files, ${megabytes(bytes)}`,
      keepSafe(passphrase !== undefined),
      ...notInIt(parsed, manifest.series),
      ...unknown.map((name) => `not in it, because this version does not know it: ${plain(name)}`),
    ];
    print(parsed, {
      value: { file: report.file, bytes, encrypted: passphrase !== undefined, unknown, ...manifest },
      text: lines.join('\n'),
    });
    return exitCodes.done;
  },
};

function keepSafe(encrypted: boolean): string {
  return encrypted
    ? 'it is encrypted: without the passphrase it is lost; keep that elsewhere'
    : "it holds the key of the collector's authority and the hashes of passwords: whoever reads it can pose as the collector; keep it as you keep keys, or encrypt it with --passphrase-file";
}

function notInIt({ config, flags }: Arguments, series: string): string[] {
  const file = flags.config ?? process.env.VONGGAC_CONFIG;
  const configuration = typeof file === 'string' ? `the configuration ${file}` : 'the configuration';
  const lines = [`not in it: ${configuration} and the files that it names`];
  if (series === 'left-out') lines.push('not in it: the time series');
  if (series === 'influxdb') {
    lines.push(
      `not in it: the time series, which are in InfluxDB (${config.store.influx?.url}): back them up with "influxd backup -portable"`,
    );
  }
  return lines;
}
