import { holidayWarnings } from '../calendar/holidays.ts';
import { ConfigError } from '../config.ts';
import type { ConsoleSettings } from '../console-settings.ts';
import { certificateNames } from '../console-tls.ts';
import { grafanaProblems } from '../grafana/settings-problems.ts';
import { fileProblems } from '../notify/channel.ts';
import { certificateWarnings, readCertificate } from '../trust/console-certificate.ts';
import { type Command, exitCodes, print, readArguments } from './command.ts';

const usage = 'check-config [--config FILE]';
const secretKeys = new Set(['password', 'client_secret', 'secret']);

/** `vonggac check-config`: reads the configuration as `serve` would, and shows it with its defaults. */
export const checkConfigCommand: Command = {
  usage,
  summary: 'check the configuration and show it with its defaults',
  async run(args) {
    const parsed = readArguments(args, { usage });
    checkCertificate(parsed.config.console);
    const problems = grafanaProblems(parsed.config.grafana);
    if (problems.length > 0) throw new ConfigError(problems);
    for (const warning of holidayWarnings(parsed.config.calendar, Date.now())) warn(warning);
    for (const [name, settings] of Object.entries(parsed.config.notify.channels)) {
      for (const problem of fileProblems(settings)) warn(`notify.channels.${name}: ${problem}`);
    }
    const text = JSON.stringify(parsed.config, withoutSecrets, 2);
    print(parsed, { value: JSON.parse(text), text: `the configuration is valid\n${text}` });
    return exitCodes.done;
  },
};

/** Of a webhook's address the path is often a secret too. */
function withoutSecrets(this: unknown, key: string, value: unknown): unknown {
  if (secretKeys.has(key)) return '…';
  const isWebhook = (this as { kind?: unknown }).kind === 'webhook';
  return isWebhook && key === 'url' && typeof value === 'string' ? `${new URL(value).origin}/…` : value;
}

/** What the configuration only names. Throws CertificateError; what the collector can live with goes to standard error. */
function checkCertificate(settings: ConsoleSettings): void {
  if (!settings.tls) return;
  const options = { files: settings.tls, names: certificateNames(settings), now: Date.now() };
  for (const warning of certificateWarnings(readCertificate(settings.tls), options)) {
    warn(warning);
  }
}

function warn(warning: string): void {
  process.stderr.write(`warning: ${warning}\n`);
}
