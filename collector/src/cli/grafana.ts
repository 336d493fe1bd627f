/** `vonggac grafana`: what Grafana shows and alerts of, as files or by its API. */
import { ownDialect } from '../grafana/data-source.ts';
import { dialectNames, languages } from '../grafana/made-objects.ts';
import { type Command, readArguments, UsageError } from './command.ts';
import { exportGrafana } from './grafana-export.ts';
import { syncFlags, syncGrafana } from './grafana-sync.ts';

const words = `[--lang ${languages.join('|')}] [--dialect ${dialectNames.join('|')}]`;
const usage = `grafana export DIR ${words} | grafana sync --url URL --token-file FILE [--dry-run] [--prune] [--adopt] [--allow-old] [--org N] ${words}`;

/** `vonggac grafana`. */
export const grafanaCommand: Command = {
  usage,
  summary: 'dashboards and alert rules for Grafana: as provisioning files, or written by its API',
  async run(args) {
    const parsed = readArguments(args, { usage, flags: { lang: 'string', dialect: 'string', ...syncFlags } });
    const [action, directory, ...others] = parsed.positionals;
    const language = languages.find(
      (known) => known === (parsed.flags.lang ?? parsed.config.grafana?.language ?? 'vi'),
    );
    if (!language) throw new UsageError(`--lang is ${languages.join(' or ')}, not "${parsed.flags.lang}"`);
    const dialect = dialectNames.find((known) => known === (parsed.flags.dialect ?? ownDialect(parsed.config)));
    if (!dialect) throw new UsageError(`--dialect is ${dialectNames.join(' or ')}, not "${parsed.flags.dialect}"`);
    if (action === 'sync' && directory === undefined) return syncGrafana(parsed, { language, dialect });
    const foreign = Object.keys(syncFlags).find((flag) => parsed.flags[flag] !== undefined);
    if (action !== 'export' || !directory || others.length > 0 || foreign !== undefined)
      throw new UsageError(`usage: vonggac ${usage}`);
    return exportGrafana(parsed, { directory, language, dialect });
  },
};
