import { holidayWarnings } from '../calendar/holidays.ts';
import type { ConsoleSettings } from '../console-settings.ts';
import { certificateNames } from '../console-tls.ts';
import { certificateWarnings, readCertificate } from '../trust/console-certificate.ts';
import { type Command, exitCodes, print, readArguments } from './command.ts';

const usage = 'check-config [--config FILE]';
const secretKeys = new Set(['password', 'client_secret']);

/** `vonggac check-config`: reads the configuration as `serve` would, and shows it with its defaults. */
export const checkConfigCommand: Command = {
  usage,
  summary: 'check the configuration and show it with its defaults',
  async run(args) {
    const parsed = readArguments(args, { usage });
    checkCertificate(parsed.config.console);
    for (const warning of holidayWarnings(parsed.config.calendar, Date.now())) warn(warning);
    const text = JSON.stringify(parsed.config, (key, value) => (secretKeys.has(key) ? '…' : value), 2);
    print(parsed, { value: JSON.parse(text), text: `the configuration is valid\n${text}` });
    return exitCodes.done;
  },
};

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
