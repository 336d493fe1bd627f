#!/usr/bin/env node
/** `vonggac-agent`: finds the command and turns what goes wrong into one sentence and an exit code. */
import { parseArgs } from 'node:util';
import { type CommandContext, CommandFailed, exitCodes } from './commands/command.ts';
import { enrolCommand } from './commands/enrol.ts';
import { probeCommand } from './commands/probe.ts';
import { runCommand } from './commands/run.ts';
import { statusCommand } from './commands/status.ts';
import { ConfigError, defaultFolder, loadAgentConfig } from './config.ts';
import { defaultListen } from './gateway/relay-settings.ts';
import { IdentityError } from './identity.ts';
import { chooseLanguage, texts } from './texts.ts';
import { version } from './version.ts';

const options = {
  data: { type: 'string' },
  config: { type: 'string' },
  address: { type: 'string' },
  via: { type: 'string' },
  relay: { type: 'string' },
  'log-level': { type: 'string' },
  json: { type: 'boolean' },
  again: { type: 'boolean' },
  'stop-with-stdin': { type: 'boolean' },
  target: { type: 'string', multiple: true },
  follow: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const commands: Readonly<Record<string, (context: CommandContext) => Promise<number>>> = {
  enrol: enrolCommand,
  run: runCommand,
  status: statusCommand,
  probe: probeCommand,
};

async function main(args: readonly string[]): Promise<number> {
  const words = texts[chooseLanguage(process.env)];
  const [name, ...rest] = args;
  // Started by the agent itself, see probes/machine/inventory.ts.
  if (name === 'inventory') {
    const { printInventory } = await import('./probes/machine/inventory-process.ts');
    await printInventory((line) => process.stdout.write(line));
    return exitCodes.done;
  }
  if (name === 'version') {
    const json = JSON.stringify({ version, node: process.versions.node });
    process.stdout.write(
      rest.includes('--json') ? `${json}\n` : `vonggac-agent ${version} (Node ${process.versions.node})\n`,
    );
    return exitCodes.done;
  }
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  const { values, positionals } = parse(rest, words.usage);
  if (!command || values.help === true) {
    process.stdout.write(`${words.usage}\n`);
    return name === undefined || !command ? exitCodes.usage : exitCodes.done;
  }
  const folder = values.data ?? process.env.VONGGAC_AGENT_DATA ?? defaultFolder(process.platform);
  const config = await loadAgentConfig({
    folder,
    file: values.config ?? process.env.VONGGAC_AGENT_CONFIG,
    address: values.address ?? process.env.VONGGAC_AGENT_ADDRESS,
    via: values.via ?? process.env.VONGGAC_AGENT_VIA,
    relay: values.relay ?? process.env.VONGGAC_AGENT_RELAY,
    logLevel: values['log-level'] ?? process.env.VONGGAC_AGENT_LOG_LEVEL,
  });
  return command({
    positionals,
    flags: values,
    json: values.json === true,
    texts: words,
    config,
    program: process.argv[1] ?? '',
  });
}

/** `--relay` may stand alone. */
function withRelayAddress(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    const next = args[index + 1];
    return arg === '--relay' && (next === undefined || next.startsWith('-')) ? `--relay=${defaultListen}` : arg;
  });
}

function parse(args: readonly string[], usage: string) {
  try {
    return parseArgs({ args: withRelayAddress(args), options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new CommandFailed(`${(error as Error).message}\n${usage}`, exitCodes.usage);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommandFailed) return error.exitCode;
  return error instanceof ConfigError ? exitCodes.usage : exitCodes.failed;
}

function explain(error: unknown): string {
  const expected = error instanceof CommandFailed || error instanceof ConfigError || error instanceof IdentityError;
  if (expected) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = exitCodeOf(error);
  },
);
