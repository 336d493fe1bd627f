import { type Command, readArguments } from './command.ts';
import { createCollectorLogger, runUntilSignal } from './run-until-signal.ts';

const usage = 'serve [--config FILE] [--data DIR] [--console-port N] [--agents-port N]';

/** `vonggac serve`: the collector alone, as a service. */
export const serveCommand: Command = {
  usage,
  summary: 'run the collector',
  async run(args) {
    const { config } = readArguments(args, { usage });
    return runUntilSignal(config, { logger: createCollectorLogger(config) });
  },
};
