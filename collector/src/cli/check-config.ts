import { type Command, exitCodes, print, readArguments } from './command.ts';

const usage = 'check-config [--config FILE]';
const secretKeys = new Set(['password']);

/** `vonggac check-config`: reads the configuration as `serve` would, and shows it with its defaults. */
export const checkConfigCommand: Command = {
  usage,
  summary: 'check the configuration and show it with its defaults',
  async run(args) {
    const parsed = readArguments(args, { usage });
    const text = JSON.stringify(parsed.config, (key, value) => (secretKeys.has(key) ? '…' : value), 2);
    print(parsed, { value: JSON.parse(text), text: `the configuration is valid\n${text}` });
    return exitCodes.done;
  },
};
