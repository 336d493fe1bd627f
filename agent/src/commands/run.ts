import { Agent } from '../agent.ts';
import { loadIdentity } from '../identity.ts';
import { createLogger } from '../log.ts';
import { createProbes } from '../probes/registry.ts';
import { SpoolLocked } from '../spool/spool-format.ts';
import { monotonicMs } from '../system/monotonic.ts';
import { runCommand as startProgram } from '../system/run-command.ts';
import { stopReason } from '../system/stop-reason.ts';
import { type CommandContext, CommandFailed, exitCodes } from './command.ts';

const stopSignals = ['SIGINT', 'SIGTERM'] as const;

/**
 * `run`: the agent in the foreground until SIGTERM or SIGINT; with `--stop-with-stdin` also until its standard input
 * closes, so that an agent that another program started ends with it, however that ends.
 */
export async function runCommand(context: CommandContext): Promise<number> {
  const { config, texts } = context;
  const identity = loadIdentity(config.folder);
  if (!identity) throw new CommandFailed(texts.notEnrolled);
  const logger = createLogger({
    write: (line) => void process.stderr.write(line),
    pretty: process.stderr.isTTY,
    level: config.log_level,
    now: Date.now,
  });
  if (config.relay && identity.class !== 'gateway') {
    throw new CommandFailed(texts.relayNeedsGateway(identity.class), exitCodes.usage);
  }
  // Loaded where it is needed: memory counts on 7,000 machines.
  const gateway = identity.class === 'gateway' ? await import('../gateway/gateway.ts') : undefined;
  const agent = new Agent({
    config,
    identity,
    logger,
    now: Date.now,
    monotonic: monotonicMs,
    random: Math.random,
    inventoryProgram: { command: process.execPath, args: [context.program, 'inventory'] },
    createProbes,
    createGateway: gateway && ((options) => new gateway.Gateway(options)),
  });
  // A hang-up is how Windows tells of its end; elsewhere it means a terminal.
  const signals = process.platform === 'win32' ? (['SIGINT', 'SIGTERM', 'SIGHUP'] as const) : stopSignals;
  const stopSignal = new Promise<NodeJS.Signals | undefined>((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve(signal));
    if (context.flags['stop-with-stdin'] === true) process.stdin.once('close', () => resolve(undefined)).resume();
  });
  try {
    agent.start();
  } catch (error) {
    if (error instanceof SpoolLocked) throw new CommandFailed(error.message);
    throw error;
  }
  const signal = await stopSignal;
  // An open standard input would keep the process alive.
  process.stdin.destroy();
  await agent.stop(await stopReason(signal, { platform: process.platform, runCommand: startProgram }));
  return exitCodes.done;
}
