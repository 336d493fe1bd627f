/** Life of a collector in the foreground: start, wait for a signal, stop. */
import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import { Collector } from '../collector.ts';
import type { Config } from '../config.ts';
import { CertificateError } from '../trust/console-certificate.ts';
import { CommandFailed, exitCodes } from './command.ts';

const earliestClock = Date.UTC(2020, 0, 1);

/** Data with a wrong time would be refused or lost later; better not to begin. */
function refuseOldClock(): void {
  if (Date.now() >= earliestClock) return;
  throw new CommandFailed(
    `the clock of this machine says ${new Date(Date.now()).toISOString()}: set it right, then start again; data would be stored at the wrong time`,
  );
}

/** JSON lines on standard error, or readable text on a terminal. */
export function createCollectorLogger(config: Config): Logger {
  const destination = process.stderr.isTTY
    ? pretty({ destination: 2, sync: true, translateTime: 'SYS:HH:MM:ss' })
    : pino.destination(2);
  return pino({ level: config.log_level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}

/**
 * Starts a collector, calls `started`, and stops everything at SIGINT or SIGTERM; a second signal ends at once.
 * `started` may return what has to be stopped before the collector.
 */
export async function runUntilSignal(
  config: Config,
  options: { logger: Logger; started?: (collector: Collector) => Promise<() => Promise<void>> },
): Promise<number> {
  refuseOldClock();
  const collector = new Collector(config, { logger: options.logger, now: Date.now });
  const stopSignal = new Promise<string>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => resolve(signal));
    }
  });
  await startOrExplain(collector, config);
  let stopCompanions: (() => Promise<void>) | undefined;
  try {
    stopCompanions = await options.started?.(collector);
    const signal = await stopSignal;
    options.logger.info({ signal }, 'stopping');
    for (const again of ['SIGINT', 'SIGTERM'] as const) process.once(again, () => process.exit(exitCodes.failed));
    await stopCompanions?.();
  } finally {
    await collector.stop();
  }
  return exitCodes.done;
}

async function startOrExplain(collector: Collector, config: Config): Promise<void> {
  try {
    await collector.start();
  } catch (error) {
    if (error instanceof CertificateError) throw error;
    const { code, port, message } = error as NodeJS.ErrnoException & { port?: number };
    if (code === 'EADDRINUSE') {
      const flag = port === config.console.port ? '--console-port' : '--agents-port';
      throw new CommandFailed(
        `port ${port} is taken: stop the program that uses it, or choose another with ${flag} (0 takes any free one)`,
      );
    }
    if (code === 'EACCES' && port !== undefined) {
      throw new CommandFailed(`port ${port} needs rights that this user lacks: choose one above 1023`);
    }
    throw new CommandFailed(message, { cause: error });
  }
}
